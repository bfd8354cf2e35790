/// A recipe that cannot be followed.
public enum RecipeError: Error, CustomStringConvertible {
  case tooSmall(String, value: String, least: String)
  case solveGridTooLarge(grid: Int, oversample: Int, largest: Int)
  case gridTooLarge(Int, largest: Int)
  case tooManySamples(first: Int, samples: Int)
  case notPositive(String, value: Double)
  case negative(String, value: Double)
  case tolerance(Double)
  case proportion(points: Int, columns: Int, rows: Int)

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .tooSmall(let what, let value, let least): "\(what) must be at least \(least), found \(value)"
    case .solveGridTooLarge(let grid, let oversample, let largest):
      "the solve grid (grid − 1)·oversample + 1 must have at most \(largest) vertices a side, found grid \(grid) and "
        + "oversample \(oversample); lower one of them"
    case .gridTooLarge(let grid, let largest): "grid must be at most \(largest), found \(grid)"
    case .tooManySamples(let first, let samples):
      "sample indices must stay below 2147483648, found \(samples) samples from \(first) on"
    case .notPositive(let what, let value): "the \(what) must be positive and finite, found \(value)"
    case .negative(let what, let value): "the \(what) must be 0 or more and finite, found \(value)"
    case .proportion(let points, let columns, let rows):
      "a grid of \(columns) × \(rows) has no one in proportion with \(points) along x; choose another number"
    case .tolerance(let value):
      "the tolerance must be at least 1e-13, what double precision can reach, and below 1, found \(value)"
    }
  }
}
