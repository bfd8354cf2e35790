public import DatasetIO
public import Problems
import Solvers
import Spectral

/// Everything that decides the contents of a Darcy file; stored in it as JSON, so that any sample can be made again.
public struct DarcyDatasetRecipe: Codable, Hashable, Sendable {
  /// The problem, for readers of the JSON.
  public private(set) var problem = "darcy"
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

  /// What a file says it was made from; nil when it is not a Darcy file of this program, or its recipe cannot be followed.
  public init?(of file: FieldFile) throws {
    guard let text = try file.recipe, let recipe = try? CanonicalJSON.decode(Self.self, from: text),
      recipe.problem == "darcy", (try? recipe.validate()) != nil
    else { return nil }
    self = recipe
  }

  /// Checks every number.
  public func validate() throws {
    let counts = [("samples", samples, 1), ("grid", grid, 3), ("oversample", oversample, 1), ("first", first, 0)]
    for (name, value, least) in counts where value < least {
      throw RecipeError.tooSmall(name, value: "\(value)", least: "\(least)")
    }
    let (cells, overflow) = (grid - 1).multipliedReportingOverflow(by: oversample)
    guard !overflow, cells < Self.largestSolveGrid else {
      throw RecipeError.solveGridTooLarge(grid: grid, oversample: oversample, largest: Self.largestSolveGrid)
    }
    guard samples <= Int(Int32.max) - first else { throw RecipeError.tooManySamples(first: first, samples: samples) }
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

/// A recipe that cannot be followed.
public enum RecipeError: Error, CustomStringConvertible {
  case tooSmall(String, value: String, least: String)
  case solveGridTooLarge(grid: Int, oversample: Int, largest: Int)
  case tooManySamples(first: Int, samples: Int)
  case notPositive(String, value: Double)
  case tolerance(Double)

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .tooSmall(let what, let value, let least): "\(what) must be at least \(least), found \(value)"
    case .solveGridTooLarge(let grid, let oversample, let largest):
      "the solve grid (grid − 1)·oversample + 1 must have at most \(largest) vertices a side, found grid \(grid) and "
        + "oversample \(oversample); lower one of them"
    case .tooManySamples(let first, let samples):
      "sample indices must stay below 2147483648, found \(samples) samples from \(first) on"
    case .notPositive(let what, let value): "the \(what) must be positive and finite, found \(value)"
    case .tolerance(let value):
      "the tolerance must be at least 1e-13, what double precision can reach, and below 1, found \(value)"
    }
  }
}
