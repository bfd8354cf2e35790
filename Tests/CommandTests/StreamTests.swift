import Foundation
import Testing

/// Results go to stdout, everything else to stderr, and a stream that is gone is nobody's crash.
@Suite struct StreamTests {
  private static let commands = [
    "gen darcy --samples 2 --grid 5 --oversample 1 -o other.nc", "train fno -o runs/fno " + Prepared.tiny,
    "eval runs/fno-deq", "predict runs/fno-deq", "compare runs/fno-deq --threads 1",
  ]

  @Test(arguments: commands)
  func resultsAndProgressDoNotMix(_ line: String) throws {
    let folder = try Prepared.workspace()
    let outcome = try folder.pde(line)
    #expect(outcome.exitCode == 0)
    #expect(!outcome.output.isEmpty && !outcome.output.contains(progressLine))
    #expect(outcome.errors.contains(progressLine))
    // No terminal, so no control characters.
    #expect(!(outcome.output + outcome.errors).contains { $0 == "\r" || $0 == "\u{1B}" })
  }

  @Test(arguments: commands)
  func quietCommandsPrintTheResultAlone(_ line: String) throws {
    let outcome = try Prepared.workspace().pde(line + " --quiet")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty && !outcome.output.isEmpty)
  }

  @Test(arguments: [
    "gen darcy --samples 2 --grid 5 --oversample 1 -o other.nc --json", "eval runs/fno-deq --json",
    "predict runs/fno-deq --json", "compare runs/fno-deq --threads 1 --json",
  ])
  func resultsForMachinesAreOneObject(_ line: String) throws {
    let outcome = try Prepared.workspace().pde(line)
    #expect(try !object(outcome).isEmpty)
  }

  @Test func aReaderThatHasSeenEnoughIsNoFailure() throws {
    // Bigger than any pipe's buffer would be; the reader is gone before the first byte.
    let outcome = try Prepared.workspace().shell(
      #"{ "$PDE" eval runs/fno-deq --json; echo "code $?" >&2; } | head -c 1"#)
    #expect(outcome.output == "{" && outcome.errors.contains("code 0"))
    let closed = try Prepared.workspace().shell(
      #"{ sleep 0.2; "$PDE" eval runs/fno-deq --json; echo "code $?" >&2; } | true"#)
    #expect(closed.errors.contains("code 0"))
  }

  @Test func errorsThatNobodyReadsDoNotStopTheWork() throws {
    let folder = try Prepared.workspace()
    // Closed, full, and a pipe without a reader.
    for (number, redirection) in ["2>&-", "2>/dev/full"].enumerated() {
      let outcome = try folder.shell(
        #""$PDE" predict runs/fno-deq -o \#(number).nc \#(redirection); echo "code $?""#)
      #expect(outcome.output.contains("code 0"), "\(redirection)")
      // Progress has not found its way into a file that got the number of a closed stream.
      #expect(try folder.field("pressure", of: "\(number).nc").count == 24)
    }
    let outcome = try folder.shell(
      #"{ { sleep 0.2; "$PDE" train fno -o runs/fno \#(Prepared.tiny) 2>&3; echo "code $?" >&2; } 3>&1 >/dev/null; } | true"#
    )
    #expect(outcome.errors.contains("code 0"))
  }

  @Test(arguments: [">/dev/full", ">&-"])
  func aResultThatCannotBePrintedIsAFailure(_ redirection: String) throws {
    let outcome = try Prepared.workspace().shell(#""$PDE" eval runs/fno-deq --quiet \#(redirection)"#)
    #expect(outcome.exitCode == 74)
    #expect(outcome.firstError.hasPrefix("Error: cannot write to standard output"))
  }

  @Test func helpIsAResult() throws {
    let folder = try Workspace()
    for command in ["", "gen", "gen darcy", "train", "eval", "predict", "compare", "plot"] {
      let outcome = try folder.pde(command + " --help")
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty && outcome.output.contains("USAGE: pde"))
    }
    let version = try folder.pde("--version")
    #expect(version.exitCode == 0 && version.output.contains(/^\d+\.\d+\.\d+\n$/))
  }
}
