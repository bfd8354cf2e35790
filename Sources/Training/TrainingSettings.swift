public import NeuralOperators

/// Plain unrolling of the block for the first steps of a run, before the solver takes over.
public struct WarmUp: Codable, Hashable, Sendable {
  /// Optimiser steps that unroll.
  public var steps: Int
  /// Applications of the block in each.
  public var iterations: Int

  /// `steps` optimiser steps through `iterations` recorded applications of the block.
  public init(steps: Int, iterations: Int) {
    self.steps = steps
    self.iterations = iterations
  }
}

/// Everything that decides the result of a training run, beside its data; stored with the run.
public struct TrainingSettings: Codable, Hashable, Sendable {
  /// The model.
  public var model: OperatorConfiguration
  /// How an equilibrium is found; not used by other architectures.
  public var equilibrium = EquilibriumSettings()
  /// Passes over the training set.
  public var epochs = 100
  /// Samples a step.
  public var batch = 16
  /// The largest learning rate.
  public var learningRate = 4e-3
  /// How the learning rate goes over the run.
  public var schedule = RateSchedule()
  /// Decay of the running mean of the weights that validation and predictions use; nil for the weights themselves.
  public var averageDecay: Double?
  /// The longest gradient of a step, summed over its samples as the optimiser gets it; nil for any.
  public var clipNorm: Double?
  /// Epochs without a smaller validation error that end the run; nil for none.
  public var patience: Int?
  /// The optimiser's constants.
  public var optimizer = Adam()
  /// Noise on the training set.
  public var noise = TrainingNoise(level: 0)
  /// How fields are normalised.
  public var normalizer = NormalizerKind.channel
  /// Unrolled steps at the start; has nothing to do with the rise of the learning rate, `schedule.rampSteps`.
  public var warmUp: WarmUp?
  /// Whether the equilibrium of a training sample begins where its last epoch left it.
  public var warmStart = false
  /// Decides initialisation, split, order and noise.
  public var seed: UInt64 = 0

  /// Default settings for a model.
  public init(model: OperatorConfiguration) { self.model = model }

  /// Whether there are equilibria to begin warm.
  var startsWarm: Bool { warmStart && model.architecture == .equilibrium }
}
