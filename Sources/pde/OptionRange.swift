internal import ArgumentParser

/// The numbers an option may have. Upper ends are far above what is useful; they keep products of options within 64 bits.
struct OptionRange {
  /// Things that are counted.
  static let counts = OptionRange(1...1_000_000_000)
  /// Things that are counted and may be absent.
  static let countsFromZero = OptionRange(0...1_000_000_000)
  /// Repetitions within one solve; traces have room for all of them.
  static let iterations = OptionRange(1...100_000)

  private let range: ClosedRange<Int>

  init(_ range: ClosedRange<Int>) { self.range = range }

  /// Refuses a value outside; an option that was not given is fine.
  func check(_ option: String, _ value: Int?) throws {
    guard let value, !range.contains(value) else { return }
    throw ValidationError(
      "\(option) must be between \(range.lowerBound) and \(range.upperBound), found \(value).")
  }

  /// Refuses what is not a positive number.
  static func checkPositive(_ option: String, _ value: Double?) throws {
    if let value, !(value > 0 && value.isFinite) {
      throw ValidationError("\(option) must be positive, found \(value).")
    }
  }
}
