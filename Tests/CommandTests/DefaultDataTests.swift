import DatasetIO
import Foundation
import Testing

/// `pde train fno-deq --noise 0.1` alone uses `darcy.nc`, and makes it where there is none.
@Suite struct DefaultDataTests {
  @Test func anEmptyFolderGetsItsDataFirstAndAnInterruptedGenerationKeepsWhatIsFinished() throws {
    let folder = try Workspace()
    let run = try folder.start("train fno-deq --noise 0.1")
    let deadline = Date(timeIntervalSinceNow: 120)
    // The file is being made under another name; the first sample is done when progress shows.
    while !run.errors.contains(progressLine), Date() < deadline { usleep(5000) }
    #expect(run.errors.hasPrefix("making darcy.nc, since there is none here\n"))
    #expect(folder.contents().keys.contains { $0.hasPrefix(".pde-") && $0.hasSuffix(".tmp") })
    run.send(SIGINT)
    let outcome = try run.wait()
    #expect(outcome.exitCode == 75 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("Error: interrupted"))
    // Only whole parts stay, and only when there is one.
    #expect(folder.contents().keys.allSatisfy { $0.hasPrefix("darcy.nc.parts") })
  }

  @Test func dataThatAreThereAreUsedAndLeftAlone() throws {
    let folder = try Prepared.workspace()
    let before = folder.contents()["darcy.nc"]
    let outcome = try folder.pde("train fno-deq --noise 0.1 --force \(Prepared.tiny)")
    #expect(outcome.exitCode == 0 && !outcome.errors.contains("making"))
    #expect(folder.contents()["darcy.nc"] == before)
    let identifier = try #require(try FieldFile(reading: folder.file("darcy.nc")).attribute("id"))
    let checkpoint = try SafetensorsFile(reading: folder.file("runs/fno-deq/last.safetensors"))
    #expect(checkpoint.metadata["data"]?.contains(identifier) == true)
  }

  @Test func nothingIsMadeForARunThatCannotBegin() throws {
    let folder = try Prepared.workspace()
    try FileManager.default.removeItem(atPath: folder.file("darcy.nc"))
    let before = folder.contents()
    let outcome = try folder.pde("train fno-deq --noise 0.1")
    #expect(outcome.exitCode == 73 && outcome.firstError.contains("'runs/fno-deq' already holds a run"))
    #expect(folder.contents() == before)
  }
}
