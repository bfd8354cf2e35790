import DatasetIO
import Foundation
import Tensors
import Testing

/// A run that is stopped and continued is the run that was not stopped.
@Suite struct InterruptTests {
  private static let line =
    "train fno-deq --noise 0.1 --width 4 --modes 3 --epochs 40 --validation 4 --test 4 --batch 4"

  @Test(arguments: [SIGINT, SIGTERM, SIGUSR1])
  func aRunThatIsInterruptedContinuesToTheSameBits(_ signal: Int32) throws {
    let folder = try Prepared.workspace()
    let options = " --threads 1"
    #expect(try folder.pde(Self.line + options + " -o unbroken").exitCode == 0)

    let run = try folder.start(Self.line + options + " -o broken")
    try waitForEpochs(2, folder)
    run.send(signal)
    let first = try run.wait()
    #expect(first.exitCode == 75 && first.output.isEmpty)
    #expect(first.errors.hasSuffix("Error: interrupted; the checkpoint is saved\n"))
    let rows = try Log(folder.text("broken/log.csv")).count
    #expect((2..<40).contains(rows), "the interruption was to come in the middle")
    #expect(folder.contents().keys.contains("broken/last.safetensors"))
    // What has been saved can be used at once.
    #expect(try folder.pde("eval broken").exitCode == 0)

    let second = try folder.start(Self.line + options + " -o broken --resume")
    try waitForEpochs(rows + 2, folder)
    second.send(signal)
    #expect(try second.wait().exitCode == 75)
    let last = try folder.pde(Self.line + options + " -o broken --resume")
    #expect(last.exitCode == 0, "\(last.errors)")
    try expectSameRun("unbroken", "broken", in: folder)
  }

  /// One keystroke asks, a second one does not wait; batch systems may ask as often as they like.
  @Test(arguments: [([SIGINT, SIGINT], Int32(130)), ([SIGUSR1, SIGTERM, SIGTERM, SIGINT], Int32(75))])
  func onlyASecondKeystrokeStopsAtOnce(_ signals: [Int32], _ code: Int32) throws {
    let folder = try Prepared.workspace()
    // Steps long enough that all signals arrive within one.
    let run = try folder.start(
      "train fno-deq --width 32 --modes 6 --iterations 200 --epochs 100000 --validation 4 --test 4 --batch 16 --threads 1 -o broken"
    )
    let deadline = Date(timeIntervalSinceNow: 120)
    while !run.errors.contains(progressLine), Date() < deadline { usleep(1000) }
    for signal in signals {
      run.send(signal)
      // Signals of one kind that arrive together count once.
      usleep(20_000)
    }
    #expect(try run.wait().exitCode == code)
    #expect(folder.contents().keys.contains("broken/last.safetensors") == (code == 75))
  }

  @Test func aGenerationThatIsInterruptedContinuesToTheSameSamples() throws {
    let folder = try Workspace()
    let line = "gen darcy --samples 400 --grid 21 --oversample 10 --threads 1"
    #expect(try folder.pde(line + " -o unbroken.nc").exitCode == 0)
    let run = try folder.start(line + " -o broken.nc")
    // Progress shows that it listens; a moment later some batches are finished, and not all.
    let deadline = Date(timeIntervalSinceNow: 120)
    while !run.errors.contains(progressLine), Date() < deadline { usleep(1000) }
    usleep(100_000)
    run.send(SIGINT)
    let first = try run.wait()
    #expect(first.exitCode == 75 && first.output.isEmpty)
    // On a slow machine nothing was finished yet; then there is nothing to keep.
    #expect(first.errors.contains("samples of 'broken.nc' are kept") || first.errors.contains("before"))
    #expect(!folder.contents().keys.contains("broken.nc"))
    if first.errors.contains("--resume") {
      #expect(try folder.pde(line + " -o broken.nc").exitCode == 73)
      #expect(try folder.pde(line + " --seed 1 -o broken.nc --resume").exitCode == 65)
    }
    let last = try folder.pde(line + " -o broken.nc --resume")
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(folder.contents().keys.sorted() == ["broken.nc", "unbroken.nc"])
    #expect(try folder.field("pressure", of: "broken.nc") == folder.field("pressure", of: "unbroken.nc"))
  }

  private func waitForEpochs(_ count: Int, _ folder: Workspace) throws {
    let deadline = Date(timeIntervalSinceNow: 120)
    let lines = { (try? folder.text("broken/log.csv"))?.split(separator: "\n").count ?? 0 }
    while lines() < 1 + count, Date() < deadline { usleep(1000) }
  }

  @Test func resumingAsksForTheSameRun() throws {
    let folder = try Prepared.workspace()
    let cases: [(String, Int32, String)] = [
      ("train fno-deq --noise 0.1 --resume \(Prepared.tiny) --epochs 9", 65, "other settings"),
      ("train fno-deq --noise 0.2 --resume \(Prepared.tiny)", 65, "other settings"),
      ("train fno-deq --noise 0.1 --resume \(Prepared.tiny)", 65, "has finished all its epochs"),
      ("train fno --resume \(Prepared.tiny)", 66, "holds no checkpoint"),
    ]
    let before = folder.contents()
    for (line, code, words) in cases {
      // Options given twice: the last one counts, so those of the table come after the usual ones.
      let outcome = try folder.pde(line)
      #expect(outcome.exitCode == code && outcome.firstError.contains(words), "\(line): \(outcome.errors)")
      #expect(folder.contents() == before)
    }
  }
}

/// Holds two runs against each other bit by bit: weights, moments, normalisers, and logs but for the times.
func expectSameRun(_ one: String, _ other: String, in folder: Workspace) throws {
  for name in ["best", "last"] {
    let files = try [one, other].map { try SafetensorsFile(reading: folder.file("\($0)/\(name).safetensors")) }
    #expect(files[0].tensors.keys.sorted() == files[1].tensors.keys.sorted() && !files[0].tensors.isEmpty)
    for key in files[0].tensors.keys {
      let values = try files.map { try $0.tensor(key) as Tensor<Float> }
      #expect(values[0].elements.map(\.bitPattern) == values[1].elements.map(\.bitPattern), "\(name): \(key)")
    }
    for key in ["settings", "data", "adam.steps"] { #expect(files[0].metadata[key] == files[1].metadata[key]) }
  }
  let logs = try [one, other].map { try Log(folder.text($0 + "/log.csv")) }
  for column in logs[0].columns where column != "seconds" {
    #expect(try logs[0].column(column) == logs[1].column(column), "\(column)")
  }
  #expect(try folder.text(one + "/config.json") == folder.text(other + "/config.json"))
}
