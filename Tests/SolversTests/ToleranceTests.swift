import Foundation
import Solvers
import Tensors
import Testing

@Suite struct ToleranceTests {
  @Test func theThresholdIsAbsolutePlusRelativeTimesTheReference() {
    let tolerance = Tolerance(absolute: 0.5, relative: 0.1)
    #expect(tolerance.threshold(reference: 20) == 2.5)
    #expect(tolerance.accepts(residual: 2.5, reference: 20) && !tolerance.accepts(residual: 2.5001, reference: 20))
    #expect(!tolerance.accepts(residual: .nan, reference: 1))
    #expect(Tolerance().accepts(residual: 0, reference: 0) && !Tolerance().accepts(residual: 1e-300, reference: 1))
  }

  @Test(arguments: [Picard(), Anderson(), Broyden()] as [any FixedPointMethod])
  func theCountDoesNotDependOnTheResolution(method: any FixedPointMethod) {
    // The same smooth nonlinear operator on the unit torus: the mean of tanh over four points at distance 1/8.
    func evaluations(_ n: Int) -> Int {
      let source = Tensor<Double>(
        shape: [1, n, n],
        elements: (0..<n * n).map { i in
          let (x, y) = (Double(i % n) / Double(n), Double(i / n) / Double(n))
          return sin(2 * .pi * x) * cos(2 * .pi * y) + 0.5 * cos(4 * .pi * (x + y)) + 0.3
        })
      let solver = FixedPointSolver(
        method: method, tolerance: Tolerance(absolute: 1e-8, relative: 1e-8), evaluationLimit: 1000)
      let solution = solver.solve(from: Tensor<Double>.zeros([1, n, n])) { points, _ in
        let image = points.mapped(Double.kernels.tanh).elements
        let shift = n / 8
        let mean = (0..<n * n).map { i -> Double in
          let (x, y) = (i % n, i / n)
          let row = y * n
          return
            (image[row + (x + shift) % n] + image[row + (x + n - shift) % n] + image[(y + shift) % n * n + x]
            + image[(y + n - shift) % n * n + x]) * 0.24
        }
        return source + Tensor(shape: points.shape, elements: mean)
      }
      #expect(solution.allConverged)
      return solution.totalEvaluations
    }
    let counts = [32, 64, 128].map(evaluations)
    #expect(counts.allSatisfy { abs($0 - counts[0]) <= 1 }, "\(method): \(counts)")
    #expect(counts[0] > 5)
  }

  @Test func terminationsAreTheFlagsOfTheFileFormatInItsOrder() {
    #expect(
      Termination.allCases.map(\.flag) == ["converged", "iteration_limit", "stagnated", "diverged", "nonfinite"])
    #expect(Termination.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
    #expect(Set(Termination.allCases.map(\.explanation)).count == 5)
  }
}
