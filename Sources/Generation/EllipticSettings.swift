public import Problems
import Solvers
import Spectral

/// What decides the problems of a Darcy or Poisson set, beside their media; stored in files as JSON.
public struct EllipticSettings: Codable, Hashable, Sendable {
  /// Vertices along y that are stored.
  public var rows = 43
  /// Vertices along x that are stored.
  public var columns = 43
  /// Cells of the solve grid along one stored cell.
  public var oversample = 10
  /// Decides media and sources.
  public var seed: UInt64 = 0
  /// f.
  public var source = SourceFamily.constant(1)
  /// The extent along x.
  public var width = 1.0
  /// The extent along y.
  public var height = 1.0
  /// The conditions on the sides.
  public var boundary = BoundaryConditions.zeroDirichlet
  /// σ.
  public var reaction = 0.0
  /// The permeability of a face.
  public var faceMean = FaceMean.harmonic
  /// The relative residual of the solve, `‖b − Au‖₂/‖b‖₂`.
  public var tolerance = 1e-8

  /// The published Darcy problem, solved at 421 and stored at 43 vertices a side.
  public init() {}

  /// The same number of vertices along both axes.
  public var grid: Int {
    get { columns }
    set { (rows, columns) = (newValue, newValue) }
  }

  /// Checks every number.
  ///
  /// - Throws: `RecipeError`, `MediumError`.
  public func validate() throws {
    for (name, value, least) in [("grid", columns, 3), ("grid", rows, 3), ("oversample", oversample, 1)]
    where value < least {
      throw RecipeError.tooSmall(name, value: "\(value)", least: "\(least)")
    }
    for side in [columns, rows] {
      let (cells, overflow) = side.multipliedReportingOverflow(by: oversample)
      guard !overflow, cells <= Self.largestSolveGrid + oversample else {
        throw RecipeError.solveGridTooLarge(grid: side, oversample: oversample, largest: Self.largestSolveGrid)
      }
    }
    for (name, value) in [("width", width), ("height", height), ("tolerance", tolerance)]
    where !(value > 0 && value.isFinite) {
      throw RecipeError.notPositive(name, value: value)
    }
    guard reaction >= 0, reaction.isFinite else { throw RecipeError.negative("reaction", value: reaction) }
    guard tolerance >= 1e-13, tolerance < 1 else { throw RecipeError.tolerance(tolerance) }
    try source.validate()
  }

  /// These settings with other vertices along x, and along y in proportion, solved at least as finely.
  ///
  /// The solve grid has an even number of cells, which an estimate of the label's error needs.
  func onGrid(_ points: Int) throws -> EllipticSettings {
    func cells(_ count: Int, _ periodic: Bool) -> Int { periodic ? count : count - 1 }
    let (periodicX, periodicY) = (boundary.isPeriodicInX, boundary.isPeriodicInY)
    let (old, new) = (cells(columns, periodicX), cells(points, periodicX))
    guard new >= 1 else { throw RecipeError.tooSmall("grid", value: "\(points)", least: "3") }
    let (high, rest) = (cells(rows, periodicY) * new).quotientAndRemainder(dividingBy: old)
    guard rest == 0 else { throw RecipeError.proportion(points: points, columns: columns, rows: rows) }
    var result = self
    (result.columns, result.rows) = (points, periodicY ? high : high + 1)
    result.oversample = (old * oversample + new - 1) / new
    if (new * result.oversample) % 2 == 1 || (high * result.oversample) % 2 == 1 { result.oversample += 1 }
    return result
  }

  /// A solve of this size needs about 4 GB.
  static let largestSolveGrid = 8193

  /// What makes the samples from media of a family.
  public func recipe(_ family: DarcyFamily) -> DarcyRecipe {
    var recipe = DarcyRecipe(
      family: family, oversample: oversample, seed: seed,
      setting: DarcyFlow.Setting(
        domain: Rectangle(width: width, height: height), boundary: boundary, reaction: reaction, faceMean: faceMean),
      solver: DarcySolver(tolerance: Tolerance(relative: tolerance)))
    recipe.grid = GridShape(rows: rows, columns: columns)
    recipe.source = source
    return recipe
  }
}

extension FaceMean: Codable {}
