import Foundation
import Testing

/// `pde doctor`.
@Suite struct DoctorCommandTests {
  @Test func theReportNamesVersionsAndProofs() throws {
    let folder = try Workspace()
    let began = Date()
    let outcome = try folder.pde("doctor --json")
    #expect(outcome.exitCode == 0 && -began.timeIntervalSinceNow < 60, "\(outcome.output)")
    let report = try object(outcome)
    let libraries = try #require(try report.object("machine")["libraries"] as? [[String: String]])
    let versions = Dictionary(uniqueKeysWithValues: libraries.map { ($0["name"] ?? "", $0["version"] ?? "") })
    for name in ["FFTW", "netCDF", "HDF5", "libcrypto", "Cairo", "OpenBLAS"] {
      #expect(versions[name]?.firstMatch(of: /^\d+\.\d+/) != nil, "\(name): \(versions[name] ?? "absent")")
    }
    #expect(versions["OpenBLAS"]?.contains("core ") == true)
    let checks = try #require(report["checks"] as? [[String: Any]])
    #expect(checks.count == 8 && checks.allSatisfy { $0["passed"] as? Bool == true })
    // Nothing is left among the temporary files, and a pipe gets no colours.
    #expect(folder.contents().isEmpty)
    #expect(try !folder.pde("doctor").output.contains("\u{1B}"))
  }

  @Test func aProofThatFailsEndsWithOne() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("doctor", environment: ["TMPDIR": folder.file("missing")])
    #expect(outcome.exitCode == 1 && outcome.output.contains("FAIL") && outcome.output.contains("3 of 8 proofs fail"))
  }

  @Test func aTerminalGetsColoursUnlessItDoesNotWantThem() throws {
    let folder = try Workspace()
    // `script` gives the program a terminal.
    guard try folder.shell("command -v script").exitCode == 0 else { return }
    for (setting, hasColours) in [("", true), ("NO_COLOR=1", false), ("TERM=dumb", false)] {
      let outcome = try folder.shell(
        "unset NO_COLOR; TERM=xterm; export TERM; \(setting) script -qec \"$PDE doctor\" /dev/null")
      #expect(outcome.output.contains("\u{1B}[32m") == hasColours, "\(setting): \(outcome.output)")
    }
  }
}
