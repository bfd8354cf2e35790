import Autodiff
import Foundation
import NeuralOperators
public import Tensors

/// Trains a neural operator on pairs of fields.
///
/// A value that knows settings and data; the running state is passed in and out, so that a run can be stopped at any step
/// and continued to the same bits. Every random choice is a function of (seed, epoch or sample).
public struct Trainer: Sendable {
  /// What was asked for.
  public let settings: TrainingSettings
  /// Fitted to the training inputs, noise included.
  public let inputNormalizer: Normalizer<Float>
  /// Fitted to the training targets, noise included.
  public let targetNormalizer: Normalizer<Float>
  /// The mean training target of shape (channel, spatial …): the prediction that knows nothing of the input.
  public let meanTarget: Tensor<Float>

  private let inputs: Tensor<Float>
  private let targets: Tensor<Float>
  private let validation: FieldPairs<Float>
  /// Shapes alone: the parameters are the state's.
  private let structure: NeuralOperator<[Int]>

  /// - Parameters:
  ///   - settings: validated against the data's grid.
  ///   - train: clean training pairs; noise is added here.
  ///   - validation: clean pairs that choose the best epoch.
  public init(settings: TrainingSettings, train: FieldPairs<Float>, validation: FieldPairs<Float>) throws {
    try settings.model.validate(grid: train.grid)
    self.settings = settings
    self.validation = validation
    let noisy = settings.noise.disturb(train, seed: settings.seed)
    inputNormalizer = Normalizer(fitting: noisy.inputs, settings.normalizer)
    targetNormalizer = Normalizer(fitting: noisy.targets, settings.normalizer)
    inputs = inputNormalizer.encode(noisy.inputs)
    targets = noisy.targets
    meanTarget = noisy.targets.summingSamples().scaled(by: 1 / Float(noisy.count))
    structure = try NeuralOperator<Tensor<Float>>(zeros: settings.model).mapParameters { $1.shape }
  }

  /// The state before the first step.
  public func start() throws -> TrainingState {
    TrainingState(
      model: try NeuralOperator(settings.model, seed: settings.seed),
      equilibria: settings.startsWarm
        ? .zeros([inputs.samples, settings.model.width] + settings.model.paddedGrid(grid)) : nil,
      averaging: settings.averageDecay != nil)
  }

  /// Steps of an epoch; the last batch may be smaller.
  public var stepsPerEpoch: Int { (inputs.samples + settings.batch - 1) / settings.batch }

  /// Real parameters of the model.
  public var parameterCount: Int { structure.parameterCount }

  /// Whether all epochs are done, or further ones are not worth it.
  public func isFinished(_ state: TrainingState) -> Bool {
    let progress = state.progress
    if let patience = settings.patience, progress.epochsDone - progress.bestEpoch >= patience { return true }
    return progress.epochsDone >= settings.epochs
  }

  private func rate(at step: Int, after history: [EpochSummary]) -> Double {
    settings.learningRate
      * settings.schedule.fraction(
        at: step, stepsPerEpoch: stepsPerEpoch, epochs: settings.epochs, after: history.map(\.validationError))
  }

  /// One optimiser step; returns the mean relative error of its batch.
  ///
  /// - Throws: `TrainingError.nonfinite` with the sample's number among the training pairs; the state is then of no use.
  public func step(_ state: inout TrainingState) throws -> Double {
    let began = DispatchTime.now()
    let (epoch, position) = (state.progress.epochsDone, state.progress.stepsIntoEpoch)
    let order = RandomStream(seed: settings.seed, purpose: .shuffle, sample: epoch).permutation(of: inputs.samples)
    let start = position * settings.batch
    let rows = Array(order[start..<min(start + settings.batch, order.count)])
    let step = epoch * stepsPerEpoch + position

    var gradients: [Tensor<Float>] = []
    var error = 0.0
    let groups = SampleGroups(count: rows.count, size: structure.groupSize(grid: grid, settings.equilibrium))
    for group in groups.ranges {
      let part = try gradient(of: Array(rows[group]), at: &state, epoch: epoch, step: step)
      error += part.error
      if gradients.isEmpty {
        gradients = part.gradients
      } else {
        Profiler.measure("sum of gradients") {
          for index in gradients.indices { gradients[index].add(part.gradients[index]) }
        }
      }
      state.progress.evaluations += part.record.forward?.evaluations ?? 0
      state.progress.adjointEvaluations += part.record.adjoint?.evaluations ?? 0
      state.progress.unconverged += part.record.forward?.unconverged ?? 0
    }
    if let name = firstNonfinite(gradients) {
      let sample = try rows.first {
        var copy = state
        return firstNonfinite(try gradient(of: [$0], at: &copy, epoch: epoch, step: step).gradients) != nil
      }
      throw TrainingError.nonfinite(
        what: "the gradient of \(name)", epoch: epoch + 1, step: step + 1, sample: sample)
    }
    let rate = rate(at: step, after: state.progress.history)
    Profiler.measure("optimiser") {
      if let norm = settings.clipNorm { GradientClip(norm: norm).apply(to: &gradients) }
      settings.optimizer.update(
        &state.parameters, gradients: gradients, rate: rate, state: &state.optimizer)
      if let decay = settings.averageDecay, var averages = state.averages {
        state.averages = nil
        WeightAverage(decay: decay).update(&averages, with: state.parameters, steps: state.optimizer.steps)
        state.averages = averages
      }
    }

    // A second moment that has overflowed would hide behind a step of 0.
    if let name = firstNonfinite(state.parameters) ?? firstNonfinite(state.optimizer.second) {
      throw TrainingError.nonfinite(
        what: "the updated \(name)", epoch: epoch + 1, step: step + 1, sample: rows.count == 1 ? rows[0] : nil)
    }

    state.progress.stepsIntoEpoch += 1
    state.progress.learningRate = rate
    state.progress.errorSum += error
    state.progress.samples += rows.count
    state.progress.seconds += Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9
    return error / Double(rows.count)
  }

