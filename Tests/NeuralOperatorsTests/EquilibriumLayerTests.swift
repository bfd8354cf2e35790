import Autodiff
import NeuralOperators
import Solvers
import TestSupport
import Tensors
import Testing

@Suite struct EquilibriumLayerTests {
  let model: NeuralOperator<Tensor<Double>>
  let input: Tensor<Double> = randomTensor([3, 1, 9, 8], stream: 5)
  let target: Tensor<Double> = randomTensor([3, 1, 9, 8], stream: 6)

  init() throws {
    model = try NeuralOperator(smallConfiguration(.equilibrium), seed: 3)
  }

  private func gradient(_ layer: EquilibriumLayer, record: EquilibriumRecord<Double> = EquilibriumRecord()) throws
    -> [Tensor<Double>]
  {
    try valueWithGradient(at: model.parameters.map(\.value)) { parameters in
      let output = try model.replacingParameters(parameters)(
        Traced(constant: input), equilibrium: layer, record: record)
      return (output - Traced(constant: target)).squared().sum()
    }.gradient
  }

  private func distance(_ a: [Tensor<Double>], _ b: [Tensor<Double>]) -> Double {
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1).dot($1.0 - $1.1) }
    return (difference / b.reduce(0) { $0 + $1.dot($1) }).squareRoot()
  }

  /// 200 steps leave a residual far below rounding, so the bound is the accuracy of the two solves.
  @Test(arguments: SolverKind.allCases)
  func theImplicitGradientIsThatOf200UnrolledSteps(_ solver: SolverKind) throws {
    var settings = EquilibriumSettings()
    settings.solver = solver
    settings.tolerance = 1e-13
    settings.adjointTolerance = 1e-13
    settings.adjoint = .implicit
    settings.evaluationLimit = 200
    let record = EquilibriumRecord<Double>()
    let implicit = try gradient(settings.layer, record: record)
    let unrolled = try gradient(tightEquilibrium(.unrolled(steps: 200)))
    #expect(record.forward?.unconverged == 0 && record.adjoint?.unconverged == 0)
    #expect(distance(implicit, unrolled) < 1e-8)
  }

  /// One undamped phantom step is the gradient with the state held fixed: the Jacobian-free gradient.
  @Test func aPhantomStepIsTheGradientOfOneApplicationAtTheFixedPoint() throws {
    let phantom = try gradient(tightEquilibrium(.phantom(steps: 1, damping: 1)))
    let exact = try gradient(tightEquilibrium(.implicit))
    #expect(distance(phantom, exact) > 1e-4)
    let many = try gradient(tightEquilibrium(.phantom(steps: 100, damping: 1)))
    #expect(distance(many, exact) < 1e-10)
    let damped = try gradient(tightEquilibrium(.phantom(steps: 200, damping: 0.5)))
    #expect(distance(damped, exact) < 1e-10)
  }

  /// The error of the gradient follows the tolerance of the adjoint solve.
  @Test func aLooserAdjointToleranceGivesAProportionallyLooserGradient() throws {
    let exact = try gradient(tightEquilibrium(.implicit))
    let errors = try [1e-2, 1e-4, 1e-6, 1e-8].map { tolerance -> Double in
      var settings = EquilibriumSettings()
      settings.tolerance = 1e-13
      settings.evaluationLimit = 200
      settings.adjoint = .implicit
      settings.adjointTolerance = tolerance
      return distance(try gradient(settings.layer), exact)
    }
    for (error, tolerance) in zip(errors, [1e-2, 1e-4, 1e-6, 1e-8]) { #expect(error < 10 * tolerance) }
    for (error, next) in zip(errors, errors.dropFirst()) { #expect(next < error) }
  }

  /// A start that already is the fixed point must not lose the gradient.
  @Test func theGradientFlowsWhenTheStartIsTheFixedPoint() throws {
    let cell = ScaledSine(scale: Traced(variable: Tensor(shape: [1], repeating: 0.5)), shift: 1.0)
    let layer = tightEquilibrium(.implicit)
    let first = layer.state(of: cell, from: .zeros([1, 1]))
    let again = layer(cell, from: first)
    let gradient = try Linearization(of: again, towards: [cell.scale]).pullback(Tensor(shape: [1, 1], repeating: 1))
    let z = first.elements[0]
    // z = s·sin(z) + c: dz/ds = sin(z)/(1 − s·cos(z)).
    #expect(abs(gradient[0].elements[0] - Double.sin(z) / (1 - 0.5 * Double.cos(z))) < 1e-11)
  }

  @Test func anUnconvergedSolveIsCountedPerSample() throws {
    var settings = EquilibriumSettings()
    settings.tolerance = 1e-13
    settings.evaluationLimit = 2
    let record = EquilibriumRecord<Double>()
    _ = try model.mapParameters { Traced(constant: $1) }(
      Traced(constant: input), equilibrium: settings.layer, record: record)
    #expect(record.forward?.unconverged == 3)
    #expect(record.forward?.statistics.map(\.evaluations) == [2, 2, 2])
  }
}

/// `z ↦ s·sin(z) + c` for one number.
private struct ScaledSine: EquilibriumCell {
  let scale: Traced<Double>
  let shift: Double

  func callAsFunction(_ state: Traced<Double>) -> Traced<Double> {
    let sine = state.value.elements.map { Double.sin($0) }
    let factor = scale.value.elements[0]
    return .recorded(
      Tensor(shape: state.shape, elements: sine.map { factor * $0 + shift }), from: [state, scale]
    ) { cotangent, _ in
      let slopes = state.value.elements.map { factor * Double.cos($0) }
      return [
        cotangent * Tensor(shape: cotangent.shape, elements: slopes),
        Tensor(shape: [1], repeating: zip(cotangent.elements, sine).reduce(0) { $0 + $1.0 * $1.1 }),
      ]
    }
  }

  func detached(samples: [Int]) -> ScaledSine { ScaledSine(scale: scale.detached, shift: shift) }
}
