/// Which colours stand for which values.
public struct ColourScale: Sendable {
  /// How the ends of the scale are found.
  package enum Ends: Sendable, Equatable {
    /// Lowest and highest finite value.
    case data
    /// As given.
    case fixed(ClosedRange<Double>)
    /// Minus and plus the largest magnitude.
    case symmetric
  }

  package let map: ColourMap
  package let ends: Ends

  /// For quantities without a sign, from the data's lowest to its highest value or over the given range.
  public static func sequential(
    _ range: ClosedRange<Double>? = nil, map: ColourMap = .blueGreenYellow
  ) -> ColourScale {
    ColourScale(map: map, ends: range.map { .fixed($0) } ?? .data)
  }

  /// For signed quantities: zero is neutral, and equal magnitudes are equally strong whatever their sign. The ends are
  /// ± `magnitude`, or ± the data's largest magnitude.
  public static func diverging(_ magnitude: Double? = nil) -> ColourScale {
    precondition(
      magnitude.map { $0 >= 0 && $0.isFinite } ?? true, "the magnitude of a scale is finite and not negative")
    return ColourScale(map: .blueWhiteRed, ends: magnitude.map { .fixed(-$0...$0) } ?? .symmetric)
  }

  /// The ends for these values; nil when none is finite and no range is given.
  package func range(of values: [Double]) -> ClosedRange<Double>? {
    switch ends {
    case .fixed(let range): return range
    case .data: return values.finiteRange
    case .symmetric:
      guard let range = values.finiteRange else { return nil }
      let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
      return -magnitude...magnitude
    }
  }
}

extension Sequence where Element == Double {
  /// Lowest and highest finite number, nil when there is none.
  package var finiteRange: ClosedRange<Double>? {
    var range: ClosedRange<Double>?
    for value in self where value.isFinite {
      range = range.map { Swift.min($0.lowerBound, value)...Swift.max($0.upperBound, value) } ?? value...value
    }
    return range
  }
}

extension ClosedRange<Double> {
  /// The range itself, or when it is a single number a range around it.
  package var widened: ClosedRange<Double> {
    guard lowerBound == upperBound else { return self }
    let margin = lowerBound == 0 ? 1 : abs(lowerBound) / 10
    return lowerBound - margin...upperBound + margin
  }

  /// Where a number lies, 0 at the lower and 1 at the upper end.
  package func fraction(of value: Double) -> Double { (value - lowerBound) / (upperBound - lowerBound) }
}
