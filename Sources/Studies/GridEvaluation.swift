public import DatasetIO
import Generation
import NeuralOperators
import Tensors
public import Training

/// A model trained on one grid, evaluated on several, with the error of the labels beside its own on each.
///
/// Samples of a file made by this program are made again on each grid from its recipe: sample i is the same problem on every
/// grid (`DatasetRecipe.onGrid(_:)`), solved at least as finely as for the file. Those of other files are taken at every
/// n-th point of the stored grid, which only works for grids that fit into it.
public struct GridEvaluation: Codable, Sendable {
  /// Where the fields of a grid come from.
  public enum Origin: String, Codable, Sendable {
    /// Read from the file as they are.
    case stored
    /// Made again from the file's recipe.
    case regenerated
    /// Every n-th point of the stored fields.
    case subsampled
  }

  /// What was found on one grid.
  public struct Row: Codable, Sendable {
    /// Points along x.
    public let grid: Int
    /// Points along (y, x).
    public let points: [Int]
    /// Where the fields come from.
    public let origin: Origin
    /// Whether the model was trained on this grid.
    public let isTrainingGrid: Bool
    /// Samples whose label was found.
    public let samples: Int
    /// Relative L² error of the predictions.
    public let relativeL2: EvaluationReport.Distribution
    /// Mean estimated relative L² error of the labels, where there is one.
    public let labelError: Double?
    /// Mean evaluations of the equilibrium's block; nil for other models.
    public let evaluations: Double?
    /// Samples whose equilibrium did not reach the tolerance.
    public let unconverged: Int
    /// Wall-clock seconds a sample, in batches.
    public let secondsPerSample: Double
  }

  /// The model's name.
  public let model: String
  /// Which part of the file the samples are.
  public let part: SplitPart
  /// Points along (y, x) of the training data.
  public let trainingGrid: [Int]
  /// Whether the domain is extended by a number of points, another part of it on every grid.
  public let hasFixedPadding: Bool
  /// One row a grid, in the order asked for.
  public let rows: [Row]

  /// Samples whose equilibrium did not reach the tolerance, on all grids.
  public var unconverged: Int { rows.reduce(0) { $0 + $1.unconverged } }

  /// Evaluates a checkpoint on several grids.
  ///
  /// - Parameters:
  ///   - checkpoint: the model.
  ///   - file: inputs and answers.
  ///   - grids: points along x.
  ///   - part: of the file the model was trained on; any other file is used whole.
  ///   - adjust: last changes to how equilibria are found.
  ///   - progress: called with the number of samples done and their total over all grids; from any thread.
  /// - Throws: `GridEvaluationError`; what the recipe says of a grid; errors of data that do not fit the model.
  public init(
    _ checkpoint: Checkpoint, on file: FieldFile, grids: [Int], part: SplitPart,
    adjusting adjust: (inout Predictor) throws -> Void = { _ in }, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let data = checkpoint.data
    try data.check(file, needsOutputs: true, needsGrid: false)
    let known = try data.positions(of: part, in: file)
    let positions = try known ?? file.convergedSamples()
    guard !positions.isEmpty else { throw DataMismatch.noSamples(path: file.path) }
    let source = try GridSource(file, data.map, positions)
    var predictor = try checkpoint.predictor()
    try adjust(&predictor)
    // Everything that can be refused is, before the first solve.
    let predictors = try grids.map { grid in
      let points = try source.points(grid)
      try checkpoint.settings.model.validate(grid: points)
      guard let input = predictor.inputNormalizer.onGrid(points),
        let target = predictor.targetNormalizer.onGrid(points)
      else { throw GridEvaluationError.perPixel(model: checkpoint.settings.model.architecture.name) }
      return Predictor(
        model: predictor.model, inputNormalizer: input, targetNormalizer: target, equilibrium: predictor.equilibrium)
    }
    var rows: [Row] = []
    for (number, (grid, predictor)) in zip(grids, predictors).enumerated() {
      let total = grids.count * positions.count
      let fields = try source.fields(grid) { progress(number * positions.count + $0, total) }
      guard fields.pairs.count > 0 else { throw DataMismatch.noSamples(path: file.path) }
      let evaluation = try predictor.evaluate(fields.pairs, batch: checkpoint.settings.batch)
      let evaluations = evaluation.statistics.reduce(0) { $0 + $1.evaluations }
      let count = fields.pairs.count
      rows.append(
        Row(
          grid: grid, points: fields.pairs.grid, origin: fields.origin,
          isTrainingGrid: fields.pairs.grid == data.grid, samples: count,
          relativeL2: EvaluationReport.Distribution(evaluation.errors.map(\.relativeL2)),
          labelError: fields.labelError,
          evaluations: evaluation.statistics.isEmpty ? nil : Double(evaluations) / Double(count),
          unconverged: evaluation.unconverged, secondsPerSample: evaluation.seconds / Double(count)))
      progress((number + 1) * positions.count, total)
    }
    model = checkpoint.settings.model.architecture.name
    self.part = known == nil ? .all : part
    trainingGrid = data.grid
    if case .points(let points) = checkpoint.settings.model.padding {
      hasFixedPadding = points > 0
    } else {
      hasFixedPadding = false
    }
    self.rows = rows
  }
}

