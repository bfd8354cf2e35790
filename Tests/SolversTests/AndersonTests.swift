import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

@Suite struct AndersonTests {
  @Test(arguments: 1...8)
  func withMemoryForTheDimensionALinearProblemTakesTwoEvaluationsMoreThanIt(dimension: Int) {
    // Equivalence with GMRES (Walker & Ni 2011, theorem 2.2), which ends after d steps.
    for stream in 0..<20 {
      let matrix: Tensor<Double> = randomTensor([dimension, dimension], stream: stream).scaled(
        by: 0.5 / Double(dimension).squareRoot())
      let constant: Tensor<Double> = randomTensor([1, dimension], stream: 1000 + stream)
      let solver = FixedPointSolver(
        method: Anderson(memory: dimension), tolerance: Tolerance(relative: 1e-9), evaluationLimit: dimension + 2)
      let solution = solver.solve(from: constant) { points, _ in
        points.matrixProduct(matrix, .rightTransposed) + constant
      }
      #expect(solution.allConverged, "dimension \(dimension), stream \(stream): \(solution.statistics[0].trace)")
    }
  }

  @Test func mixingScalesTheResidualThatIsAdded() {
    // On one unknown the first difference already gives the secant step, whatever the mixing; the first step is damped.
    let solver = FixedPointSolver(
      method: Anderson(memory: 1, mixing: 0.25), tolerance: Tolerance(), stopping: .exactly(evaluations: 3))
    let solution = solver.solve(from: Tensor<Double>.zeros([1, 1])) { points, _ in
      points.affine(scale: 0.5, shift: 1)
    }
    // r(z) = 1 − z/2 at 0, 1/4 and 2.
    #expect(solution.statistics[0].trace == [1, 0.875, 0])
  }

  @Test func scalingTheProblemScalesTheIterates() {
    // Nothing absolute: the same problem in other units takes the same steps, to rounding.
    func trace(_ unit: Double) -> [Double] {
      let problem = FixedPointProblem.mixed
      let solver = FixedPointSolver(
        method: Anderson(), tolerance: Tolerance(), stopping: .exactly(evaluations: 40))
      let solution = solver.solve(from: problem.startingPoint() as Tensor<Double>) { points, _ in
        problem(points.scaled(by: 1 / unit)).scaled(by: unit)
      }
      return solution.statistics[0].trace.map { $0 / unit }
    }
    // Powers of two scale without rounding, so every bit agrees.
    #expect(trace(1) == trace(0x1p-80) && trace(1) == trace(0x1p60))
  }

  @Test func theHistoryIsUsedToItsFullLength() {
    // Evaluations fall with the memory on a problem whose spectrum is spread.
    let counts = [1, 2, 5, 10, 20].map { memory in
      FixedPointTableTests.solve(.mixed, Anderson(memory: memory), in: Double.self).totalEvaluations
    }
    #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 > $1 }, "\(counts)")
  }
}
