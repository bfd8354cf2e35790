import Foundation
import Solvers
import Tensors
import Testing

/// Properties that hold for every method on every problem of the table.
@Suite struct FixedPointTableTests {
  /// Loose enough for Float: residuals settle near 1e-7 times the size of the point.
  static func tolerance<Scalar: TensorScalar>(_: Scalar.Type) -> Double { Scalar.self == Double.self ? 1e-10 : 1e-5 }

  static func solve<Scalar: TensorScalar>(
    _ problem: FixedPointProblem, _ method: any FixedPointMethod, in _: Scalar.Type
  ) -> FixedPointSolution<Scalar> {
    FixedPointSolver(
      method: method, tolerance: Tolerance(absolute: tolerance(Scalar.self)), evaluationLimit: 3000
    ).solve(from: problem.startingPoint()) { points, _ in problem(points) }
  }

  static func check<Scalar: TensorScalar>(
    _ problem: FixedPointProblem, _ method: any FixedPointMethod, in _: Scalar.Type
  ) {
    let solution: FixedPointSolution<Scalar> = solve(problem, method, in: Scalar.self)
    let (tolerance, statistics) = (tolerance(Scalar.self), solution.statistics[0])
    #expect(solution.terminations == [.converged], "\(problem), \(method): \(statistics.trace.suffix(3))")
    // The residual reported belongs to the point returned: the map is deterministic, so to the last bit but one.
    let point = Tensor<Double>(converting: solution.point)
    let residual = (Tensor<Double>(converting: problem(solution.point)) - point).rootMeanSquare
    #expect(abs(residual - statistics.residual) <= 1e-12 * residual, "\(problem), \(method)")
    #expect(residual <= tolerance)
    #expect(statistics.trace.last == statistics.residual && statistics.trace.count == statistics.evaluations)
    // The error follows from the residual; rounding adds a few ulps of the point times the conditioning.
    let fixedPoint = Tensor<Double>(shape: [1, problem.dimension], elements: problem.fixedPoint)
    let error = (point - fixedPoint).rootMeanSquare
    let rounding = 8 * Double(Scalar.ulpOfOne) * max(1, fixedPoint.rootMeanSquare)
    #expect(error <= problem.conditioning * (tolerance + rounding), "\(problem), \(method): error \(error)")
  }

  @Test(arguments: FixedPointProblem.all, fixedPointMethods)
  func everyMethodReachesTheKnownFixedPointInDouble(problem: FixedPointProblem, method: any FixedPointMethod) {
    Self.check(problem, method, in: Double.self)
  }

  @Test(arguments: FixedPointProblem.all, fixedPointMethods)
  func everyMethodReachesTheKnownFixedPointInFloat(problem: FixedPointProblem, method: any FixedPointMethod) {
    Self.check(problem, method, in: Float.self)
  }

  @Test(arguments: FixedPointProblem.contractions)
  func noMethodNeedsMoreEvaluationsThanPicardOnAContraction(problem: FixedPointProblem) {
    func evaluations<Scalar: TensorScalar>(_ method: any FixedPointMethod, _: Scalar.Type) -> Int {
      let solution: FixedPointSolution<Scalar> = Self.solve(problem, method, in: Scalar.self)
      return solution.totalEvaluations
    }
    let limits = (evaluations(Picard(), Double.self), evaluations(Picard(), Float.self))
    for method in fixedPointMethods {
      let counts = (evaluations(method, Double.self), evaluations(method, Float.self))
      #expect(counts.0 <= limits.0 && counts.1 <= limits.1, "\(method) \(counts), Picard \(limits)")
    }
  }

  @Test(arguments: FixedPointProblem.all)
  func accelerationPaysWherePicardIsSlow(problem: FixedPointProblem) throws {
    let limit = Self.solve(problem, Picard(), in: Double.self).totalEvaluations
    // Without structure in the spectrum (all eigenvalues on a circle) no Krylov method can win much.
    guard limit > 150, !problem.description.contains("rotations") else { return }
    for method in [Anderson(), Broyden()] as [any FixedPointMethod] {
      let count = Self.solve(problem, method, in: Double.self).totalEvaluations
      #expect(Double(count) < 0.6 * Double(limit), "\(method) \(count), Picard \(limit)")
    }
  }
}
