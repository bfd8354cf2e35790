public import DatasetIO
public import Problems
import Solvers
import Spectral
import Tensors

/// Everything that decides the contents of a Darcy file; stored in it as JSON, so that any sample can be made again.
public struct DarcyDatasetRecipe: DatasetRecipe {
  /// "darcy".
  public static let problemName = "darcy"
  /// The problem, for readers of the JSON.
  public private(set) var problem = problemName
  /// Samples in the file.
  public var samples = 1024
  /// Index of the first one.
  public var first = 0
  /// Vertices a side that are stored.
  public var grid = 43
  /// Cells of the solve grid along one stored cell.
  public var oversample = 10
  /// Decides the media.
  public var seed: UInt64 = 0
  /// Power of the inverse operator of the Gaussian field.
  public var alpha = 2.0
  /// Its inverse correlation length.
  public var tau = 3.0
  /// Permeability where the field is not negative.
  public var high = 12.0
  /// Permeability where it is negative.
  public var low = 3.0
  /// The permeability of a face.
  public var faceMean = FaceMean.harmonic
  /// The relative residual of the solve, `‖b − Au‖₂/‖b‖₂`.
  public var tolerance = 1e-8
  /// Whether fields are stored in 64 bits.
  public var isDouble = false

  /// The published Darcy problem, solved at 421 and stored at 43 vertices a side.
  public init() {}

  /// Checks every number.
  public func validate() throws {
    try validateCounts()
    for (name, value, least) in [("grid", grid, 3), ("oversample", oversample, 1)] where value < least {
      throw RecipeError.tooSmall(name, value: "\(value)", least: "\(least)")
    }
    let (cells, overflow) = (grid - 1).multipliedReportingOverflow(by: oversample)
    guard !overflow, cells < Self.largestSolveGrid else {
      throw RecipeError.solveGridTooLarge(grid: grid, oversample: oversample, largest: Self.largestSolveGrid)
    }
    let positive = [("alpha", alpha), ("tau", tau), ("high value", high), ("low value", low), ("tolerance", tolerance)]
    for (name, value) in positive where !(value > 0 && value.isFinite) {
      throw RecipeError.notPositive(name, value: value)
    }
    guard tolerance >= 1e-13, tolerance < 1 else { throw RecipeError.tolerance(tolerance) }
  }

  /// A solve of this size needs about 4 GB.
  static let largestSolveGrid = 8193

  /// What makes the samples.
  public var problemRecipe: DarcyRecipe {
    DarcyRecipe(
      family: DarcyFamily(law: GaussianLaw(alpha: alpha, tau: tau), medium: .threshold(high: high, low: low)),
      grid: grid, oversample: oversample, seed: seed, setting: DarcyFlow.Setting(faceMean: faceMean),
      solver: DarcySolver(tolerance: Tolerance(relative: tolerance)))
  }
}

extension FaceMean: Codable {}

extension DarcyDatasetRecipe {
  /// Makes samples by ``DarcyGenerator``.
  public func generator() throws -> @Sendable (Int) throws -> DarcySample {
    let generator = try DarcyGenerator(problemRecipe)
    return { try generator.sample($0) }
  }

  /// Permeability and pressure at the stored vertices.
  public var layout: FieldFileLayout {
    let precision: StoredPrecision = isDouble ? .double : .single
    let axis = GridAxis(count: grid, kind: .vertex)
    let side = (grid - 1) * oversample + 1
    return FieldFileLayout(
      grid: GridAxes(square: axis),
      fields: [
        FieldVariable("permeability", "permeability of the medium", precision: precision),
        FieldVariable("pressure", "pressure", precision: precision, ancillary: [SampleVariable.solverOutcome.name]),
      ],
      perSample: solverVariables,
      description: FileDescription(
        title: "Darcy flow through random two-valued media",
        summary: "Solutions of -div(a grad u) = 1 on the unit square, u = 0 on the boundary, with the permeability a = "
          + "\(high) where a Gaussian field is not negative and \(low) elsewhere; second-order finite "
          + "volumes with \(faceMean.rawValue) face means on \(side) x \(side) vertices, every "
          + "\(oversample == 1 ? "" : "\(oversample)th ")vertex stored.",
        references: "Li et al. 2021, arXiv:2010.08895"))
  }

  /// Permeability and pressure.
  public func fields(_ samples: [DarcySample]) -> [SampleColumn] {
    [
      .field("permeability", samples.map(\.permeability), isDouble: isDouble),
      .field("pressure", samples.map(\.pressure), isDouble: isDouble),
    ]
  }
}

extension DarcySample: SolvedSample {
  /// Iterations of the linear solver.
  public var iterations: Int { statistics.iterations }
  /// `‖b − A u‖₂/‖b‖₂` on the solve grid.
  public var residual: Double { statistics.residual }
}
