import Foundation
import Solvers
import Tensors
import Testing

@Suite struct FixedPointSolverTests {
  @Test(arguments: [Picard() as any FixedPointMethod, Anderson()])
  func theCosineMapReachesItsFixedPoint(_ method: any FixedPointMethod) throws {
    let solver = FixedPointSolver(method: method, tolerance: Tolerance(absolute: 1e-12))
    let solution = solver.solve(from: Tensor<Double>.zeros([2, 1])) { points, _ in
      Tensor(shape: points.shape, elements: points.elements.map(cos))
    }
    // The Dottie number; the error is the residual over 1 + sin z = 1.67.
    for value in try solution.converged().elements { #expect(abs(value - 0.739_085_133_215_160_64) < 1e-12) }
  }
}
