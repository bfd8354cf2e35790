import Foundation
import Tensors
import Testing
import Training

@Suite struct OptimizationTests {
  @Test func gradientsAreShortenedToTheGivenNormAndNotBelow() throws {
    var moments: [Double] = []
    for norm in [nil, 1e-3, 1e6] {
      var settings = toySettings()
      // Without the penalty the first moment after one step is (1 − β₁) of the gradient.
      (settings.clipNorm, settings.optimizer.weightDecay) = (norm, 0)
      let trainer = try toyTrainer(settings)
      var state = try trainer.start()
      _ = try trainer.step(&state)
      moments.append(state.optimizer.first.reduce(0) { $0 + $1.dot($1) }.squareRoot() / 0.1)
    }
    #expect(moments[0] > 1e-2 && moments[0] == moments[2])
    // Single precision over a few hundred parameters.
    #expect(abs(moments[1] / 1e-3 - 1) < 1e-5)
  }

  @Test func theAverageFollowsTheWeightsAndIsWhatAnswers() throws {
    var settings = toySettings()
    settings.averageDecay = 0.5
    let trainer = try toyTrainer(settings)
    var state = try trainer.start()
    var expected = state.parameters.map { $0.elements.map(Double.init) }
    for step in 1...4 {
      _ = try trainer.step(&state)
      let decay = min(0.5, Double(1 + step) / Double(10 + step))
      for (index, weights) in state.parameters.enumerated() {
        for (i, weight) in weights.elements.enumerated() {
          expected[index][i] = decay * expected[index][i] + (1 - decay) * Double(weight)
        }
      }
    }
    let averages = try #require(state.averages)
    for (average, expected) in zip(averages, expected) {
      for (a, b) in zip(average.elements, expected) { #expect(abs(Double(a) - b) <= 1e-6 * max(1, abs(b))) }
    }
    #expect(averages[0].elements != state.parameters[0].elements)
    #expect(trainer.predictor(for: state).model.parameters[0].value.elements == averages[0].elements)
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Checkpoint(trainer, toyDescription(), state).write(to: folder + "/c.safetensors")
    let stored = try Checkpoint(reading: folder + "/c.safetensors").predictor()
    #expect(stored.model.parameters[0].value.elements == averages[0].elements)
  }

  @Test func aRunEndsWhenNothingHasImprovedForLongEnough() throws {
    var settings = toySettings(epochs: 50)
    (settings.patience, settings.learningRate, settings.schedule.shape) = (3, 1, .constant)
    let trainer = try toyTrainer(settings)
    var state = try trainer.start()
    while !trainer.isFinished(state) {
      for _ in 0..<trainer.stepsPerEpoch { _ = try trainer.step(&state) }
      _ = try trainer.finishEpoch(&state)
    }
    let errors = state.progress.history.map(\.validationError)
    let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
    #expect(errors.count < 50 && errors.count == best + 1 + 3)
  }
}
