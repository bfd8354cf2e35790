public import DatasetIO
import Foundation
import Generation
import NeuralOperators
import Problems
import Solvers
import Tensors
public import Training

/// Models beside the classical solver on the same samples: error, PDE residual, iterations and time, sample by sample.
///
/// Everything is measured one sample at a time, with all threads, as a user who has one problem would see it; models are
/// timed in batches too. The reference is the file's stored solution, whose own discretisation error is reported beside.
/// The classical solver runs on the stored grid and, where the file's recipe says how to make the medium again, on finer
/// ones; its errors are measured at the stored vertices.
public struct DarcyComparison {
  /// A model and its name in tables and files.
  public struct Contestant: Sendable {
    /// Unique among the contestants.
    public let name: String
    /// The trained model.
    public let checkpoint: Checkpoint

    /// A checkpoint under a name.
    public init(name: String, checkpoint: Checkpoint) {
      self.name = name
      self.checkpoint = checkpoint
    }
  }

  /// One setting of the classical solver.
  public struct ClassicalCase: Codable, Hashable, Sendable {
    /// Vertices a side of its grid.
    public let grid: Int
    /// The relative residual it stops at.
    public let tolerance: Double
  }

  /// The residuals the classical solver is stopped at.
  public static let tolerances = [1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8]

  let contestants: [Contestant]
  let predictors: [Predictor]
  let file: FieldFile
  /// Positions in the file of the samples that are compared.
  public let positions: [Int]
  /// All settings of the classical solver that are run.
  public let cases: [ClassicalCase]
  let recipe: DarcyDatasetRecipe?

  /// - Parameters:
  ///   - contestants: models trained on Darcy data of the file's grid.
  ///   - file: the reference.
  ///   - limit: the most samples to compare; the first ones of those no model has seen.
  /// - Throws: `DataMismatch` or `FieldFileError` when file and models do not fit.
  public init(_ contestants: [Contestant], on file: FieldFile, limit: Int) throws {
    self.contestants = contestants
    self.file = file
    predictors = try contestants.map { try $0.checkpoint.predictor() }
    var common = Set(try file.convergedSamples())
    for contestant in contestants {
      try contestant.checkpoint.data.check(file, needsOutputs: true)
      if let unseen = try contestant.checkpoint.data.positions(of: .test, in: file) { common.formIntersection(unseen) }
    }
    positions = Array(common.sorted().prefix(limit))
    guard !positions.isEmpty else { throw DataMismatch.noSamples(path: file.path) }
    recipe = try DarcyDatasetRecipe(of: file)
    guard !file.has("source"), recipe?.settings.boundary.isPeriodicInX != true else {
      throw ComparisonError.otherProblem(path: file.path)
    }
    let axes = try file.axes()
    let stored = axes.x.count
    guard axes.y == axes.x, axes.x == GridAxis(count: stored, kind: .vertex) else {
      throw ComparisonError.otherGrid(path: file.path)
    }
    let factors =
      recipe.map { recipe in
        let oversample = recipe.settings.oversample
        return (1...oversample).filter { oversample % $0 == 0 }
      } ?? [1]
    cases = factors.flatMap { factor in
      Self.tolerances.map { ClassicalCase(grid: (stored - 1) * factor + 1, tolerance: $0) }
    }
  }

  /// Runs everything; `progress` is called with the number of samples done.
  public func run(progress: (Int) -> Void = { _ in }) throws -> DarcyComparisonResult {
    let indices = try file.sampleIndices()
    var result = DarcyComparisonResult(
      positions: positions, indices: positions.map { indices[$0] },
      models: contestants.map { ModelMeasurements(name: $0.name) },
      classical: cases.map { ClassicalMeasurements(setting: $0) })
    let labelErrors = file.has(SampleVariable.labelError.name) ? try file.reals(SampleVariable.labelError.name) : nil
    let sampler = try recipe.map { try MediumSource($0) }
    // The first call of anything pays for pages and caches; it is not what a later one costs.
    try warmUp(sample: result.indices[0])
    for (row, position) in positions.enumerated() {
      let permeability: Tensor<Double> = try file.read("permeability", samples: position..<position + 1)
      let label: Tensor<Double> = try file.read("pressure", samples: position..<position + 1)
      let grid = Array(label.shape.dropFirst())
      let flow = try DarcyFlow(
        permeability: permeability.reshaped(to: grid), source: source,
        setting: recipe?.problemRecipe.setting ?? .init(),
        sample: result.indices[row])
      let reference = label.reshaped(to: grid)
      result.permeability.append(flow.permeability)
      result.reference.append(reference)
      result.labelErrors.append(labelErrors?[position] ?? .nan)
      result.labelResiduals.append(flow.relativeResidual(of: reference))
      for (model, predictor) in predictors.enumerated() {
        let input = Tensor<Float>(converting: permeability.reshaped(to: [1, 1] + grid))
        let (seconds, output) = try timed { try predictor.predict(input) }
        result.models[model].add(
          Tensor<Double>(converting: output.fields).reshaped(to: grid), reference, flow, output.equilibrium, seconds)
      }
      let fine = try sampler?.medium(of: result.indices[row], expecting: flow.permeability)
      for (number, setting) in cases.enumerated() {
        try solve(setting, fine ?? flow.permeability, flow, reference, into: &result.classical[number])
      }
      progress(row + 1)
    }
    for model in predictors.indices { result.models[model].batchedSeconds = try batchedSeconds(predictors[model]) }
    return result
  }

