import Foundation
import Solvers
import Tensors
import Testing

/// `F` and its Jacobian as a matrix, for small problems.
private struct SmallSystem: NonlinearSystem {
  var referenceNorm = 1.0
  let function: ([Double]) -> [Double]
  let jacobian: ([Double]) -> [[Double]]

  func residual(at point: Tensor<Double>) -> Tensor<Double> {
    Tensor(shape: point.shape, elements: function(point.elements))
  }

  func linearization(at point: Tensor<Double>, shift: Double) -> LinearizedSystem {
    let matrix = jacobian(point.elements)
    return LinearizedSystem(product: { v in
      let v = v.elements
      return Tensor(
        shape: [v.count],
        elements: v.indices.map { i in v.indices.reduce(-shift * v[i]) { $0 + matrix[i][$1] * v[$1] } })
    })
  }

  /// Chandrasekhar's H-equation by the midpoint rule, `H_i = (1 − c/(2n) Σ_j μ_i H_j / (μ_i + μ_j))⁻¹` (Kelley 1995).
  static func chandrasekhar(_ n: Int, c: Double) -> SmallSystem {
    let mu = (0..<n).map { (Double($0) + 0.5) / Double(n) }
    let weight = c / Double(2 * n)
    func kernel(_ i: Int, _ j: Int) -> Double { weight * mu[i] / (mu[i] + mu[j]) }
    func sum(_ h: [Double], _ i: Int) -> Double { h.indices.reduce(0) { $0 + kernel(i, $1) * h[$1] } }
    return SmallSystem(
      function: { h in h.indices.map { h[$0] - 1 / (1 - sum(h, $0)) } },
      jacobian: { h in
        h.indices.map { i in
          let factor = pow(1 - sum(h, i), -2)
          return h.indices.map { j in (i == j ? 1 : 0) - factor * kernel(i, j) }
        }
      })
  }

  /// arctan, componentwise: full Newton steps diverge from |x| > 1.3917….
  static var arctangent: SmallSystem {
    SmallSystem(
      function: { $0.map(atan) },
      jacobian: { x in x.indices.map { i in x.indices.map { i == $0 ? 1 / (1 + x[i] * x[i]) : 0 } } })
  }
}

@Suite struct NewtonKrylovTests {
  private let tight = Tolerance(absolute: 1e-13)

  private func vector(_ elements: [Double]) -> Tensor<Double> { Tensor(shape: [elements.count], elements: elements) }

  @Test func theTailIsQuadraticOnTheHEquation() {
    let system = SmallSystem.chandrasekhar(100, c: 0.9)
    let solution = NewtonKrylov(tolerance: tight).solve(system, from: vector(Array(repeating: 1, count: 100)))
    #expect(solution.termination == .converged)
    let trace = solution.statistics.trace
    #expect(solution.statistics.steps <= 6)
    #expect(trace.count == solution.statistics.steps + 1)
    // r(k+1) ≤ C r(k)² at least twice, above rounding.
    let ratios = zip(trace, trace.dropFirst()).filter { $1 > 1e-13 }.map { $1 / ($0 * $0) }
    #expect(ratios.count >= 2 && ratios.allSatisfy { $0 < 1 }, "\(trace)")
    #expect(abs(solution.statistics.residual - system.residual(at: solution.point).norm) == 0)
    #expect(solution.statistics.residualEvaluations == solution.statistics.steps + 1)
  }

  @Test func theLineSearchConvergesWhereFullStepsDiverge() {
    let start = vector([10])
    let searched = NewtonKrylov(tolerance: tight).solve(SmallSystem.arctangent, from: start)
    #expect(searched.termination == .converged)
    #expect(searched.point.norm <= 1e-12)
    #expect(searched.statistics.residualEvaluations > searched.statistics.steps + 1)
    #expect(zip(searched.statistics.trace, searched.statistics.trace.dropFirst()).allSatisfy { $1 < $0 })
    let full = NewtonKrylov(tolerance: tight, stepLimit: 6, backtrackLimit: 0)
      .solve(SmallSystem.arctangent, from: start)
    #expect(full.termination != .converged)
  }

