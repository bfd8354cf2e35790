/// Why no steady Navier–Stokes problem can be made of the given data.
public enum NavierStokesError: Error, Equatable {
  /// A viscosity that is not a positive number.
  case viscosity(Double)
  /// A forcing that is infinite or NaN.
  case forcing(value: Double, row: Int, column: Int, sample: Int?)
  /// A grid that keeps no mode.
  case gridTooSmall(points: Int)
  /// A force that is not on a square grid, or components on different grids.
  case shape([Int])
}

extension NavierStokesError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .viscosity(let value):
      "the viscosity is \(value), expected a finite number above 0; without viscosity there is no steady state to find"
    case .forcing(let value, let row, let column, let sample):
      "the forcing\(sample.map { " of sample \($0)" } ?? "") at row \(row), column \(column) is \(value), "
        + "expected a finite number; correct it there"
    case .gridTooSmall(let points):
      "a grid of \(points) × \(points) points has no room for the equation, expected at least 4 × 4; use a finer grid"
    case .shape(let shape):
      "a forcing of shape \(shape) is not on a square grid, expected [n, n] for all components; resample it"
    }
  }
}
