import Studies
import Testing

@Suite struct DoctorTests {
  @Test func everyProofHoldsHere() {
    for finding in Doctor().run().checks { #expect(finding.passed, "\(finding.name): \(finding.found)") }
  }

  private struct Fault: Error, CustomStringConvertible { let description = "the reason" }

  @Test func aProofThatFailsOrCannotBeGivenIsToldAndKeepsNoOtherFromRunning() {
    let report = Doctor([
      Doctor.Check("throws", expected: "x") { throw Fault() }, Doctor.Check("fails", expected: "x") { ("y", false) },
      Doctor.Check("holds", expected: "x") { ("x", true) },
    ]).run()
    #expect(report.checks.map(\.passed) == [false, false, true] && !report.passed)
    #expect(report.checks.map(\.found) == ["the reason", "y", "x"])
  }
}
