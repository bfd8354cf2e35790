public import DatasetIO
public import Problems
import Spectral

/// Everything that decides the contents of a Poisson file; stored in it as JSON.
public struct PoissonDatasetRecipe: DatasetRecipe {
  /// "poisson".
  public static let problemName = "poisson"
  /// The problem, for readers of the JSON.
  public private(set) var problem = problemName
  /// Samples in the file.
  public var samples = 1024
  /// Index of the first one.
  public var first = 0
  /// Grid, conditions, source and solver.
  public var settings: EllipticSettings
  /// Whether fields are stored in 64 bits.
  public var isDouble = false

  /// `−∆u = f` on the unit square, u = 0 around it, f Gaussian of unit variance with the Matérn covariance of smoothness 2
  /// and length ¼; solved at 169 and stored at 43 vertices a side.
  public init() {
    settings = EllipticSettings()
    settings.oversample = 4
    settings.source = .gaussian(law: .matern(smoothness: 2, length: 0.25), amplitude: 1)
  }

  /// Checks every number.
  public func validate() throws {
    try validateCounts()
    try settings.validate()
  }

  /// The same problems on another grid.
  public func onGrid(_ points: Int) throws -> Self {
    var result = self
    result.settings = try settings.onGrid(points)
    return result
  }

  /// Makes samples by `DarcyGenerator` with a permeability of one.
  public func generator() throws -> @Sendable (Int) throws -> DarcySample {
    let generator = try DarcyGenerator(settings.recipe(.uniform))
    return { try generator.sample($0) }
  }

  /// Source, where it varies, and potential at the stored vertices.
  public var layout: FieldFileLayout {
    settings.layout(
      input: nil, output: FieldVariable("potential", "potential", precision: isDouble ? .double : .single),
      solverVariables: solverVariables,
      description: FileDescription(
        title: "Poisson's equation",
        summary: "Solutions of -laplace(u)\(settings.words) by " + settings.discretisation))
  }

  /// Source, where it varies, and potential.
  public func fields(_ samples: [DarcySample]) -> [SampleColumn] {
    [.field("potential", samples.map(\.pressure), isDouble: isDouble)] + settings.sources(samples, isDouble: isDouble)
  }
}