/// The same samples on any grid.
private struct GridSource {
  let file: FieldFile
  let map: FieldMap
  let positions: [Int]
  let recipe: (any DatasetRecipe)?
  /// Points along (y, x) in the file.
  let stored: [Int]
  let axes: GridAxes

  struct Fields {
    let pairs: FieldPairs<Float>
    let labelError: Double?
    let origin: GridEvaluation.Origin
  }

  init(_ file: FieldFile, _ map: FieldMap, _ positions: [Int]) throws {
    (self.file, self.map, self.positions) = (file, map, positions)
    axes = try file.axes()
    stored = [axes.y.count, axes.x.count]
    recipe = try StoredRecipe.of(file)
  }

  /// Points along (y, x) of a grid with so many along x.
  func points(_ grid: Int) throws -> [Int] {
    if grid == stored[1] { return stored }
    if let recipe {
      let recipe = try recipe.onGrid(grid)
      try recipe.validate()
      return [recipe.layout.grid.y.count, recipe.layout.grid.x.count]
    }
    guard let step = step(to: grid) else {
      throw GridEvaluationError.noGrid(path: file.path, grid: grid, stored: stored[1], possible: possible)
    }
    return [Self.count(axes.y, every: step), Self.count(axes.x, every: step)]
  }

  /// The fields of the samples on a grid.
  func fields(_ grid: Int, progress: (Int) -> Void) throws -> Fields {
    if grid == stored[1] {
      let pairs = try FieldPairs(reading: file, map, samples: positions)
      return Fields(pairs: pairs, labelError: try EvaluationReport.labelError(file, positions), origin: .stored)
    }
    if let recipe { return try made(recipe.onGrid(grid), progress) }
    let pairs = try FieldPairs(reading: file, map, samples: positions)
    guard let step = step(to: grid) else { return Fields(pairs: pairs, labelError: nil, origin: .stored) }
    return Fields(
      pairs: FieldPairs(inputs: pairs.inputs.keepingEvery(step), targets: pairs.targets.keepingEvery(step)),
      labelError: try EvaluationReport.labelError(file, positions), origin: .subsampled)
  }

  private func made(_ recipe: some DatasetRecipe, _ progress: (Int) -> Void) throws -> Fields {
    let indices = try file.sampleIndices()
    let columns = try recipe.columns(samples: positions.map { indices[$0] }, progress: progress)
    let outcomes = columns.first { $0.name == SampleVariable.solverOutcome.name }?.integers ?? []
    let found = outcomes.indices.filter { outcomes[$0] == SampleOutcome.converged.rawValue }
    func channels(_ names: [String]) throws -> Tensor<Float> {
      Tensor(
        concatenatingChannels: try names.map { name in
          guard let field = columns.first(where: { $0.name == name })?.field else {
            throw FieldFileError.missingVariable(path: file.path, variable: name, present: columns.map(\.name))
          }
          let values = field.gathering(samples: found)
          return values.reshaped(to: [values.shape[0], 1] + values.shape.suffix(2))
        })
    }
    let errors = columns.first { $0.name == SampleVariable.labelError.name }?.reals ?? []
    let known = found.map { errors[$0] }.filter(\.isFinite)
    return Fields(
      pairs: FieldPairs(inputs: try channels(map.inputs), targets: try channels(map.outputs)),
      labelError: known.isEmpty ? nil : known.reduce(0, +) / Double(known.count), origin: .regenerated)
  }

  /// How many cells of the stored grid make one of the other along both axes; nil when it does not fit.
  private func step(to grid: Int) -> Int? {
    func cells(_ axis: GridAxis, _ count: Int) -> Int { axis.kind == .vertex ? count - 1 : count }
    let (fine, coarse) = (cells(axes.x, axes.x.count), cells(axes.x, grid))
    // The middles of larger cells are no points of the file.
    guard axes.x.kind != .centred, axes.y.kind != .centred, coarse >= 1, fine % coarse == 0,
      cells(axes.y, axes.y.count) % (fine / coarse) == 0
    else { return nil }
    return fine / coarse
  }

  private var possible: [Int] { (2...max(stored[1], 2)).filter { step(to: $0) != nil } }

  private static func count(_ axis: GridAxis, every step: Int) -> Int { (axis.count + step - 1) / step }
}

/// A grid that a model cannot be evaluated on.
public enum GridEvaluationError: ClassifiedError {
  case perPixel(model: String)
  case noGrid(path: String, grid: Int, stored: Int, possible: [Int])

  /// What was asked for is not possible with this model or file.
  public var failureClass: FailureClass { .usage }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .perPixel(let model):
      "the normalisation of this \(model) differs from point to point, so that it has no meaning on another grid; train "
        + "with --normalizer channel"
    case .noGrid(let path, let grid, let stored, let possible):
      "'\(path)' has \(stored) points along x and no recipe to make its samples on \(grid); grids that fit into it have "
        + possible.map(String.init).joined(separator: ", ") + " points"
    }
  }
}