  /// The first parameter whose tensor in the list holds a value that is not finite.
  private func firstNonfinite(_ tensors: [Tensor<Float>]) -> String? {
    zip(structure.parameters, tensors).first { !$1.isFinite }?.0.name
  }

  private var grid: [Int] { Array(inputs.shape.dropFirst(2)) }

  /// The summed error of some samples and its gradient. Summed, not averaged, over the batch, as published: the sum sets
  /// the balance with the L2 penalty.
  private func gradient(
    of rows: [Int], at state: inout TrainingState, epoch: Int, step: Int
  ) throws -> (error: Double, gradients: [Tensor<Float>], record: EquilibriumRecord<Float>) {
    let record = EquilibriumRecord<Float>()
    let model = structure.replacingParameters(state.parameters.map { Traced(variable: $0) })
    let prediction = try model(
      Traced(constant: inputs.gathering(samples: rows)), equilibrium: layer(at: step),
      start: state.equilibria?.gathering(samples: rows), record: record)
    let errors = relativeL2(targetNormalizer.decode(prediction), targets.gathering(samples: rows))
    let loss = errors.sum()
    guard loss.value.isFinite else {
      let worst = errors.value.elements.firstIndex { !$0.isFinite }
      throw TrainingError.nonfinite(
        what: "the loss", epoch: epoch + 1, step: step + 1, sample: worst.map { rows[$0] })
    }
    let gradients = try Linearization(of: loss, towards: model.parameters.map(\.value)).pullback(Tensor(1))
    if let ends = record.state { state.equilibria?.scatter(ends, toSamples: rows) }
    return (Double(loss.value.scalar), gradients, record)
  }

  private func layer(at step: Int) -> EquilibriumLayer {
    guard let warmUp = settings.warmUp, step < warmUp.steps else { return settings.equilibrium.layer }
    return EquilibriumLayer(
      solver: settings.equilibrium.forwardSolver, adjoint: .unrolled(steps: warmUp.iterations))
  }

  /// Closes an epoch whose steps are done: validates, adds a row to the history, remembers the best.
  ///
  /// - Returns: the row, and whether its validation error is the smallest so far.
  public func finishEpoch(_ state: inout TrainingState) throws -> (summary: EpochSummary, isBest: Bool) {
    let began = DispatchTime.now()
    let predictor = predictor(for: state)
    let errors = try predictor.evaluate(validation, batch: settings.batch).errors.map(\.relativeL2)
    let error = errors.reduce(0, +) / Double(errors.count)
    var progress = state.progress
    let step = (progress.epochsDone + 1) * stepsPerEpoch
    guard error.isFinite else {
      throw TrainingError.nonfinite(
        what: "the validation error", epoch: progress.epochsDone + 1, step: step, sample: nil)
    }
    let summary = EpochSummary(
      epoch: progress.epochsDone + 1, step: step, learningRate: progress.learningRate,
      trainError: progress.errorSum / Double(progress.samples), validationError: error,
      evaluations: Double(progress.evaluations) / Double(progress.samples),
      adjointEvaluations: Double(progress.adjointEvaluations) / Double(progress.samples),
      unconverged: progress.unconverged,
      seconds: progress.seconds + Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9)
    let isBest = progress.bestError.map { error < $0 } ?? true
    let history = progress.history + [summary]
    progress = TrainingState.Progress(
      epochsDone: summary.epoch, bestError: isBest ? error : progress.bestError,
      bestEpoch: isBest ? summary.epoch : progress.bestEpoch, history: history)
    state.progress = progress
    return (summary, isBest)
  }

  /// The model as it stands, ready to predict in physical units.
  public func predictor(for state: TrainingState) -> Predictor {
    Predictor(
      model: structure.replacingParameters(state.answering), inputNormalizer: inputNormalizer,
      targetNormalizer: targetNormalizer, equilibrium: settings.equilibrium)
  }
}
