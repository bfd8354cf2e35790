import DatasetIO
import Foundation
import Testing

/// One damaged checkpoint costs an epoch, not a run; and two processes do not train in one folder.
@Suite struct CheckpointFallbackTests {
  private func spoil(_ name: String, in folder: Workspace) throws {
    try folder.damage("runs/fno-deq/\(name).safetensors") { $0[$0.count - 9] ^= 128 }
  }

  @Test func answersComeFromTheNextSoundCheckpointAndSaySo() throws {
    let folder = try Prepared.workspace()
    for (damaged, taken) in [("best", "last"), ("last", "previous")] {
      try spoil(damaged, in: folder)
      let outcome = try folder.pde("eval runs/fno-deq --json")
      #expect(outcome.exitCode == 0)
      #expect(outcome.firstError.hasPrefix("Warning: 'runs/fno-deq/best.safetensors' is damaged"), "\(outcome.errors)")
      #expect(outcome.firstError.contains("taking 'runs/fno-deq/\(taken).safetensors' instead"))
      let direct = try folder.pde("eval runs/fno-deq/\(taken).safetensors --json")
      let errors = try [outcome, direct].map { try object($0).object("relativeL2") }
      for key in ["mean", "max"] { #expect(try errors[0].number(key) == errors[1].number(key)) }
    }
    #expect(try folder.pde("plot runs/fno-deq").firstError.contains("taking 'runs/fno-deq/previous.safetensors'"))
  }

  @Test func aRunGoesOnFromThePreviousCheckpointToTheSameBits() throws {
    let folder = try Prepared.workspace()
    try FileManager.default.copyItem(atPath: folder.file("runs/fno-deq"), toPath: folder.file("unbroken"))
    try spoil("last", in: folder)
    let outcome = try folder.pde("train fno-deq --noise 0.1 --resume \(Prepared.tiny)")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("Warning: 'runs/fno-deq/last.safetensors' is damaged"), "\(outcome.errors)")
    #expect(outcome.errors.contains("taking 'runs/fno-deq/previous.safetensors' instead, after 1 epochs"))
    try expectSameRun("unbroken", "runs/fno-deq", in: folder)
    // The damaged file has not become the previous one.
    let previous = "previous.safetensors"
    #expect(folder.contents()["runs/fno-deq/" + previous] == folder.contents()["unbroken/" + previous])
  }

  @Test func aSecondProcessIsRefusedByNumberUntilTheFirstHasEnded() throws {
    let folder = try Prepared.workspace()
    let line = "train fno-deq --noise 0.1 \(Prepared.tiny) --epochs 100000 -o busy"
    let run = try folder.start(line)
    let deadline = Date(timeIntervalSinceNow: 120)
    let saved = { folder.contents().keys.contains("busy/previous.safetensors") }
    while !saved(), Date() < deadline { usleep(1000) }
    let owner = try folder.text("busy/.lock").trimmingCharacters(in: .whitespacesAndNewlines)
    for option in ["", "--force", "--resume"] {
      let second = try folder.pde(line + " " + option)
      #expect(second.exitCode == 73)
      #expect(second.firstError.contains("'busy' is in use by process \(owner);"), "\(second.errors)")
    }
    run.send(SIGKILL)
    #expect(try run.wait().exitCode == 128 + SIGKILL)
    // Its lock is still there, and nobody's.
    #expect(folder.contents().keys.contains("busy/.lock"))
    let third = try folder.start(line + " --resume")
    while (try? folder.text("busy/.lock").hasPrefix(owner)) == true, Date() < deadline { usleep(1000) }
    third.send(SIGINT)
    #expect(try third.wait().exitCode == 75)
    #expect(!folder.contents().keys.contains("busy/.lock"))
  }
}
