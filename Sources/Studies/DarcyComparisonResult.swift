import NeuralOperators
import Problems
public import Solvers
public import Tensors
import Training

/// What a comparison measured, per sample in the order of `positions`.
public struct DarcyComparisonResult: Sendable {
  /// Positions in the file.
  public let positions: [Int]
  /// The samples' own indices.
  public let indices: [Int]
  /// Permeabilities, (y, x).
  public internal(set) var permeability: [Tensor<Double>] = []
  /// Stored solutions, (y, x).
  public internal(set) var reference: [Tensor<Double>] = []
  /// Their estimated relative errors; NaN where the file has none.
  public internal(set) var labelErrors: [Double] = []
  /// Their relative residuals on the stored grid's stencil: what a perfect model would have.
  public internal(set) var labelResiduals: [Double] = []
  /// One entry a model.
  public internal(set) var models: [ModelMeasurements]
  /// One entry a setting of the classical solver.
  public internal(set) var classical: [ClassicalMeasurements]

  init(positions: [Int], indices: [Int], models: [ModelMeasurements], classical: [ClassicalMeasurements]) {
    self.positions = positions
    self.indices = indices
    self.models = models
    self.classical = classical
  }

  /// Samples that some model's equilibrium or some classical solve left unconverged.
  public var unconverged: Int {
    models.reduce(0) { $0 + $1.unconverged } + classical.reduce(0) { $0 + $1.unconverged }
  }

  /// The mean label error, where known.
  public var labelError: Double? {
    let known = labelErrors.filter(\.isFinite)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}

/// A model's answers to all samples.
public struct ModelMeasurements: Sendable {
  /// The model's name.
  public let name: String
  /// Predictions, (y, x).
  public internal(set) var predictions: [Tensor<Double>] = []
  /// Relative L² errors against the reference.
  public internal(set) var errors: [Double] = []
  /// Relative residuals on the stored grid's stencil.
  public internal(set) var residuals: [Double] = []
  /// Evaluations of the equilibrium's block; empty for other models.
  public internal(set) var evaluations: [Int] = []
  /// How each equilibrium ended; empty for other models.
  public internal(set) var terminations: [Termination] = []
  /// Residuals after each evaluation; empty for other models.
  public internal(set) var traces: [[Double]] = []
  /// Seconds for each sample alone.
  public internal(set) var seconds: [Double] = []
  /// Seconds a sample in batches.
  public internal(set) var batchedSeconds = 0.0

  init(name: String) { self.name = name }

  /// Samples whose equilibrium did not reach the tolerance.
  public var unconverged: Int { terminations.count { $0 != .converged } }

  mutating func add(
    _ prediction: Tensor<Double>, _ reference: Tensor<Double>, _ flow: DarcyFlow, _ outcome: EquilibriumOutcome?,
    _ time: Double
  ) {
    predictions.append(prediction)
    errors.append(SampleError(prediction, reference).relativeL2)
    residuals.append(flow.relativeResidual(of: prediction))
    seconds.append(time)
    guard let outcome else { return }
    evaluations += outcome.statistics.map(\.evaluations)
    terminations += outcome.terminations
    traces += outcome.statistics.map(\.trace)
  }
}

/// One setting of the classical solver on all samples.
public struct ClassicalMeasurements: Sendable {
  /// Grid and tolerance.
  public let setting: DarcyComparison.ClassicalCase
  /// Relative L² errors against the reference at the stored vertices.
  public internal(set) var errors: [Double] = []
  /// Relative residuals of the solve on its own grid.
  public internal(set) var residuals: [Double] = []
  /// Iterations of conjugate gradients.
  public internal(set) var iterations: [Int] = []
  /// Seconds for set-up and solve.
  public internal(set) var seconds: [Double] = []
  /// Solves that did not reach the tolerance.
  public internal(set) var unconverged = 0

  init(setting: DarcyComparison.ClassicalCase) { self.setting = setting }

  mutating func add(
    _ solution: Tensor<Double>, _ reference: Tensor<Double>, _ flow: DarcyFlow, _ solve: LinearSolution, _ time: Double
  ) {
    errors.append(SampleError(solution, reference).relativeL2)
    residuals.append(solve.statistics.residual)
    iterations.append(solve.statistics.iterations)
    seconds.append(time)
    if solve.termination != .converged { unconverged += 1 }
  }
}
