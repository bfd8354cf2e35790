/// Why no Darcy problem can be made of the given data.
public enum DarcyError: Error, Equatable {
  /// A permeability that is not a positive number.
  case permeability(value: Double, row: Int, column: Int, sample: Int?)
  /// A source that is infinite or NaN.
  case source(value: Double, row: Int, column: Int, sample: Int?)
  /// A reaction coefficient that is negative, infinite or NaN.
  case reaction(value: Double)
  /// Too few vertices along an axis.
  case gridTooSmall(rows: Int, columns: Int)
  /// A periodic side whose opposite is not.
  case unpairedPeriodic(String)
  /// As many values on a side as it does not have vertices.
  case boundaryCount(side: String, found: Int, expected: Int)
  /// A boundary value that is infinite or NaN.
  case boundaryValue(side: String, value: Double)
  /// A Robin coefficient that is negative, infinite or NaN.
  case robinCoefficient(side: String, value: Double)
  /// Nothing fixes a constant, and source and fluxes do not add up to zero.
  case incompatible(imbalance: Double, tolerance: Double, sample: Int?)
}

extension DarcyError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .permeability(let value, let row, let column, let sample):
      "the permeability\(Self.place(row, column, sample)) is \(value), expected a finite number above 0; "
        + "correct the coefficient there"
    case .source(let value, let row, let column, let sample):
      "the source\(Self.place(row, column, sample)) is \(value), expected a finite number; correct it there"
    case .reaction(let value): "the reaction coefficient is \(value), expected a finite number of 0 or more"
    case .gridTooSmall(let rows, let columns):
      "a grid of \(columns) × \(rows) vertices has no room for the equation, expected at least 3 × 3; use a finer grid"
    case .unpairedPeriodic(let sides):
      "only one of the sides \(sides) is periodic, expected both or none; change the other one too"
    case .boundaryCount(let side, let found, let expected):
      "there are \(found) values for the \(side) side, expected one for each of its \(expected) vertices"
    case .boundaryValue(let side, let value):
      "a value on the \(side) side is \(value), expected a finite number; correct it"
    case .robinCoefficient(let side, let value):
      "the Robin coefficient on the \(side) side is \(value), expected a finite number of 0 or more"
    case .incompatible(let imbalance, let tolerance, let sample):
      "source and boundary fluxes\(sample.map { " of sample \($0)" } ?? "") do not add up to zero: the rest is "
        + "\(Self.short(imbalance)) of their size, expected at most \(Self.short(tolerance)) where no side fixes the "
        + "solution; balance them, or prescribe values on a side"
    }
  }

  private static func place(_ row: Int, _ column: Int, _ sample: Int?) -> String {
    (sample.map { " of sample \($0)" } ?? "") + " at row \(row), column \(column)"
  }

  /// Three digits are enough for a size.
  private static func short(_ value: Double) -> Double { (value * 1e3).rounded() / 1e3 }
}