  /// f, the same number everywhere.
  private var source: Double {
    guard let recipe, case .constant(let value) = recipe.settings.source else { return 1 }
    return value
  }

  private func solve(
    _ setting: ClassicalCase, _ medium: Tensor<Double>, _ flow: DarcyFlow, _ reference: Tensor<Double>,
    into measurements: inout ClassicalMeasurements
  ) throws {
    let step = (medium.shape[0] - 1) / (setting.grid - 1)
    let coefficient = step == 1 ? medium : medium.keepingEvery(step)
    let solver = DarcySolver(tolerance: Tolerance(relative: setting.tolerance))
    let (seconds, solution) = try timed {
      solver.solve(try DarcyFlow(permeability: coefficient, source: source, setting: flow.setting))
    }
    let factor = (setting.grid - 1) / (reference.shape[0] - 1)
    let stored = factor == 1 ? solution.solution : solution.solution.keepingEvery(factor)
    measurements.add(stored, reference, flow, solution, seconds)
  }

  private func warmUp(sample: Int) throws {
    let input = try file.channels(["permeability"], samples: [positions[0]])
    for predictor in predictors { _ = try predictor.predict(input) }
    let grid = Array(input.shape.dropFirst(2))
    let permeability = Tensor<Double>(converting: input).reshaped(to: grid)
    _ = DarcySolver().solve(try DarcyFlow(permeability: permeability, sample: sample))
  }

  /// Seconds a sample when a model works on all samples in batches.
  private func batchedSeconds(_ predictor: Predictor) throws -> Double {
    let batch = 16
    let inputs = try file.channels(["permeability"], samples: positions)
    let (seconds, _) = try timed {
      for start in stride(from: 0, to: positions.count, by: batch) {
        _ = try predictor.predict(inputs.gathering(samples: start..<min(start + batch, positions.count)))
      }
    }
    return seconds / Double(positions.count)
  }
}

/// The wall-clock time of `body`, beside its result.
func timed<Result>(_ body: () throws -> Result) rethrows -> (seconds: Double, result: Result) {
  let began = DispatchTime.now()
  let result = try body()
  return (Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9, result)
}

/// Media made again from a file's recipe, on its solve grid.
private struct MediumSource {
  let sampler: DarcyFamily.Sampler
  let recipe: DarcyDatasetRecipe

  init(_ recipe: DarcyDatasetRecipe) throws {
    try recipe.validate()
    self.recipe = recipe
    let problem = recipe.problemRecipe
    sampler = problem.mediumSampler
  }

  /// The medium of a sample; checked against what the file stores of it.
  func medium(of sample: Int, expecting stored: Tensor<Double>) throws -> Tensor<Double> {
    let medium = sampler.permeability(sample: sample, seed: recipe.settings.seed)
    let kept = medium.keepingEvery(recipe.settings.oversample)
    guard kept.shape == stored.shape,
      Tensor<Float>(converting: kept).elements == Tensor<Float>(converting: stored).elements
    else { throw ComparisonError.otherMedium(sample: sample) }
    return medium
  }
}

/// A comparison that cannot be made.
public enum ComparisonError: ClassifiedError {
  case otherMedium(sample: Int)
  case otherGrid(path: String)
  case otherProblem(path: String)

  /// The file contradicts itself or is not of this problem.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .otherMedium(let sample):
      "the permeability of sample \(sample) is not the one its recipe makes; the file was changed, generate it again"
    case .otherProblem(let path):
      "'\(path)' has a source that varies or periodic sides; comparisons are made for one source and bounded domains"
    case .otherGrid(let path):
      "'\(path)' is not on a grid the classical solver can use; expected as many vertices along y as along x, both "
        + "from 0 to 1, with the grid attribute 'vertex' or bounds"
    }
  }
}
