import Foundation

/// Marks along an axis at round numbers.
package struct Ticks: Sendable, Equatable {
  /// A mark with its number and label.
  package struct Mark: Sendable, Equatable {
    package var value: Double
    package var label: String
  }

  package var major: [Mark]
  package var minor: [Double] = []
  /// Labels are numbers divided by ten to this power.
  package var exponent = 0

  /// The text that says by what labels are to be multiplied; nil when it is one.
  package var factorLabel: String? { exponent == 0 ? nil : "×10" + TypesetText.superscript(exponent) }

  /// The smallest of 1, 2, 5 times a power of ten that is not below `width`.
  package static func roundStep(above width: Double) -> (step: Double, exponent: Int) {
    let power = Int(floor(log10(width)))
    let mantissa = width / pow(10, Double(power))
    // A mantissa may exceed its round number by rounding alone.
    for candidate in [1.0, 2, 5] where mantissa <= candidate * (1 + 1e-9) {
      return (candidate * pow(10, Double(power)), power)
    }
    return (pow(10, Double(power + 1)), power + 1)
  }

  /// Multiples of 1, 2 or 5 times a power of ten inside the range, at most `count`.
  package static func linear(
    _ range: ClosedRange<Double>, atMost count: Int, smallestStep: Double = 0
  ) -> Ticks {
    precondition(count >= 2, "an axis wants room for two ticks at least")
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return Ticks(major: []) }
    var (step, power) = roundStep(above: max(width / Double(count), smallestStep))
    var indices = multiples(of: step, in: range)
    while indices.count > count {
      (step, power) = roundStep(above: step * 1.5)
      indices = multiples(of: step, in: range)
    }
    let values = indices.map { Double($0) * step }
    let largest = values.map(abs).max() ?? 0
    let exponent = commonExponent(largest: largest, stepExponent: power)
    let decimals = max(0, exponent - power)
    let marks = values.map {
      Mark(value: $0, label: NumberLabel.decimal($0 / pow(10, Double(exponent)), decimals: decimals))
    }
    return Ticks(major: marks, exponent: exponent)
  }

  /// The power of ten that labels leave out: none while plain decimals are short.
  private static func commonExponent(largest: Double, stepExponent: Int) -> Int {
    guard largest > 0 else { return 0 }
    // Forgives a largest number that is a power of ten but for rounding.
    let exponent = Int(floor(log10(largest) + 1e-9))
    return exponent >= 5 || exponent < -3 || (exponent == -3 && stepExponent < -3) ? exponent : 0
  }

  /// Whole k with k·step in the range, rounding at the ends forgiven.
  private static func multiples(of step: Double, in range: ClosedRange<Double>) -> [Int] {
    let slack = 1e-9
    let (first, last) = (ceil(range.lowerBound / step - slack), floor(range.upperBound / step + slack))
    // Beyond 2⁵³ neighbouring multiples are no longer distinct numbers.
    guard max(abs(first), abs(last)) < 0x1p53, first <= last else { return [] }
    return Array(Int(first)...Int(last))
  }

  /// Powers of ten; where fewer than three fit, also their multiples by two and five; failing that, round numbers.
  package static func logarithmic(_ range: ClosedRange<Double>, atMost count: Int) -> Ticks {
    precondition(range.lowerBound > 0, "a logarithmic axis holds positive numbers only, found \(range)")
    precondition(count >= 2, "an axis wants room for two ticks at least")
    let decades = Array(Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound))))
    func inside(_ value: Double) -> Bool {
      value >= range.lowerBound * (1 - 1e-9) && value <= range.upperBound * (1 + 1e-9)
    }
    func values(_ mantissas: [Double], _ powers: [Int]) -> [Double] {
      powers.flatMap { power in mantissas.map { $0 * pow(10, Double(power)) } }.filter(inside)
    }
    let shown = decades.filter { inside(pow(10, Double($0))) }
    let nine = values(Array(1...9).map(Double.init), decades)
    for mantissas in [[1.0, 2, 5], [1, 3], [1, 5]] where shown.count < 3 {
      let major = values(mantissas, decades)
      if (2...count).contains(major.count) {
        let plain = major.allSatisfy(NumberLabel.isPlain)
        return Ticks(
          major: major.map { Mark(value: $0, label: NumberLabel.short($0, plain: plain)) },
          minor: nine.filter { !major.contains($0) }
        )
      }
    }
    if shown.count >= 2 {
      let stride = (shown.count + count - 1) / count
      let major = shown.filter { $0 % stride == 0 }
      let minor =
        stride == 1
        ? values(Array(2...9).map(Double.init), decades)
        : values([1], shown.filter { $0 % stride != 0 })
      return Ticks(
        major: major.map { Mark(value: pow(10, Double($0)), label: "10" + TypesetText.superscript($0)) }, minor: minor)
    }
    return linear(range, atMost: count)
  }
}
