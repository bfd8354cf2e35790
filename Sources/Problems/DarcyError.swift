/// Why no Darcy problem can be made of the given data.
public enum DarcyError: Error, Equatable {
  /// A permeability that is not a positive number.
  case permeability(value: Double, row: Int, column: Int, sample: Int?)
  /// A source that is infinite or NaN.
  case source(value: Double, row: Int, column: Int, sample: Int?)
  /// Fewer than three vertices along an axis.
  case gridTooSmall(rows: Int, columns: Int)
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
    case .gridTooSmall(let rows, let columns):
      "a grid of \(columns) × \(rows) vertices has no room for the equation, expected at least 3 × 3; use a finer grid"
    }
  }

  private static func place(_ row: Int, _ column: Int, _ sample: Int?) -> String {
    (sample.map { " of sample \($0)" } ?? "") + " at row \(row), column \(column)"
  }
}
