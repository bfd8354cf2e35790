import Autodiff
import Foundation
public import NeuralOperators
public import Solvers
public import Tensors

/// How far a prediction of one sample is from its target.
public struct SampleError: Codable, Hashable, Sendable {
  /// `‖p − t‖/‖t‖` in the discrete L² norm.
  public let relativeL2: Double
  /// `max |p − t|`.
  public let maximum: Double

  /// The error of `prediction` against `target`, of equal shapes.
  public init<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) {
    let difference = prediction - target
    relativeL2 = difference.norm / target.norm
    maximum = Double(difference.maxAbs)
  }
}

/// A trained operator with its normalisers: physical fields in, physical fields out.
public struct Predictor: Sendable {
  /// The weights.
  public let model: NeuralOperator<Tensor<Float>>
  /// Applied to inputs.
  public let inputNormalizer: Normalizer<Float>
  /// Undone on outputs.
  public let targetNormalizer: Normalizer<Float>
  /// How equilibria are found.
  public var equilibrium: EquilibriumSettings

  /// A predictor from its parts.
  public init(
    model: NeuralOperator<Tensor<Float>>, inputNormalizer: Normalizer<Float>, targetNormalizer: Normalizer<Float>,
    equilibrium: EquilibriumSettings
  ) {
    self.model = model
    self.inputNormalizer = inputNormalizer
    self.targetNormalizer = targetNormalizer
    self.equilibrium = equilibrium
  }

  /// Predictions for a batch of inputs of shape (sample, channel, spatial …), with what the equilibrium's solve did.
  public func predict(_ inputs: Tensor<Float>) throws -> (fields: Tensor<Float>, equilibrium: EquilibriumOutcome?) {
    let constants = model.mapParameters { Traced(constant: $1) }
    let groups = SampleGroups(
      count: inputs.samples,
      size: model.mapParameters { $1.shape }.groupSize(grid: Array(inputs.shape.dropFirst(2)), equilibrium))
    let encoded = inputNormalizer.encode(inputs)
    var outputs: [Tensor<Float>] = []
    var outcomes: [EquilibriumOutcome?] = []
    for group in groups.ranges {
      let record = EquilibriumRecord<Float>()
      let part = groups.ranges.count == 1 ? encoded : encoded.gathering(samples: group)
      outputs.append(try constants(Traced(constant: part), equilibrium: equilibrium.layer, record: record).value)
      outcomes.append(record.forward)
    }
    let output = outputs.count == 1 ? outputs[0] : Tensor(concatenatingSamples: outputs)
    return (targetNormalizer.decode(output), EquilibriumOutcome(joining: outcomes))
  }

  /// Errors of the predictions for all samples, batch by batch.
  ///
  /// - Parameters:
  ///   - pairs: inputs and targets in physical units.
  ///   - batch: samples that pass through the model together.
  ///   - observe: given every prediction with its target, each (1, channel, spatial …); its time is not counted.
  ///   - progress: called with the number of samples done.
  public func evaluate(
    _ pairs: FieldPairs<Float>, batch: Int, observing observe: ((Tensor<Float>, Tensor<Float>) -> Void)? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> Evaluation {
    var errors: [SampleError] = []
    var terminations: [Termination] = []
    var statistics: [SampleStatistics] = []
    var nanoseconds: UInt64 = 0
    for start in stride(from: 0, to: pairs.count, by: batch) {
      let began = DispatchTime.now()
      let rows = start..<min(start + batch, pairs.count)
      let (fields, outcome) = try predict(pairs.inputs.gathering(samples: rows))
      terminations += outcome?.terminations ?? []
      statistics += outcome?.statistics ?? []
      let results = rows.enumerated().map { row, sample in
        (fields.gathering(samples: row..<row + 1), pairs.targets.gathering(samples: sample..<sample + 1))
      }
      errors += results.map { SampleError($0, $1) }
      nanoseconds += DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds
      if let observe { for (prediction, target) in results { observe(prediction, target) } }
      progress(rows.upperBound)
    }
    return Evaluation(
      errors: errors, terminations: terminations, statistics: statistics, seconds: Double(nanoseconds) * 1e-9)
  }
}

/// What an evaluation over a set of samples found.
public struct Evaluation: Sendable {
  /// One entry a sample.
  public let errors: [SampleError]
  /// How each equilibrium ended; empty for models without one.
  public let terminations: [Termination]
  /// What each equilibrium's solve did; empty for models without one.
  public let statistics: [SampleStatistics]
  /// Wall-clock seconds for all samples, errors included.
  public let seconds: Double

  /// Samples whose equilibrium did not reach the tolerance.
  public var unconverged: Int { terminations.count { $0 != .converged } }
}
