import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

/// What the loop promises whatever the method.
@Suite struct FixedPointSolverTests {
  static let methods: [any FixedPointMethod] = [Picard(), Picard(damping: 0.7), Anderson(), Broyden()]

  /// `z ↦ a·z + 1` with a from half the sample's rate to the rate over its entries, so that no method finishes in two
  /// steps; samples without a rate give NaN.
  static func affine<Scalar: TensorScalar>(
    rates: [Double?], entries: Int
  ) -> (_ points: Tensor<Scalar>, _ samples: [Int]) -> Tensor<Scalar> {
    let factors = Tensor<Scalar>(
      converting: Tensor<Double>(
        shape: [rates.count, entries],
        elements: rates.flatMap { rate in
          FixedPointProblem.even(0.5, 1, entries).map { (rate ?? .nan) * $0 }
        }))
    return { points, samples in
      (points * factors.gathering(samples: samples)).affine(scale: 1, shift: 1)
    }
  }

  @Test(arguments: methods)
  func aSampleIsTheSameBitsAloneAndBesideAHardAndABrokenOne(method: any FixedPointMethod) {
    func check<Scalar: TensorScalar>(_: Scalar.Type, tolerance: Double) {
      let rates: [Double?] = [0.3, 0.97, nil, 0.6, 1.4]
      let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: tolerance), evaluationLimit: 400)
      // Longer than one piece of parallel work.
      let start: Tensor<Scalar> = randomTensor([rates.count, 9000])
      let batch = solver.solve(from: start, Self.affine(rates: rates, entries: 9000))
      for (sample, rate) in rates.enumerated() {
        let alone = solver.solve(
          from: start.gathering(samples: [sample]), Self.affine(rates: [rate], entries: 9000))
        #expect(alone.point.elements == batch.point.gathering(samples: [sample]).elements, "\(method), \(sample)")
        #expect(alone.terminations[0] == batch.terminations[sample])
        #expect(alone.statistics[0].evaluations == batch.statistics[sample].evaluations)
        #expect(zip(alone.statistics[0].trace, batch.statistics[sample].trace).allSatisfy { $0 == $1 || $0.isNaN })
      }
      #expect(batch.terminations[0] == .converged && batch.terminations[2] == .nonfinite)
      #expect(batch.statistics[1].evaluations > batch.statistics[0].evaluations)
    }
    check(Double.self, tolerance: 1e-10)
    check(Float.self, tolerance: 1e-5)
  }

  @Test(arguments: methods)
  func theThreadCountNeverChangesABit(method: any FixedPointMethod) {
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-4), evaluationLimit: 12)
    let start: Tensor<Float> = randomTensor([3, 20_000])
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    var solutions: [FixedPointSolution<Float>] = []
    for count in [1, 2] {
      Parallel.threads = count
      solutions.append(solver.solve(from: start, Self.affine(rates: [0.5, 0.9, 0.2], entries: 20_000)))
    }
    for solution in solutions.dropFirst() {
      #expect(solution.point.elements == solutions[0].point.elements)
      #expect(solution.statistics == solutions[0].statistics)
    }
  }

  @Test(arguments: methods)
  func onlyActiveSamplesAreEvaluatedAndCounted(method: any FixedPointMethod) {
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-8), evaluationLimit: 500)
    let map: (Tensor<Double>, [Int]) -> Tensor<Double> = Self.affine(rates: [0.9, 0.1, 0.5], entries: 40)
    var seen: [[Int]] = []
    let solution = solver.solve(from: Tensor<Double>.zeros([3, 40])) { points, samples in
      #expect(points.samples == samples.count)
      seen.append(samples)
      return map(points, samples)
    }
    #expect(solution.mapCalls == seen.count)
    #expect(solution.totalEvaluations == seen.reduce(0) { $0 + $1.count })
    for sample in 0..<3 {
      // A sample is in every call until it is finished, and in none after.
      let calls = seen.indices.filter { seen[$0].contains(sample) }
      #expect(calls == Array(0..<solution.statistics[sample].evaluations))
    }
    #expect(solution.totalEvaluations < 3 * solution.mapCalls)
  }

  @Test(arguments: methods)
  func anUnconvergedSampleReturnsItsBestPointWithThatResidual(method: any FixedPointMethod) {
    // Rises before it falls, so that the last point within the limit is not the best one.
    let problem = FixedPointProblem.nonNormal("transient", radius: 0.8, coupling: 0.5, dimension: 60)
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-12), evaluationLimit: 8)
    let solution = solver.solve(from: Tensor<Double>.zeros([1, 60])) { points, _ in problem(points) }
    let statistics = solution.statistics[0]
    #expect(solution.terminations[0] != .converged)
    #expect(statistics.residual == statistics.trace.min())
    let image = problem(solution.point)
    #expect(abs((image - solution.point).rootMeanSquare - statistics.residual) <= 1e-14 * statistics.residual)
    #expect(abs(statistics.relativeResidual - statistics.residual / image.rootMeanSquare) <= 1e-14)
  }

  @Test func anExpansiveMapIsDivergedWhicheverRuleEndsIt() {
    // 1.05ᵏ passes the factor 1000 at k = 142; the default window of 100 evaluations ends before.
    for (limit, window, evaluations) in [(30, 100, 30), (500, 100, 101), (500, 200, 143)] {
      let solver = FixedPointSolver(
        method: Picard(), tolerance: Tolerance(absolute: 1e-10), evaluationLimit: limit,
        failure: FailureCriteria(stagnationWindow: window))
      let solution = solver.solve(from: Tensor<Double>.zeros([1, 5])) { points, _ in
        points.affine(scale: 1.05, shift: 1)
      }
      #expect(solution.terminations == [.diverged])
      #expect(solution.statistics[0].evaluations == evaluations)
      #expect(solution.statistics[0].residual == solution.statistics[0].trace[0])
      #expect(solution.point.elements.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: methods)
  func aCycleIsStagnationNotSuccess(method: any FixedPointMethod) {
    // A rotation of the projective line: z ↦ −1/z + 0.5 has no real fixed point, and its residual, never below 1.5,
    // starts at 4.7 and keeps coming back near its smallest value.
    let solver = FixedPointSolver(
      method: method, tolerance: Tolerance(absolute: 1e-10), evaluationLimit: 10_000,
      failure: FailureCriteria(divergenceGrowth: 1e300))
    let solution = solver.solve(from: Tensor<Double>(shape: [1, 1], elements: [5])) { points, _ in
      Tensor(shape: [1, 1], elements: [-1 / points.scalar + 0.5])
    }
    #expect(solution.terminations == [.stagnated])
    #expect(solution.statistics[0].evaluations < 500)
  }

  @Test func theRoundingFloorIsStagnation() {
    let problem = FixedPointProblem.mixed
    for method in Self.methods {
      let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-12), evaluationLimit: 5000)
      let solution = solver.solve(from: problem.startingPoint(samples: 1) as Tensor<Float>) { z, _ in problem(z) }
      #expect(solution.terminations == [.stagnated], "\(method)")
      #expect(solution.statistics[0].residual < 1e-6)
    }
  }

  @Test(arguments: methods)
  func aSampleThatTurnsNonfiniteKeepsItsBestFinitePoint(method: any FixedPointMethod) {
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-12), evaluationLimit: 50)
    let map: (Tensor<Double>, [Int]) -> Tensor<Double> = Self.affine(rates: [0.9, 0.9], entries: 40)
    var call = 0
    let solution = solver.solve(from: Tensor<Double>.zeros([2, 40])) { points, samples in
      call += 1
      var images = map(points, samples)
      if call == 4 { images[0, 1] = .infinity }
      return images
    }
    #expect(solution.terminations[0] == .nonfinite)
    #expect(solution.statistics[0].evaluations == 4)
    #expect(solution.statistics[0].trace.last == .infinity)
    #expect(solution.point.isFinite)
    #expect(solution.statistics[0].residual == solution.statistics[0].trace.prefix(3).min())
  }

  @Test func aStartThatIsNotFiniteIsReportedAtOnce() {
    let solver = FixedPointSolver(method: Anderson(), tolerance: Tolerance(absolute: 1))
    // tanh hides the infinity of its argument; the residual shows it.
    let solution = solver.solve(from: Tensor<Float>(shape: [1, 2], elements: [.infinity, 0])) { points, _ in
      points.mapped(Float.kernels.tanh)
    }
    #expect(solution.terminations == [.nonfinite])
    #expect(solution.totalEvaluations == 1)
  }

  @Test func hugeButFiniteValuesAreDivergence() {
    // The square of 1e200 overflows although every value is finite.
    let solver = FixedPointSolver(method: Picard(), tolerance: Tolerance(absolute: 1))
    let solution = solver.solve(from: Tensor<Double>(shape: [1, 2], repeating: 1)) { points, _ in
      points.affine(scale: 1e200, shift: 0)
    }
    #expect(solution.terminations == [.diverged])
  }

  @Test(arguments: methods)
  func oneEvaluationReturnsTheStartAndSaysSo(method: any FixedPointMethod) {
    let start: Tensor<Double> = randomTensor([2, 5])
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-3), evaluationLimit: 1)
    let solution = solver.solve(from: start) { points, _ in points.affine(scale: 0.5, shift: 0) }
    #expect(solution.terminations == [.iterationLimit, .iterationLimit])
    #expect(solution.point.elements == start.elements && solution.totalEvaluations == 2)
    #expect(throws: NotConverged.self) { try solution.converged() }
  }

  @Test(arguments: methods)
  func anExactCountIsKeptPastConvergenceAndPastExactness(method: any FixedPointMethod) {
    let solver = FixedPointSolver(
      method: method, tolerance: Tolerance(absolute: 1e-9), stopping: .exactly(evaluations: 120))
    // The second sample starts at its fixed point; the third diverges at a factor of 3 an evaluation.
    let start = Tensor<Double>(shape: [3, 1], elements: [0, 2, 1])
    let rates = Tensor<Double>(shape: [3, 1], elements: [0.5, 0.5, -3])
    let shifts = Tensor<Double>(shape: [3, 1], elements: [1, 1, 0])
    let solution = solver.solve(from: start) { points, _ in points * rates + shifts }
    #expect(solution.statistics.map(\.evaluations) == [120, 120, 120])
    #expect(solution.terminations[0] == .converged && solution.terminations[1] == .converged)
    #expect(solution.statistics[1].residual == 0 && solution.point[1, 0] == 2)
    // Acceleration finds the fixed point of the expansive map; Picard leaves it.
    #expect(solution.terminations[2] == (method is Picard ? .diverged : .converged))
    for statistics in solution.statistics { #expect(statistics.residual == statistics.trace.min()) }
  }

  @Test func anEmptyBatchAndEmptySamplesAreSolved() throws {
    let solver = FixedPointSolver(method: Anderson(), tolerance: Tolerance())
    let none = solver.solve(from: Tensor<Float>.zeros([0, 4])) { points, _ in points }
    #expect(none.allConverged && none.mapCalls == 0)
    let empty = solver.solve(from: Tensor<Float>.zeros([2, 0])) { points, _ in points }
    #expect(empty.allConverged && empty.totalEvaluations == 2)
  }

  @Test func errorsOfTheMapPassThrough() {
    struct Broken: Error {}
    let solver = FixedPointSolver(method: Picard(), tolerance: Tolerance(absolute: 1))
    #expect(throws: Broken.self) {
      try solver.solve(from: Tensor<Float>.zeros([1, 1])) { _, _ in throw Broken() }
    }
  }

  @Test func theErrorOfAnUnconvergedBatchCountsEveryOutcome() throws {
    let map: (Tensor<Double>, [Int]) -> Tensor<Double> = Self.affine(rates: [0.1, 0.999, nil, nil, 1.5], entries: 2)
    let solver = FixedPointSolver(method: Picard(), tolerance: Tolerance(absolute: 1e-6), evaluationLimit: 30)
    let solution = solver.solve(from: Tensor<Double>.zeros([5, 2]), map)
    let error = try #require(throws: NotConverged.self) { try solution.converged() }
    #expect(error.counts == [.converged: 1, .iterationLimit: 1, .nonfinite: 2, .diverged: 1])
    #expect(error.worstResidual == solution.statistics[4].residual)
    #expect(error.description.hasPrefix("4 of 5 samples did not converge (1 iteration_limit, 1 diverged, 2 nonfinite"))
  }
}
