public import NeuralOperators
public import Tensors

/// What one epoch did; a row of the training log.
public struct EpochSummary: Codable, Hashable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Optimiser steps since the start.
  public var step: Int
  /// Learning rate of the epoch's last step.
  public var learningRate: Double
  /// Mean relative L² error over the training samples as they were seen, noise included.
  public var trainError: Double
  /// Mean relative L² error over the clean validation samples.
  public var validationError: Double
  /// Mean evaluations of the block for a training sample; 0 without an equilibrium.
  public var evaluations: Double
  /// Mean evaluations of the adjoint map for a training sample; 0 where no adjoint equation is solved.
  public var adjointEvaluations: Double
  /// Training samples whose equilibrium did not converge.
  public var unconverged: Int
  /// Wall-clock seconds of the epoch.
  public var seconds: Double
}

/// The running state of a training: everything a resumed run needs to continue as if it had not stopped.
public struct TrainingState: Sendable {
  /// In the order of the model's parameters.
  public var parameters: [Tensor<Float>]
  /// Moments and steps of the optimiser.
  public var optimizer: Adam.State<Float>
  /// Where the solve of each training sample ended in its last epoch, of shape (sample, width, padded grid …), zero before
  /// its first; nil for cold starts.
  public var equilibria: Tensor<Float>?
  /// Running means of the parameters; nil where there are none.
  public var averages: [Tensor<Float>]?
  /// Counters.
  public var progress: Progress

  /// The weights that validation and predictions use.
  public var answering: [Tensor<Float>] { averages ?? parameters }

  /// Where a run stands.
  public struct Progress: Codable, Hashable, Sendable {
    /// Finished epochs.
    public var epochsDone = 0
    /// Finished steps of the running epoch.
    public var stepsIntoEpoch = 0
    /// Learning rate of the last step.
    public var learningRate = 0.0
    /// Sum of relative errors over the running epoch.
    public var errorSum = 0.0
    /// Samples seen in the running epoch.
    public var samples = 0
    /// Evaluations of the block in the running epoch, summed over samples.
    public var evaluations = 0
    /// Evaluations of the adjoint map in the running epoch, summed over samples.
    public var adjointEvaluations = 0
    /// Equilibria of the running epoch that did not reach the tolerance.
    public var unconverged = 0
    /// Wall-clock seconds of the running epoch.
    public var seconds = 0.0
    /// The smallest validation error so far.
    public var bestError: Double?
    /// The epoch it belongs to, counted from 1; 0 before the first.
    public var bestEpoch = 0
    /// One row an epoch.
    public var history: [EpochSummary] = []
  }

  /// The state before the first step.
  public init(model: NeuralOperator<Tensor<Float>>, equilibria: Tensor<Float>? = nil, averaging: Bool = false) {
    parameters = model.parameters.map(\.value)
    self.equilibria = equilibria
    averages = averaging ? parameters : nil
    optimizer = Adam.State(shapes: parameters.map(\.shape))
    progress = Progress()
  }

  /// A stored state.
  public init(
    parameters: [Tensor<Float>], optimizer: Adam.State<Float>, equilibria: Tensor<Float>?, averages: [Tensor<Float>]?,
    progress: Progress
  ) {
    self.parameters = parameters
    self.optimizer = optimizer
    self.equilibria = equilibria
    self.averages = averages
    self.progress = progress
  }

  /// Without what only further steps need and may be large.
  var forAnswers: TrainingState {
    var state = self
    state.equilibria = nil
    return state
  }
}
