import Foundation
import NeuralOperators
import Solvers
import Tensors
import Training

extension Benchmark {
  /// Neural operators: forward passes and training steps.
  static let networks = operators + equilibria

  /// The plain Fourier neural operator: layers without channel MLP, the last without activation.
  private static let operators = [
    NetworkShape(name: "darcy85", grid: 85, width: 32, modes: 12, padding: 9),
    NetworkShape(name: "n64_w64_m16", grid: 64, width: 64, modes: 16),
    NetworkShape(name: "n128_w32_m12", grid: 128, width: 32, modes: 12),
    NetworkShape(name: "n61_w32_m12", grid: 61, width: 32, modes: 12),
    NetworkShape(name: "n96_w48_m20", grid: 96, width: 48, modes: 20),
    NetworkShape(name: "n101_w40_m12", grid: 101, width: 40, modes: 12),
    NetworkShape(name: "n256_w32_m16", grid: 256, width: 32, modes: 16, batch: 4),
  ].flatMap { shape in
    let network = Network(shape: shape, architecture: .fno(blocks: 1), layers: 3)
    return [network.forward("fno.\(shape.name)"), network.trainingStep("fno.\(shape.name)")]
  }

  /// One Fourier layer iterated to equilibrium, with as many evaluations forward and in the adjoint as the name says.
  private static let equilibria = [(SolverKind.anderson, 16), (.anderson, 24), (.broyden, 16), (.broyden, 24)].flatMap {
    solver, evaluations in
    let shape = NetworkShape(name: "n64_w32_m12", grid: 64, width: 32, modes: 12, batch: 16)
    let network = Network(
      shape: shape, architecture: .equilibrium, layers: 1, solver: solver, evaluations: evaluations)
    let name = "fno-deq.\(solver.rawValue)\(evaluations)"
    return [network.forward(name), network.trainingStep(name)]
  }
}

/// Sizes of a network and its batch.
private struct NetworkShape {
  let name: String
  let grid: Int
  let width: Int
  let modes: Int
  var padding = 0
  var batch = 20
}

/// A network whose passes are timed on fields of random numbers.
private struct Network {
  let shape: NetworkShape
  let architecture: Architecture
  let layers: Int
  var solver = SolverKind.anderson
  var evaluations = 1

  private func settings(_ size: Benchmark.Size) -> (TrainingSettings, grid: [Int], evaluations: Int) {
    var model = OperatorConfiguration(architecture: architecture)
    model.width = size.pick(shape.width, small: 8)
    model.modes = Array(repeating: size.pick(shape.modes, small: 4), count: 2)
    model.layersPerBlock = layers
    model.hasChannelMLP = false
    model.padding = .points(shape.padding)
    let evaluations = size.pick(evaluations, small: 4)
    var settings = TrainingSettings(model: model)
    settings.batch = size.pick(shape.batch, small: 2)
    settings.equilibrium.solver = solver
    settings.equilibrium.adjoint = .implicit
    settings.equilibrium.exactEvaluations = evaluations
    let n = size.pick(shape.grid, small: 16)
    return (settings, [n, n], evaluations)
  }

  private func pairs(_ settings: TrainingSettings, _ grid: [Int]) -> FieldPairs<Float> {
    func random(_ number: Int) -> Tensor<Float> {
      .uniform(
        [settings.batch, 1] + grid, in: -1..<1, from: RandomStream(seed: 1, purpose: .test, sample: number))
    }
    return FieldPairs(inputs: random(0), targets: random(1))
  }

  private var sizes: String {
    "\(shape.grid)² points, width \(shape.width), \(shape.modes) modes, batch \(shape.batch)"
  }

  func forward(_ name: String) -> Benchmark {
    Benchmark(name: "\(name).forward", summary: "forward pass: \(sizes)") { [self] size in
      let (settings, grid, evaluations) = settings(size)
      let data = pairs(settings, grid)
      let predictor = Predictor(
        model: try NeuralOperator(settings.model, seed: 0),
        inputNormalizer: Normalizer(fitting: data.inputs, .channel),
        targetNormalizer: Normalizer(fitting: data.targets, .channel), equilibrium: settings.equilibrium)
      let cost = try settings.model.forwardCost(grid: grid, evaluations: evaluations) * Double(settings.batch)
      return {
        _ = try predictor.predict(data.inputs)
        return Benchmark.Work(samples: settings.batch, operations: cost.operations, bytes: cost.bytes)
      }
    }
  }

  func trainingStep(_ name: String) -> Benchmark {
    Benchmark(name: "\(name).step", summary: "training step: \(sizes)") { [self] size in
      let (settings, grid, evaluations) = settings(size)
      let data = pairs(settings, grid)
      let trainer = try Trainer(settings: settings, train: data, validation: data)
      let state = Mutable(try trainer.start())
      let cost =
        try settings.model.trainingCost(grid: grid, evaluations: evaluations) * Double(settings.batch)
        + .optimiserStep(parameters: trainer.parameterCount)
      return {
        // Every timed step is the first of an epoch.
        state.value.progress.stepsIntoEpoch = 0
        _ = try trainer.step(&state.value)
        return Benchmark.Work(samples: settings.batch, operations: cost.operations, bytes: cost.bytes)
      }
    }
  }
}

/// A value that a benchmark's body changes; one thread at a time runs it.
final class Mutable<Value>: @unchecked Sendable {
  // Unchecked: a benchmark's body is called by one thread, one call after the other.
  var value: Value
  init(_ value: Value) { self.value = value }
}
