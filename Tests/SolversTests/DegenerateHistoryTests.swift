import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

/// Histories that make a careless least-squares solve or rank-one update fail.
@Suite struct DegenerateHistoryTests {
  /// Maps of a few unknowns whose iterates repeat, stand still or lie on a line.
  enum Kind: Int, CaseIterable {
    case identity, constant, affine, rankOne, staircase, sign, tiny, huge

    func image(of z: Double, at index: Int, of mean: Double, rate: Double, shift: Double) -> Double {
      switch self {
      case .identity: z
      case .constant: shift
      case .affine: rate * z + shift
      case .rankOne: rate * mean + shift
      case .staircase: (4 * (rate * z + shift)).rounded() / 4
      case .sign: z > shift ? -1 : 1
      case .tiny: 1e-150 * (rate * index.magnitudeAsDouble + shift) + rate * z
      case .huge: 1e140 * shift + rate * z
      }
    }
  }

  @Test(
    arguments: [Anderson(memory: 1), Anderson(), Anderson(memory: 12), Broyden(memory: 1), Broyden(memory: 12)]
      as [any FixedPointMethod])
  func tenThousandDegenerateCasesEndWithAFinitePointAndAnHonestResidual(method: any FixedPointMethod) {
    func check<Scalar: TensorScalar>(_ kinds: [Kind], _: Scalar.Type) {
      let random = RandomStream(seed: 11, purpose: .test)
      let (cases, entries) = (1000, 3)
      // Rates of 0, 1 and −1 occur often: they make residuals vanish or repeat.
      let rates = (0..<cases).map { i in
        let u = random.uniform(at: UInt64(i))
        return u < 0.1 ? 0 : u < 0.2 ? 1 : u < 0.3 ? -1 : 2.4 * u - 1.4
      }
      let shifts = (0..<cases).map { i in random.uniform(at: UInt64(cases + i)) < 0.3 ? 0 : Double(i % 7) - 3 }
      let map: (Tensor<Scalar>, [Int]) -> Tensor<Scalar> = { points, samples in
        let z = points.elements
        return Tensor(
          shape: points.shape,
          elements: samples.enumerated().flatMap { row, sample -> [Scalar] in
            let values = z[row * entries..<(row + 1) * entries].map { Double($0) }
            let mean = values.reduce(0, +) / Double(entries)
            return values.enumerated().map { index, value in
              Scalar(
                kinds[sample % kinds.count].image(
                  of: value, at: index, of: mean, rate: rates[sample], shift: shifts[sample]))
            }
          })
      }
      for stopping in [FixedPointSolver.Stopping.toTolerance, .exactly(evaluations: 15)] {
        let solver = FixedPointSolver(
          method: method, tolerance: Tolerance(), evaluationLimit: 60, stopping: stopping,
          failure: FailureCriteria(stagnationWindow: 10))
        let start = Tensor<Scalar>(shape: [cases, entries], elements: (0..<cases * entries).map { Scalar($0 % 5 - 2) })
        let solution = solver.solve(from: start, map)
        // In double, so that the difference itself is not rounded.
        let image = Tensor<Double>(converting: map(solution.point, Array(0..<cases)))
        let residuals = (image - Tensor<Double>(converting: solution.point)).elements
        let broken = (0..<cases).filter { sample in
          let statistics = solution.statistics[sample]
          let row = residuals[sample * entries..<(sample + 1) * entries]
          let residual = (row.reduce(0) { $0 + $1 * $1 } / Double(entries)).squareRoot()
          return solution.terminations[sample] == .nonfinite
            || !(abs(residual - statistics.residual) <= 1e-12 * residual)
            || solution.terminations[sample] == .converged && residual != 0
        }
        #expect(broken.isEmpty, "\(method), \(stopping): cases \(broken.prefix(9))")
      }
    }
    check(Kind.allCases, Double.self)
    check(Kind.allCases.dropLast(2), Float.self)
  }
}

extension Int {
  fileprivate var magnitudeAsDouble: Double { Double(magnitude) }
}
