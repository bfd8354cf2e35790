import Foundation
import Solvers
import Tensors
import Testing

@Suite struct PicardTests {
  /// Rotations on one circle: the residual of Picard falls by exactly the radius an evaluation.
  static func circle(_ radius: Double) -> FixedPointProblem {
    FixedPointProblem.rotations("circle \(radius)", radii: Array(repeating: radius, count: 10))
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.8, 0.9, 0.95, 0.99])
  func theCountIsTheLogarithmOfTheToleranceOverThatOfTheRate(radius: Double) {
    let problem = Self.circle(radius)
    for tolerance in [1e-3, 1e-6, 1e-10] {
      let first = problem(problem.startingPoint() as Tensor<Double>).rootMeanSquare
      let solver = FixedPointSolver(
        method: Picard(), tolerance: Tolerance(absolute: tolerance * first), evaluationLimit: 5000)
      let solution = solver.solve(from: problem.startingPoint() as Tensor<Double>) { points, _ in problem(points) }
      let expected = log(tolerance) / log(radius)
      #expect(abs(Double(solution.totalEvaluations) - expected) <= 2, "\(radius), \(tolerance)")
      // It stops at the first residual that meets the tolerance, so one rate above it at least.
      let statistics = solution.statistics[0]
      #expect(statistics.residual <= tolerance * first && statistics.residual > 0.99 * radius * tolerance * first)
    }
  }

  @Test func dampingActsOnTheStepAndLeavesTheResidualUndamped() {
    // z ↦ −z + 2 oscillates for ever; with damping 1/2 it is solved in one step.
    let solver = FixedPointSolver(method: Picard(damping: 0.5), tolerance: Tolerance(absolute: 1e-15))
    let solution = solver.solve(from: Tensor<Double>.zeros([1, 1])) { points, _ in points.affine(scale: -1, shift: 2) }
    #expect(solution.statistics[0].trace == [2, 0])
    #expect(solution.point.scalar == 1)
    // The rate with damping d on eigenvalue λ is 1 − d + dλ.
    let slow = FixedPointSolver(
      method: Picard(damping: 0.25), tolerance: Tolerance(), stopping: .exactly(evaluations: 20)
    ).solve(from: Tensor<Double>.zeros([1, 1])) { points, _ in points.affine(scale: 0.2, shift: 1) }
    for (previous, next) in zip(slow.statistics[0].trace, slow.statistics[0].trace.dropFirst()) {
      #expect(abs(next / previous - 0.8) < 1e-12)
    }
  }
}
