import DatasetIO
import Foundation
import NeuralOperators
import TestSupport
import Tensors
import Testing
import Training

/// A map that a small operator learns in a second: combinations of four waves, shifted by a point and moved to mean 2.
func toyPairs(count: Int) -> FieldPairs<Float> {
  let n = 8
  let amplitudes: Tensor<Float> = randomTensor([count, 4], seed: 5)
  func field(shift: Int, scale: Float, mean: Float) -> Tensor<Float> {
    Tensor(shape: [count, 1, n, n]) { out in
      for sample in 0..<count {
        for y in 0..<n {
          for x in 0..<n {
            let (p, q) = (Float(x - shift) * .pi / 4, Float(y) * .pi / 4)
            let waves = [Float.sin(p), .cos(p), .sin(q), .cos(p + q)]
            out[(sample * n + y) * n + x] =
              mean + scale * waves.indices.reduce(0) { $0 + amplitudes[sample, $1] * waves[$1] }
          }
        }
      }
    }
  }
  return FieldPairs(inputs: field(shift: 0, scale: 1, mean: 0), targets: field(shift: 1, scale: 0.5, mean: 2))
}

func toySettings(_ architecture: Architecture = .equilibrium, epochs: Int = 3) -> TrainingSettings {
  var model = OperatorConfiguration(architecture: architecture)
  (model.width, model.modes, model.projectionWidth, model.layersPerBlock) = (6, [3, 3], 8, 2)
  var settings = TrainingSettings(model: model)
  (settings.epochs, settings.batch) = (epochs, 5)
  return settings
}

func toyTrainer(_ settings: TrainingSettings) throws -> Trainer {
  let pairs = toyPairs(count: 22)
  return try Trainer(
    settings: settings, train: pairs.gathering(Array(0..<17)), validation: pairs.gathering(Array(17..<22)))
}

@Suite struct TrainerTests {
  @Test(arguments: [
    Architecture.fno(blocks: 1), .injectedFNO(blocks: 1), .weightTied(iterations: 3), .equilibrium,
  ]) func everyModelLearnsASmoothMap(_ architecture: Architecture) throws {
    let trainer = try toyTrainer(toySettings(architecture, epochs: 30))
    var state = try trainer.start()
    var errors: [Double] = []
    for _ in 0..<30 {
      while state.progress.stepsIntoEpoch < trainer.stepsPerEpoch { _ = try trainer.step(&state) }
      errors.append(try trainer.finishEpoch(&state).summary.trainError)
    }
    #expect(errors[29] < 0.25 * errors[0], "\(architecture.name): \(errors[0]) to \(errors[29])")
  }

  /// The same model within the tolerance of its solves, in fewer evaluations once every sample has been seen.
  @Test func warmStartsSaveEvaluationsAndNothingElse() throws {
    let runs = try [false, true].map { warmStart -> [EpochSummary] in
      var settings = toySettings(epochs: 4)
      (settings.warmStart, settings.equilibrium.tolerance) = (warmStart, 1e-5)
      let trainer = try toyTrainer(settings)
      var state = try trainer.start()
      for _ in 0..<4 {
        for _ in 0..<trainer.stepsPerEpoch { _ = try trainer.step(&state) }
        _ = try trainer.finishEpoch(&state)
      }
      return state.progress.history
    }
    #expect(runs[0][0].evaluations == runs[1][0].evaluations)
    for (cold, warm) in zip(runs[0], runs[1]) {
      #expect(abs(warm.trainError - cold.trainError) < 1e-3 * cold.trainError)
    }
    for epoch in 1..<4 { #expect(runs[1][epoch].evaluations < runs[0][epoch].evaluations) }
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let weights = try [1, 3].map { count -> [[Float]] in
      Parallel.threads = count
      let trainer = try toyTrainer(toySettings())
      var state = try trainer.start()
      for _ in 0..<trainer.stepsPerEpoch { _ = try trainer.step(&state) }
      return state.parameters.map(\.elements)
    }
    #expect(weights[0] == weights[1])
  }

  /// In the first epoch, sample by sample as the seed orders them: what is not finite, and whose fault it is.
  @Test(arguments: [
    // Nothing is relative to a target of zero.
    (Float(0), 4e-3, "the loss is not finite at epoch 1, step"),
    // An error relative to 1e-36 and its gradient fit into single precision, the gradient's square does not; whose it was is
    // lost in the sum over the batch.
    (1e-36, 4e-3, "the updated lifting.weight is not finite at epoch 1, step"),
  ])
  func whatIsNotFiniteIsNamedWithItsSample(_ factor: Float, _ rate: Double, _ words: String) throws {
    let culprit = 7
    var pairs = toyPairs(count: 22)
    let stride = pairs.targets.sampleStride
    pairs.targets.withUnsafeMutableBuffer { values in
      for i in culprit * stride..<(culprit + 1) * stride { values[i] *= factor }
    }
    let trainer = try Trainer(
      settings: toySettings(), train: pairs.gathering(Array(0..<17)), validation: pairs.gathering(Array(17..<22)))
    var state = try trainer.start()
    #expect {
      for _ in 0..<trainer.stepsPerEpoch { _ = try trainer.step(&state) }
    } throws: { "\($0)".hasPrefix(words) && (factor > 0 || "\($0)".contains(", sample \(culprit);")) }
  }

  @Test func weightsThatAreNotFiniteStopTheRunWithinTheStep() throws {
    var settings = toySettings()
    settings.learningRate = 1e39
    let trainer = try toyTrainer(settings)
    var state = try trainer.start()
    #expect { try trainer.step(&state) } throws: { "\($0)".hasPrefix("the updated lifting") }
  }

  @Test func aLossThatIsNotFiniteStopsTheRunAndNamesTheStep() throws {
    var settings = toySettings()
    settings.learningRate = 1e30
    let trainer = try toyTrainer(settings)
    var state = try trainer.start()
    #expect {
      for _ in 0..<trainer.stepsPerEpoch { _ = try trainer.step(&state) }
    } throws: { "\($0)".contains("is not finite at epoch 1, step") }
  }
}

func toyDescription() throws -> DataDescription {
  DataDescription(
    identifier: "toy", map: .darcy, grid: [8, 8], sampleCount: 22, units: [:],
    split: try DataSplit(count: 22, validation: 5, test: 0, seed: 0))
}

func temporaryFolder() throws -> String {
  let path = NSTemporaryDirectory() + "pde-test-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}
