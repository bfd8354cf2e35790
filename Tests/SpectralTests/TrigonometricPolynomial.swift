import Foundation
import Tensors

/// `Σ a cos(2π k·x) + b sin(2π k·x)` on the unit box: a band-limited field that can be evaluated, and differentiated, on
/// any grid by its definition.
struct TrigonometricPolynomial {
  /// (wavevector, a, b).
  var terms: [(k: [Int], a: Double, b: Double)]

  /// Random coefficients for every wavevector with `|k| ≤ limit` on each axis.
  static func random(limits: [Int], seed: UInt64) -> TrigonometricPolynomial {
    let stream = RandomStream(seed: seed, purpose: .test)
    let waves = indices(limits.map { 2 * $0 + 1 }).map { index in zip(index, limits).map { $0 - $1 } }
    return TrigonometricPolynomial(
      terms: waves.enumerated().map { position, k in
        (k, stream.normal(at: UInt64(2 * position)), stream.normal(at: UInt64(2 * position + 1)))
      })
  }

  func values(on grid: [Int]) -> Tensor<Double> {
    let points = indices(grid)
    return Tensor(shape: grid) { out in
      for (position, j) in points.enumerated() {
        out[position] = terms.reduce(0) { sum, term in
          var turns = 0.0
          for axis in grid.indices { turns += Double((term.k[axis] * j[axis]) % grid[axis]) / Double(grid[axis]) }
          return sum + term.a * cos(2 * .pi * turns) + term.b * sin(2 * .pi * turns)
        }
      }
    }
  }

  /// The partial derivative along an axis of a box of the given length.
  func derivative(axis: Int, extent: Double) -> TrigonometricPolynomial {
    TrigonometricPolynomial(
      terms: terms.map { term in
        let wavenumber = 2 * .pi * Double(term.k[axis]) / extent
        return (term.k, wavenumber * term.b, -wavenumber * term.a)
      })
  }

  func laplacian(extents: [Double]) -> TrigonometricPolynomial {
    TrigonometricPolynomial(
      terms: terms.map { term in
        let square = zip(term.k, extents).reduce(0) { $0 + pow(2 * .pi * Double($1.0) / $1.1, 2) }
        return (term.k, -square * term.a, -square * term.b)
      })
  }
}