  @Test func failuresAreTypedAndNeverCalledConverged() {
    let start = vector([10])
    let limited = NewtonKrylov(tolerance: tight, stepLimit: 1).solve(SmallSystem.arctangent, from: start)
    #expect(limited.termination == .iterationLimit)
    #expect(limited.statistics.steps == 1)
    #expect(limited.statistics.residual == SmallSystem.arctangent.residual(at: limited.point).norm)
    // x² + 1 has no real root: the line search ends at the minimum of its square.
    let rootless = SmallSystem(function: { [$0[0] * $0[0] + 1] }, jacobian: { [[2 * $0[0]]] })
    let stagnated = NewtonKrylov().solve(rootless, from: vector([2]))
    #expect(stagnated.termination == .stagnated)
    #expect(abs(stagnated.statistics.residual - 1) < 0.1)
    let nan = SmallSystem(function: { $0.map { $0 - .nan } }, jacobian: { _ in [[1]] })
    #expect(NewtonKrylov().solve(nan, from: vector([1])).termination == .nonfinite)
    // Defined at the start alone.
    let cliff = SmallSystem(function: { [$0[0] == 1 ? 1 : .infinity] }, jacobian: { _ in [[1]] })
    let fallen = NewtonKrylov().solve(cliff, from: vector([1]))
    #expect(fallen.termination == .nonfinite)
    #expect(fallen.point.elements == [1])
    // Full steps of ∛x double the distance and turn round.
    let cubicRoot = SmallSystem(function: { [cbrt($0[0])] }, jacobian: { [[1 / (3 * pow(cbrt($0[0]), 2))]] })
    let diverged = NewtonKrylov(stepLimit: 200, backtrackLimit: 0).solve(cubicRoot, from: vector([1]))
    #expect(diverged.termination == .diverged)
    #expect(diverged.point.elements == [1])
  }

  @Test func aStartAtTheSolutionNeedsNoStep() {
    let solution = NewtonKrylov(tolerance: tight).solve(SmallSystem.arctangent, from: vector([0, 0]))
    #expect(solution.termination == .converged)
    #expect(solution.statistics.steps == 0 && solution.statistics.jacobianProducts == 0)
  }
}

@Suite struct PseudoTransientTests {
  private func vector(_ elements: [Double]) -> Tensor<Double> { Tensor(shape: [elements.count], elements: elements) }

  /// `dx/dt = x − x³`, whose states ±1 are stable and 0 is not.
  private var bistable: SmallSystem {
    SmallSystem(
      function: { $0.map { $0 - $0 * $0 * $0 } },
      jacobian: { x in x.indices.map { i in x.indices.map { i == $0 ? 1 - 3 * x[i] * x[i] : 0 } } })
  }

  @Test(arguments: [0.3, -0.2, 4])
  func itGoesWhereTimeGoes(start: Double) {
    // Newton's method from 0.3 goes to the unstable state.
    let solution = PseudoTransient(tolerance: Tolerance(absolute: 1e-12), firstStep: 0.1)
      .solve(bistable, from: vector([start]))
    #expect(solution.termination == .converged)
    #expect(abs(solution.point[0] - (start > 0 ? 1 : -1)) <= 1e-11)
    #expect(solution.statistics.residual == bistable.residual(at: solution.point).norm)
    #expect(
      abs(NewtonKrylov(tolerance: Tolerance(absolute: 1e-12)).solve(bistable, from: vector([0.3])).point[0]) < 1e-6)
  }

  @Test func failuresAreTypedAndNeverCalledConverged() {
    let limited = PseudoTransient(stepLimit: 1, firstStep: 0.1).solve(bistable, from: vector([0.3]))
    #expect(limited.termination == .iterationLimit)
    // dx/dt = 1 has no steady state.
    let drift = SmallSystem(function: { _ in [1] }, jacobian: { _ in [[0]] })
    #expect(PseudoTransient(firstStep: 0.1).solve(drift, from: vector([0])).termination == .stagnated)
    let cliff = SmallSystem(function: { [$0[0] == 1 ? 1 : .infinity] }, jacobian: { _ in [[-1]] })
    #expect(PseudoTransient(firstStep: 0.1).solve(cliff, from: vector([1])).termination == .nonfinite)
  }
}
