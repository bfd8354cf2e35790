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
  /// The media.
  public var family = DarcyFamily()
  /// Grid, conditions, source and solver.
  public var settings = EllipticSettings()
  /// Whether fields are stored in 64 bits.
  public var isDouble = false

  /// The published Darcy problem, solved at 421 and stored at 43 vertices a side.
  public init() {}

  /// Checks every number.
  public func validate() throws {
    try validateCounts()
    try settings.validate()
    try family.validate()
  }

  /// What makes the samples.
  public var problemRecipe: DarcyRecipe { settings.recipe(family) }

  /// The same problems on another grid.
  public func onGrid(_ points: Int) throws -> Self {
    var result = self
    result.settings = try settings.onGrid(points)
    return result
  }

  /// Makes samples by `DarcyGenerator`.
  public func generator() throws -> @Sendable (Int) throws -> DarcySample {
    let generator = try DarcyGenerator(problemRecipe)
    return { try generator.sample($0) }
  }

  /// Permeability, source where it varies, and pressure at the stored vertices.
  public var layout: FieldFileLayout {
    settings.layout(
      input: FieldVariable("permeability", "permeability of the medium", precision: precision),
      output: FieldVariable("pressure", "pressure", precision: precision), solverVariables: solverVariables,
      description: FileDescription(
        title: "Darcy flow through \(family.medium.words)",
        summary: "Solutions of -div(a grad u)\(settings.words) with the permeability a: \(family.medium.words); "
          + settings.discretisation,
        references: "Li et al. 2021, arXiv:2010.08895"))
  }

  private var precision: StoredPrecision { isDouble ? .double : .single }

  /// Permeability, source where it varies, and pressure.
  public func fields(_ samples: [DarcySample]) -> [SampleColumn] {
    [
      .field("permeability", samples.map(\.permeability), isDouble: isDouble),
      .field("pressure", samples.map(\.pressure), isDouble: isDouble),
    ] + settings.sources(samples, isDouble: isDouble)
  }
}

extension DarcySample: SolvedSample {
  /// Iterations of the linear solver.
  public var iterations: Int { statistics.iterations }
  /// `‖b − A u‖₂/‖b‖₂` on the solve grid.
  public var residual: Double { statistics.residual }
}

extension DarcyFamily.Medium {
  /// The medium for titles, such as "random two-valued media".
  var words: String {
    switch self {
    case .threshold(let high, let low):
      "random media of the two values \(high) and \(low), by the sign of a Gaussian field"
    case .logNormal: "log-normal random media"
    case .discs: "media with random discs"
    case .channels: "media with random channels"
    case .layers(_, let axis, _): "random layers along \(axis.rawValue)"
    }
  }
}

extension EllipticSettings {
  private var hasSource: Bool {
    switch source {
    case .constant: false
    case .gaussian: true
    }
  }

  /// The equation's end and its conditions, for descriptions.
  var words: String {
    let right =
      switch source {
      case .constant(let value): "\(value)"
      case .gaussian: "f, f a Gaussian random field,"
      }
    return "\(reaction > 0 ? " + \(reaction) u" : "") = \(right) on [0, \(width)] x [0, \(height)], conditions west "
      + "\(boundary.west), east \(boundary.east), south \(boundary.south), north \(boundary.north),"
  }

  /// How the problems were solved, for descriptions.
  var discretisation: String {
    let solved = GridShape(rows: rows, columns: columns).refined(by: oversample, boundary)
    return "second-order finite volumes with \(faceMean.rawValue) face means on \(solved.columns) x \(solved.rows) "
      + "vertices, every \(oversample == 1 ? "" : "\(oversample)th ")vertex stored."
  }

  /// The layout of a set with one input field, or none but the source.
  func layout(
    input: FieldVariable?, output: FieldVariable, solverVariables: [SampleVariable], description: FileDescription
  ) -> FieldFileLayout {
    var output = output
    output.ancillary = [SampleVariable.solverOutcome.name]
    let source = hasSource ? [FieldVariable("source", "source", precision: output.precision)] : []
    return FieldFileLayout(
      grid: GridAxes(
        y: GridAxis(count: rows, to: height, kind: boundary.isPeriodicInY ? .periodic : .vertex),
        x: GridAxis(count: columns, to: width, kind: boundary.isPeriodicInX ? .periodic : .vertex)),
      fields: (input.map { [$0] } ?? []) + source + [output], perSample: solverVariables, description: description)
  }

  /// The sources of some samples, where they vary.
  func sources(_ samples: [DarcySample], isDouble: Bool) -> [SampleColumn] {
    guard hasSource else { return [] }
    return [.field("source", samples.compactMap(\.source), isDouble: isDouble)]
  }
}
