import Foundation
import Testing

/// Benchmarks run; what they measure is not for a test to judge.
@Suite struct BenchTests {
  @Test func everyCaseRunsOnceAtATinySize() throws {
    let folder = try Workspace()
    let list = try folder.pde("bench --list").output.split(separator: "\n").compactMap {
      $0.split(separator: ":").first
    }
    let outcome = try folder.pde("bench --check --json --quiet")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let lines = try outcome.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.compactMap { $0["case"] as? String } == list.map(String.init))
    for line in lines { #expect(try line.number("ms_per_sample") > 0) }
  }

  @Test func casesAreChosenByPattern() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("bench --list --case fno.darcy85.* --case elementwise.ad?")
    #expect(outcome.output.split(separator: "\n").count == 3)
    let wrong = try folder.pde("bench --case fnord")
    #expect(wrong.exitCode == 64 && wrong.firstError.contains("fnord"))
  }

  @Test func aProfileAccountsForTheTime() throws {
    let folder = try Prepared.workspace()
    let outcome = try folder.pde("eval runs/fno-deq --profile --quiet")
    let rows = outcome.errors.split(separator: "\n")
    #expect(rows.first?.hasPrefix("operation") == true && rows.last?.hasPrefix("everything else") == true)
    let names = ["Fourier transform", "mode product", "fixed-point method", "hidden channel map"]
    for name in names { #expect(rows.contains { $0.hasPrefix(name) }, "\(name)") }
    // Shares add up to the whole.
    let shares = rows.dropFirst().compactMap { row in
      row.split(separator: "%").first?.split(separator: " ").last.flatMap { Double($0) }
    }
    #expect(shares.count == rows.count - 1 && abs(shares.reduce(0, +) - 100) < 1)
  }
}
