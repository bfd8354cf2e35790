import Foundation

/// How numbers are spread along an axis.
public enum AxisScale: Sendable {
  /// Equal differences are equal lengths.
  case linear
  /// As linear, with ticks at whole numbers only, for counts.
  case whole
  /// Equal ratios are equal lengths; only positive numbers exist.
  case logarithmic
}

/// The label, scale and ends of an axis.
public struct Axis: Sendable {
  /// What is shown, with its unit.
  public var label: String
  /// Linear, whole or logarithmic.
  public var scale: AxisScale
  /// The ends; nil takes them from the data with a margin.
  public var range: ClosedRange<Double>?

  /// An axis; without a range it fits the data.
  public init(_ label: String, scale: AxisScale = .linear, range: ClosedRange<Double>? = nil) {
    precondition(
      scale != .logarithmic || (range?.lowerBound ?? 1) > 0, "a logarithmic axis holds positive numbers only")
    self.label = label
    self.scale = scale
    self.range = range
  }

  /// The part of the length left free at both ends when the range comes from the data; more where points are labelled.
  package static let margin = 0.05
  package static let labelledMargin = 0.09

  /// The axis for these values; nil when none can be shown and no range is given.
  package func mapping(of values: [Double], margin part: Double = Axis.margin) -> AxisMapping? {
    if let range {
      return AxisMapping(scale: scale, range: range.lowerBound < range.upperBound ? range : range.widened)
    }
    guard let data = values.filter(scale.shows).finiteRange else { return nil }
    if scale == .logarithmic {
      let (low, high) = (log10(data.lowerBound), log10(data.upperBound))
      let margin = max((high - low) * part, 0.08)
      return AxisMapping(scale: scale, range: pow(10, low - margin)...pow(10, high + margin))
    }
    let wide = data.widened
    let margin = (wide.upperBound - wide.lowerBound) * part
    // Counts have no negative side to leave room on.
    let low = scale == .whole && data.lowerBound >= 0 ? max(0, wide.lowerBound - margin) : wide.lowerBound - margin
    return AxisMapping(scale: scale, range: low...wide.upperBound + margin)
  }
}

extension AxisScale {
  /// Whether a number has a place on such an axis.
  package func shows(_ value: Double) -> Bool { value.isFinite && (self != .logarithmic || value > 0) }
}

/// From numbers to places along an axis.
package struct AxisMapping: Sendable, Equatable {
  package let scale: AxisScale
  package let range: ClosedRange<Double>

  package init(scale: AxisScale, range: ClosedRange<Double>) {
    self.scale = scale
    self.range = range
  }

  /// 0 at the lower end, 1 at the upper end, beyond for numbers outside the range; nil for numbers without a place.
  package func fraction(of value: Double) -> Double? {
    guard scale.shows(value) else { return nil }
    guard scale == .logarithmic else { return range.fraction(of: value) }
    let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
    return (log10(value) - low) / (high - low)
  }

  /// The ticks, at most `count` of them labelled where the scale allows.
  package func ticks(atMost count: Int) -> Ticks {
    switch scale {
    case .linear: .linear(range, atMost: count)
    case .whole: .linear(range, atMost: count, smallestStep: 1)
    case .logarithmic: .logarithmic(range, atMost: count)
    }
  }
}
