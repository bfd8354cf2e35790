import Tensors

/// What a nonlinear solve has done so far.
struct NewtonState {
  let reference: Double
  /// What `‖F‖` must reach.
  let target: Double
  let firstNorm: Double
  private(set) var point: Tensor<Double>
  private(set) var residual: Tensor<Double>
  private(set) var norm: Double
  private var best: (point: Tensor<Double>, norm: Double)
  /// Steps after the one that found the least residual.
  private(set) var stepsSinceBest = 0
  private var trace: [Double]
  private(set) var steps = 0
  var residualEvaluations = 1
  private var jacobianProducts = 0
  var termination: Termination?

  init(_ system: some NonlinearSystem, _ tolerance: Tolerance, _ start: Tensor<Double>) {
    reference = system.referenceNorm
    target = tolerance.absolute * Double(start.count).squareRoot() + tolerance.relative * reference
    residual = system.residual(at: start)
    norm = residual.norm
    firstNorm = norm
    point = start
    best = (start, norm)
    trace = [reference > 0 ? norm / reference : norm]
    judge()
  }

  /// Solves `A s = −F` and counts.
  mutating func solveLinear(_ system: LinearizedSystem, _ gmres: GMRES) -> LinearSolution {
    var products = 0
    let step = gmres.solve(rightHandSide: residual.scaled(by: -1), preconditioner: system.preconditioner) {
      products += 1
      return system.product($0)
    }
    jacobianProducts += products
    return step
  }

  mutating func move(to point: Tensor<Double>, _ residual: Tensor<Double>, _ norm: Double) {
    (self.point, self.residual, self.norm) = (point, residual, norm)
    steps += 1
    trace.append(relative(norm))
    stepsSinceBest += 1
    if norm < best.norm {
      best = (point, norm)
      stepsSinceBest = 0
    }
    judge()
  }

  private mutating func judge() {
    if !norm.isFinite {
      termination = .nonfinite
    } else if norm <= target {
      termination = .converged
    }
  }

  /// Whether the last `window` steps did not halve the residual.
  func isStagnant(over window: Int) -> Bool {
    trace.count > window && trace[trace.count - 1] > 0.5 * trace[trace.count - 1 - window]
  }

  private func relative(_ norm: Double) -> Double { reference > 0 ? norm / reference : norm }

  var solution: NonlinearSolution {
    NonlinearSolution(
      point: best.point, termination: termination ?? .iterationLimit,
      statistics: NonlinearStatistics(
        steps: steps, residual: relative(best.norm), trace: trace, residualEvaluations: residualEvaluations,
        jacobianProducts: jacobianProducts))
  }
}
