import Plots
import Tensors
import TestSupport
import Testing

@Suite struct TicksTests {
  private func labels(_ ticks: Ticks) -> [String] { ticks.major.map(\.label) }

  @Test func ticksOfKnownRangesAreTheRoundNumbersInside() {
    #expect(labels(.linear(0...1, atMost: 6)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(.linear(0...1, atMost: 4)) == ["0.0", "0.5", "1.0"])
    #expect(labels(.linear(0.0061...0.0132, atMost: 5)) == ["0.008", "0.010", "0.012"])
    #expect(labels(.linear(-3.2...7, atMost: 8)) == ["−2", "0", "2", "4", "6"])
    #expect(labels(.linear(0...40, atMost: 5)) == ["0", "10", "20", "30", "40"])
  }

  @Test func smallAndLargeNumbersShareAPowerOfTen() {
    let small = Ticks.linear(-1.1e-4...1.1e-4, atMost: 5)
    #expect(labels(small) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(small.factorLabel == "×10⁻⁴")
    let large = Ticks.linear(0...3e6, atMost: 4)
    #expect(labels(large) == ["0", "1", "2", "3"] && large.factorLabel == "×10⁶")
    #expect(Ticks.linear(0...0.001, atMost: 6).factorLabel == "×10⁻³")
    #expect(Ticks.linear(0...0.01, atMost: 6).factorLabel == nil)
  }

  @Test func countsHaveTicksAtWholeNumbersOnly() {
    let axis = AxisMapping(scale: .whole, range: 0...3.15)
    #expect(labels(axis.ticks(atMost: 9)) == ["0", "1", "2", "3"])
    #expect(labels(AxisMapping(scale: .linear, range: 0...3.15).ticks(atMost: 9)).contains("0.5"))
  }

  @Test func anyRangeGetsFewTicksWhoseStepIsOneTwoOrFive() {
    let stream = RandomStream(seed: 7, purpose: .test)
    for i in 0..<500 {
      let low = stream.normal(at: UInt64(3 * i))
      let width = Double.exp10(6 * stream.normal(at: UInt64(3 * i + 1)) / 3) * 1e-3
      let count = 2 + i % 8
      let ticks = Ticks.linear(low...low + width, atMost: count)
      #expect(ticks.major.count <= count)
      #expect(ticks.major.allSatisfy { $0.value >= low - 1e-8 * width && $0.value <= low + width * (1 + 1e-8) })
      #expect(Set(ticks.major.map(\.label)).count == ticks.major.count, "labels tell ticks apart")
      guard ticks.major.count > 1 else { continue }
      let step = ticks.major[1].value - ticks.major[0].value
      let mantissa = step / Double.exp10(Double.log10(step * 1.0001).rounded(.down))
      #expect([1.0, 2, 5].contains { abs($0 - mantissa) < 1e-4 }, "step \(step)")
    }
  }

  @Test func logarithmicTicksAreDecadesWithTheirMultiples() {
    let ticks = Ticks.logarithmic(1e-6...1, atMost: 8)
    #expect(labels(ticks) == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    #expect(ticks.minor.count == 6 * 8)
    let sparse = Ticks.logarithmic(1e-6...1, atMost: 4)
    #expect(labels(sparse) == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"])
    #expect(sparse.minor.count == 3)
  }

  @Test func aShortLogarithmicAxisIsLabelledWithinDecades() {
    #expect(labels(.logarithmic(0.011...0.3, atMost: 8)) == ["0.02", "0.05", "0.1", "0.2"])
    #expect(labels(.logarithmic(3e-5...2.5e-4, atMost: 8)) == ["5×10⁻⁵", "10⁻⁴", "2×10⁻⁴"])
    // One notation an axis, also where 0.001 alone would be plain.
    #expect(labels(.logarithmic(4e-4...1.1e-3, atMost: 8)) == ["5×10⁻⁴", "10⁻³"])
    #expect(labels(.logarithmic(3.1...3.6, atMost: 4)) == ["3.2", "3.4", "3.6"])
  }

  @Test func numbersAreWrittenAsPeopleWriteThem() {
    #expect(NumberLabel.short(12) == "12")
    #expect(NumberLabel.short(0.00350) == "0.0035")
    #expect(NumberLabel.short(-2.5e-6) == "−2.5×10⁻⁶")
    #expect(NumberLabel.short(1e-4) == "10⁻⁴")
    #expect(NumberLabel.short(99_999.9) == "10⁵")
    #expect(NumberLabel.short(.nan) == "NaN")
    #expect(NumberLabel.decimal(-0.04, decimals: 1) == "0.0")
  }

  @Test func raisedAndLoweredCharactersBecomeRuns() {
    let runs = TypesetText("10⁻¹² L₂").runs
    #expect(runs.map(\.text) == ["10", "−12", " L", "2"])
    #expect(runs.map(\.level) == [.base, .raised, .base, .lowered])
  }
}

@Suite struct AxisTests {
  @Test func placesAlongAnAxisFollowItsScale() throws {
    let linear = AxisMapping(scale: .linear, range: 2...6)
    #expect(linear.fraction(of: 3) == 0.25)
    let log = AxisMapping(scale: .logarithmic, range: 1e-4...1)
    // log10 and its inverse round once each.
    #expect(abs(try #require(log.fraction(of: 1e-3)) - 0.25) < 1e-15)
    #expect(log.fraction(of: 0) == nil && log.fraction(of: -1) == nil && linear.fraction(of: .nan) == nil)
  }

  @Test func anAxisFitsItsDataWithAMargin() throws {
    let axis = try #require(Axis("x").mapping(of: [1, .nan, 3]))
    #expect(abs(axis.range.lowerBound - 0.9) < 1e-12 && abs(axis.range.upperBound - 3.1) < 1e-12)
    let log = try #require(Axis("x", scale: .logarithmic).mapping(of: [-1, 0, 1e-2, 1]))
    #expect(abs(log.range.lowerBound - 1e-2 * Double.exp10(-0.1)) < 1e-12)
    let counts = try #require(Axis("n", scale: .whole).mapping(of: [1, 40]))
    #expect(counts.range.lowerBound == 0)
    #expect(try #require(Axis("x").mapping(of: [5, 5])).range.contains(5))
    #expect(Axis("x").mapping(of: [.nan]) == nil)
  }
}
