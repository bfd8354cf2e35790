import Foundation
import Tensors
import Testing
import Training

/// A state that went through a file is the state that did not.
@Suite struct ResumeTests {
  private static let runs: [(RateSchedule.Shape, warmStart: Bool, everything: Bool)] =
    RateSchedule.Shape.allCases.map { ($0, false, true) } + [(.cosine, true, true), (.cosine, false, false)]

  @Test(arguments: runs)
  func aRunStoppedAtSevenStepsEqualsAnUnbrokenOne(
    _ shape: RateSchedule.Shape, warmStart: Bool, everything: Bool
  ) throws {
    var settings = toySettings(epochs: 6)
    settings.warmStart = warmStart
    if everything {
      (settings.schedule.shape, settings.schedule.rampSteps, settings.schedule.interval) = (shape, 3, 1)
      // Far too large, so that the validation error rises now and then.
      settings.learningRate = shape == .plateau ? 0.5 : 0.05
      (settings.averageDecay, settings.clipNorm, settings.patience) = (0.8, 0.5, 4)
    }
    let trainer = try toyTrainer(settings)
    let unbroken = try run(trainer, stoppingAt: [])
    let steps = RandomStream(seed: 3, purpose: .shuffle, sample: 0).permutation(of: 6 * trainer.stepsPerEpoch)
    let broken = try run(trainer, stoppingAt: Set(steps.prefix(7)))
    #expect(same(broken.parameters, unbroken.parameters))
    #expect(same(broken.optimizer.first, unbroken.optimizer.first))
    #expect(same(broken.optimizer.second, unbroken.optimizer.second))
    #expect(same(broken.averages ?? [], unbroken.averages ?? []) && (broken.averages != nil) == everything)
    #expect(same(broken.equilibria.map { [$0] } ?? [], unbroken.equilibria.map { [$0] } ?? []))
    let rows = [broken, unbroken].map { state in
      state.progress.history.map { [$0.trainError, $0.validationError, $0.evaluations, $0.learningRate] }
    }
    #expect(rows[0] == rows[1] && broken.progress.bestError == unbroken.progress.bestError)
    // What was switched on did something.
    let rates = Set(unbroken.progress.history.map(\.learningRate))
    #expect(rates.count > 1 || shape == .constant)
  }

  private func same(_ one: [Tensor<Float>], _ other: [Tensor<Float>]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { $0.elements == $1.elements }
  }

  /// Through a checkpoint behind each of the given steps, counted from 0.
  private func run(_ trainer: Trainer, stoppingAt stops: Set<Int>) throws -> TrainingState {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/c.safetensors"
    let data = try toyDescription()
    var state = try trainer.start()
    var done = 0
    while !trainer.isFinished(state) {
      while state.progress.stepsIntoEpoch < trainer.stepsPerEpoch {
        _ = try trainer.step(&state)
        if stops.contains(done) {
          try Checkpoint(trainer, data, state).write(to: path)
          state = try Checkpoint(reading: path).state
        }
        done += 1
      }
      _ = try trainer.finishEpoch(&state)
    }
    return state
  }
}
