/// Why a description of random media or sources describes none.
public enum MediumError: Error, Hashable {
  /// A number that must be above 0.
  case notPositive(String, value: Double)
  /// A number that must be 0 or above.
  case negative(String, value: Double)
  /// A number that must be finite.
  case notFinite(String, value: Double)
  /// Fewer objects than there can be.
  case tooFew(String, count: Int, least: Int)
  /// A Gaussian field without a variance.
  case noVariance(alpha: Double)
}

extension MediumError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .notPositive(let name, let value): "the \(name) is \(value), expected a finite number above 0"
    case .negative(let name, let value): "the \(name) is \(value), expected a finite number of at least 0"
    case .notFinite(let name, let value): "the \(name) is \(value), expected a finite number"
    case .tooFew(let name, let count, let least): "the number of \(name) is \(count), expected at least \(least)"
    case .noVariance(let alpha):
      "a log-normal medium needs a Gaussian field with a variance, but α is \(alpha); choose α above 1"
    }
  }

  static func checkPositive(_ numbers: KeyValuePairs<String, Double>) throws(MediumError) {
    for (name, value) in numbers where !(value > 0 && value.isFinite) { throw .notPositive(name, value: value) }
  }

  static func checkFinite(_ name: String, _ value: Double) throws(MediumError) {
    guard value.isFinite else { throw .notFinite(name, value: value) }
  }
}
