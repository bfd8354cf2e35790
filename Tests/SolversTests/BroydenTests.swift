import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

@Suite struct BroydenTests {
  @Test func onOneUnknownItIsTheSecantMethod() {
    let f: (Double) -> Double = { cos($0) }
    var (previous, current) = (0.0, f(0))
    var expected = [abs(f(previous) - previous)]
    for _ in 0..<5 {
      let (before, now) = (f(previous) - previous, f(current) - current)
      expected.append(abs(now))
      (previous, current) = (current, current - now * (current - previous) / (now - before))
    }
    let solver = FixedPointSolver(method: Broyden(), tolerance: Tolerance(), stopping: .exactly(evaluations: 6))
    let solution = solver.solve(from: Tensor<Double>.zeros([1, 1])) { points, _ in
      Tensor(shape: [1, 1], elements: [f(points.scalar)])
    }
    for (value, reference) in zip(solution.statistics[0].trace, expected) {
      #expect(abs(value - reference) < 1e-14)
    }
  }

  /// The method with its matrix written out, by the textbook's update (Broyden 1965).
  private func denseTrace(_ matrix: Tensor<Double>, _ constant: Tensor<Double>, evaluations: Int) -> [Double] {
    let d = constant.count
    var inverse = Tensor<Double>(shape: [d, d], elements: (0..<d * d).map { $0 % (d + 1) == 0 ? -1 : 0 })
    var point = Tensor<Double>.zeros([1, d])
    func g(_ z: Tensor<Double>) -> Tensor<Double> { z.matrixProduct(matrix, .rightTransposed) + constant - z }
    var value = g(point)
    var trace = [value.rootMeanSquare]
    while trace.count < evaluations {
      let step = value.matrixProduct(inverse, .rightTransposed).scaled(by: -1)
      point = point + step
      let next = g(point)
      trace.append(next.rootMeanSquare)
      let change = (next - value).matrixProduct(inverse, .rightTransposed)
      let left = step.matrixProduct(inverse)
      let update = (step - change).matrixProduct(left, .leftTransposed).scaled(by: 1 / step.dot(change))
      inverse = inverse + update
      value = next
    }
    return trace
  }

  @Test func theProductFormTakesTheStepsOfTheMatrixForm() {
    for stream in 0..<10 {
      let matrix: Tensor<Double> = randomTensor([6, 6], stream: stream).scaled(by: 0.15)
      let constant: Tensor<Double> = randomTensor([1, 6], stream: 100 + stream)
      let expected = denseTrace(matrix, constant, evaluations: 8)
      let solver = FixedPointSolver(method: Broyden(), tolerance: Tolerance(), stopping: .exactly(evaluations: 8))
      let solution = solver.solve(from: Tensor<Double>.zeros([1, 6])) { points, _ in
        points.matrixProduct(matrix, .rightTransposed) + constant
      }
      for (value, reference) in zip(solution.statistics[0].trace, expected) {
        #expect(abs(value - reference) <= 1e-9 * expected[0], "stream \(stream)")
      }
    }
  }

  @Test(arguments: 1...5)
  func aLinearProblemEndsAfterTwiceItsDimension(dimension: Int) {
    // D. M. Gay 1979, SIAM J. Numer. Anal. 16, 623: at most 2d steps, so 2d + 1 evaluations; one more for rounding.
    for stream in 0..<20 {
      let matrix: Tensor<Double> = randomTensor([dimension, dimension], stream: stream).scaled(
        by: 0.4 / Double(dimension).squareRoot())
      let constant: Tensor<Double> = randomTensor([1, dimension], stream: 1000 + stream)
      let solver = FixedPointSolver(
        method: Broyden(memory: 2 * dimension), tolerance: Tolerance(relative: 1e-9),
        evaluationLimit: 2 * dimension + 2)
      let solution = solver.solve(from: constant) { points, _ in
        points.matrixProduct(matrix, .rightTransposed) + constant
      }
      #expect(solution.allConverged, "dimension \(dimension), stream \(stream): \(solution.statistics[0].trace)")
    }
  }

  @Test func scalingTheProblemScalesTheIterates() {
    func trace(_ unit: Double) -> [Double] {
      let problem = FixedPointProblem.mixed
      let solver = FixedPointSolver(method: Broyden(), tolerance: Tolerance(), stopping: .exactly(evaluations: 40))
      let solution = solver.solve(from: problem.startingPoint() as Tensor<Double>) { points, _ in
        problem(points.scaled(by: 1 / unit)).scaled(by: unit)
      }
      return solution.statistics[0].trace.map { $0 / unit }
    }
    // Powers of two scale without rounding, so every bit agrees.
    #expect(trace(1) == trace(0x1p-80) && trace(1) == trace(0x1p60))
  }
}
