internal import ArgumentParser
import DatasetIO
import Foundation
import Studies

/// `pde doctor`.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Prove on this machine that the toolkit works, and say what it works with.",
    discussion: """
      Takes some seconds: the order of convergence on a problem whose solution is known, the gradient through an equilibrium
      against differences, transforms against their definition, files written and read, damaged files refused. Exits 1 when
      a proof fails; the report belongs into any report of a fault.

        pde doctor
        pde doctor --json > doctor.json
      """)

  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var shared: SharedOptions

  private struct Report: Encodable {
    let version: String
    let passed: Bool
    let machine: MachineReport
    let checks: [Doctor.Finding]
  }

  func run() throws {
    shared.apply()
    let report = Doctor().run()
    try Terminal.print(
      json
        ? CanonicalJSON.encode(
          Report(
            version: Toolkit.version, passed: report.passed, machine: report.machine, checks: report.checks))
        : text(report))
    guard report.passed else { throw Outcome.failure }
  }

  private func text(_ report: Doctor.Report) -> String {
    let machine = report.machine
    let memory = String(format: "%.1f GiB", Double(machine.memory) / 0x1p30)
    let facts =
      [
        ("pde", Toolkit.version), ("system", machine.system),
        ("processor", "\(machine.processor), \(machine.processors) active, \(memory)"),
        ("kernels", "\(machine.instructionSet), \(machine.threads) threads"),
      ] + machine.libraries.map { ($0.name, $0.version) }
    let lines = facts.map { Self.left($0.0, 12) + $0.1 }
    let heading = Self.row("proof", "expected", "found", "")
    let rows = report.checks.map { check in
      Self.row(
        check.name, check.expected, check.found,
        check.passed ? Terminal.coloured("pass", .good) : Terminal.coloured("FAIL", .bad))
        + String(format: " %6.2f s", check.seconds)
    }
    let failed = report.checks.count { !$0.passed }
    let verdict = failed == 0 ? "All proofs hold." : "\(failed) of \(report.checks.count) proofs fail."
    return (lines + ["", heading] + rows + ["", verdict]).joined(separator: "\n")
  }

  private static func row(_ name: String, _ expected: String, _ found: String, _ verdict: String) -> String {
    left(name, 32) + left(expected, 32) + left(found, 28) + verdict
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
  }
}
