import DatasetIO
import Foundation
import Tensors
import Testing

/// Nothing that was finished is lost or unreadable when the process is killed at an instant it cannot choose.
@Suite struct KillTests {
  /// Thousands in the release test.
  private static let kills = ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? 12 : 1500

  /// Instants in seconds, the same ones every time, over the duration of a run.
  private static func instants(_ purpose: Int, longest: Double) -> [Double] {
    let numbers = RandomStream(seed: 11, purpose: .shuffle, sample: purpose).permutation(of: 10_000)
    return (0..<kills).map { longest * Double(numbers[$0 % numbers.count]) / 10_000 }
  }

  @Test func aKilledTrainingContinuesToTheSameBits() throws {
    let folder = try Prepared.workspace()
    let line = "train fno-deq --width 4 --modes 3 --epochs 16 --validation 4 --test 4 --batch 4 --threads 1 --quiet"
    let began = Date()
    #expect(try folder.pde(line + " -o unbroken").exitCode == 0)
    let duration = -began.timeIntervalSinceNow
    var finished = 0
    for instant in Self.instants(0, longest: 1.2 * duration) {
      let hasBegun = FileManager.default.fileExists(atPath: folder.file("broken/last.safetensors"))
      let run = try folder.start(line + " -o broken" + (hasBegun ? " --resume" : " --force"))
      usleep(UInt32(1e6 * instant))
      run.send(SIGKILL)
      let outcome = try run.wait()
      for name in ["last", "best"]
      where FileManager.default.fileExists(atPath: folder.file("broken/\(name).safetensors")) {
        #expect(throws: Never.self) {
          try SafetensorsFile(reading: folder.file("broken/\(name).safetensors"), verification: .required)
        }
      }
      if hasBegun { #expect(FileManager.default.fileExists(atPath: folder.file("broken/last.safetensors"))) }
      guard outcome.exitCode == 0 else {
        #expect(outcome.exitCode == 128 + SIGKILL, "\(outcome.errors)")
        continue
      }
      try expectSameRun("unbroken", "broken", in: folder)
      finished += 1
      try FileManager.default.removeItem(atPath: folder.file("broken"))
    }
    // Where every run was killed, the next one may go on to the end.
    if finished == 0 {
      let hasBegun = FileManager.default.fileExists(atPath: folder.file("broken/last.safetensors"))
      let last = try folder.pde(line + " -o broken" + (hasBegun ? " --resume" : " --force"))
      #expect(last.exitCode == 0, "\(last.errors)")
      try expectSameRun("unbroken", "broken", in: folder)
    }
  }

  @Test func aKilledGenerationLeavesTheOldFileOrTheNewOne() throws {
    let folder = try Workspace()
    let line = "gen darcy --samples 48 --grid 21 --oversample 4 --threads 1 --quiet"
    let contents = try ["--seed 1", "--seed 2"].map { seed in
      #expect(try folder.pde("\(line) \(seed) -o reference.nc --force").exitCode == 0)
      return try folder.field("pressure", of: "reference.nc")
    }
    let began = Date()
    #expect(try folder.pde("\(line) --seed 1 -o data.nc").exitCode == 0)
    let duration = -began.timeIntervalSinceNow
    var (old, replaced, killed) = (0, 0, 0)
    for instant in Self.instants(1, longest: 1.2 * duration) {
      let run = try folder.start("\(line) --seed \(2 - old) -o data.nc --force")
      usleep(UInt32(1e6 * instant))
      run.send(SIGKILL)
      let code = try run.wait().exitCode
      let field = try folder.field("pressure", of: "data.nc")
      #expect(field == contents[old] || field == contents[1 - old])
      if field != contents[old] { (old, replaced) = (1 - old, replaced + 1) }
      if code == 0 { #expect(field == contents[old]) } else { killed += 1 }
    }
    #expect(killed > 0, "every run was finished before it was killed")
    // Whatever the dead have left behind, the next run to its end clears away.
    #expect(try folder.pde("\(line) --seed 1 -o data.nc --force").exitCode == 0)
    #expect(folder.contents().keys.sorted() == ["data.nc", "reference.nc"])
  }
}
