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
  /// Learning rate of the first step; a cosine takes it to 0.
  public var learningRate = 4e-3
  /// The optimiser's constants.
  public var optimizer = Adam()
  /// Noise on the training set.
  public var noise = TrainingNoise(level: 0)
  /// How fields are normalised.
  public var normalizer = NormalizerKind.channel
  /// Unrolled steps at the start.
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
