import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

/// The linear equation of implicit differentiation, `w = Jᵀ w + v`, is a fixed point like any other.
@Suite struct AdjointEquationTests {
  @Test(arguments: [Picard(), Anderson(), Broyden()] as [any FixedPointMethod])
  func forwardAndAdjointSolutionsSatisfyTheAdjointIdentity(method: any FixedPointMethod) throws {
    // ⟨v, (I − J)⁻¹ u⟩ = ⟨(I − J)⁻ᵀ v, u⟩ for every sample.
    let (samples, d) = (4, 30)
    let matrix: Tensor<Double> = randomTensor([d, d], stream: 1).scaled(by: 0.7 / Double(d).squareRoot())
    let u: Tensor<Double> = randomTensor([samples, d], stream: 2)
    let v: Tensor<Double> = randomTensor([samples, d], stream: 3)
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-13), evaluationLimit: 500)
    let forward = try solver.solve(from: u) { x, rows in
      x.matrixProduct(matrix, .rightTransposed) + u.gathering(samples: rows)
    }.converged()
    let adjoint = try solver.solve(from: v) { w, rows in
      w.matrixProduct(matrix) + v.gathering(samples: rows)
    }.converged()
    for sample in 0..<samples {
      func row(_ tensor: Tensor<Double>) -> Tensor<Double> { tensor.gathering(samples: [sample]) }
      let (left, right) = (row(v).dot(row(forward)), row(adjoint).dot(row(u)))
      // Residuals of 1e-13 times the norm of (I − J)⁻¹, which is below 10, times vectors of norm 5.
      #expect(abs(left - right) < 1e-10)
    }
  }

  @Test func aZeroCotangentNeedsOneEvaluation() {
    let solver = FixedPointSolver(method: Anderson(), tolerance: Tolerance(relative: 1e-6))
    let solution = solver.solve(from: Tensor<Float>.zeros([1, 4])) { w, _ in w.scaled(by: 0.9) }
    #expect(solution.allConverged && solution.totalEvaluations == 1 && solution.statistics[0].relativeResidual == 0)
  }
}
