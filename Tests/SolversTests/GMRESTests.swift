import Solvers
import Tensors
import Testing

@Suite struct GMRESTests {
  /// A matrix [n, n] far from symmetric: the identity plus independent entries of size `spread/√n`.
  private func matrix(_ n: Int, spread: Double, sample: Int) -> Tensor<Double> {
    var a = Tensor<Double>.normal([n, n], from: RandomStream(seed: 3, purpose: .test, sample: sample))
      .scaled(by: spread / Double(n).squareRoot())
    for i in 0..<n { a[i, i] += 1 }
    return a
  }

  private func vector(_ n: Int, sample: Int) -> Tensor<Double> {
    .normal([n], from: RandomStream(seed: 4, purpose: .test, sample: sample))
  }

  private func times(_ a: Tensor<Double>, _ x: Tensor<Double>) -> Tensor<Double> {
    a.matrixProduct(x.reshaped(to: [x.count, 1])).reshaped(to: [x.count])
  }

  @Test(arguments: [1, 2, 7, 23, 60])
  func nIterationsSolveNEquations(n: Int) {
    let (a, x) = (matrix(n, spread: 2, sample: n), vector(n, sample: n))
    let b = times(a, x)
    let solution = GMRES(tolerance: Tolerance(relative: 1e-10), restart: n).solve(rightHandSide: b) { times(a, $0) }
    #expect(solution.termination == .converged)
    #expect(solution.statistics.iterations <= n)
    #expect((solution.solution - x).norm <= 1e-7 * x.norm)
    let residual = (b - times(a, solution.solution)).norm / b.norm
    #expect(abs(residual - solution.statistics.residual) <= 1e-15)
  }

  @Test func theResidualNeverRisesAndIsTheLeastOfTheKrylovSpace() {
    let n = 40
    let (a, b) = (matrix(n, spread: 1.5, sample: 1), vector(n, sample: 1))
    let trace = GMRES(tolerance: Tolerance(relative: 1e-12), restart: n)
      .solve(rightHandSide: b) { times(a, $0) }.statistics.trace
    #expect(zip(trace, trace.dropFirst()).allSatisfy { $1 <= $0 })
    // One iteration: min over α of ‖b − α A b‖.
    let image = times(a, b)
    let share = image.dot(b) / image.dot(image)
    #expect(abs((b - image.scaled(by: share)).norm / b.norm - trace[1]) <= 1e-14)
  }

  @Test func aPreconditionerChangesTheWayButNotTheAnswer() {
    let n = 50
    var a = matrix(n, spread: 0.3, sample: 2)
    for i in 0..<n { for j in 0..<n { a[i, j] *= Double((1 + i) * (1 + i)) } }
    let x = vector(n, sample: 2)
    let b = times(a, x)
    let gmres = GMRES(tolerance: Tolerance(relative: 1e-12), restart: n)
    let plain = gmres.solve(rightHandSide: b) { times(a, $0) }
    let scales = Tensor<Double>(shape: [n], elements: (0..<n).map { 1 / Double((1 + $0) * (1 + $0)) })
    let preconditioned = gmres.solve(rightHandSide: b, preconditioner: { $0 * scales }, product: { times(a, $0) })
    #expect(preconditioned.termination == .converged)
    #expect(preconditioned.statistics.iterations * 2 < plain.statistics.iterations)
    #expect((preconditioned.solution - x).norm <= 1e-8 * x.norm)
    #expect((b - times(a, preconditioned.solution)).norm <= 1e-12 * b.norm)
  }

  @Test func aRestartedSolveReachesTheToleranceInMoreIterations() {
    let n = 60
    let (a, b) = (matrix(n, spread: 0.5, sample: 5), vector(n, sample: 5))
    func iterations(_ restart: Int) -> Int {
      let solution = GMRES(tolerance: Tolerance(relative: 1e-9), restart: restart)
        .solve(rightHandSide: b) { times(a, $0) }
      #expect(solution.termination == .converged)
      #expect((b - times(a, solution.solution)).norm <= 1e-9 * b.norm)
      return solution.statistics.iterations
    }
    #expect(iterations(5) > iterations(n))
  }

  @Test func failuresAreTypedAndNeverCalledConverged() {
    let n = 30
    let (a, b) = (matrix(n, spread: 2, sample: 6), vector(n, sample: 6))
    let short = GMRES(restart: n, iterationLimit: 3).solve(rightHandSide: b) { times(a, $0) }
    #expect(short.termination == .iterationLimit)
    #expect(short.statistics.iterations == 3)
    #expect(short.statistics.residual < 1 && short.statistics.residual > 1e-8)
    // Singular: the last component of the image is always 0, that of b is not.
    let singular = GMRES(restart: n).solve(rightHandSide: b) { v in
      var image = times(a, v)
      image[n - 1] = 0
      return image
    }
    #expect(singular.termination == .stagnated)
    let nan = GMRES().solve(rightHandSide: b) { $0.scaled(by: .nan) }
    #expect(nan.termination == .nonfinite)
    #expect(nan.solution.isFinite)
    let infinite = GMRES().solve(rightHandSide: b.scaled(by: .infinity)) { $0 }
    #expect(infinite.termination == .nonfinite)
    // A cyclic shift makes no progress before the n-th iteration (Greenbaum, Pták & Strakoš 1996).
    let unit = Tensor<Double>(shape: [n], elements: (0..<n).map { $0 == 0 ? 1 : 0 })
    func shift(_ v: Tensor<Double>) -> Tensor<Double> {
      let e = v.elements
      return Tensor(shape: [n], elements: Array(e.suffix(1) + e.dropLast()))
    }
    #expect(GMRES(restart: n - 1).solve(rightHandSide: unit, product: shift).termination == .stagnated)
    #expect(GMRES(restart: n).solve(rightHandSide: unit, product: shift).statistics.iterations == n)
  }

  @Test func aZeroRightHandSideHasTheZeroSolution() {
    let solution = GMRES().solve(rightHandSide: .zeros([5])) { $0 }
    #expect(solution.termination == .converged)
    #expect(solution.solution.elements == [0, 0, 0, 0, 0])
    #expect(solution.statistics.residual == 0)
  }
}
