import Foundation

/// The relative L² error of one field against another, written down again from its definition: `‖p − t‖/‖t‖`.
func relativeError(_ prediction: [Double], _ truth: [Double]) -> Double {
  let difference = zip(prediction, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (difference / truth.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

/// The relative residual of −∇·(a∇u) = 1 on the unit square, u = 0 around it, written down again from its definition:
/// `‖1 − A u‖₂/‖1‖₂` over the inner vertices of an n × n grid, harmonic means on faces, u as the conditions have it on the
/// boundary.
func darcyResidual(_ u: [Double], permeability a: [Double]) -> Double {
  let n = Int(Double(u.count).squareRoot().rounded())
  let h = 1 / Double(n - 1)
  func value(_ i: Int, _ j: Int) -> Double {
    i == 0 || j == 0 || i == n - 1 || j == n - 1 ? 0 : u[i * n + j]
  }
  var square = 0.0
  for i in 1..<n - 1 {
    for j in 1..<n - 1 {
      let here = a[i * n + j]
      let flux = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)].reduce(0.0) { sum, neighbour in
        let there = a[neighbour.0 * n + neighbour.1]
        return sum + 2 * here * there / (here + there) * (value(i, j) - value(neighbour.0, neighbour.1))
      }
      square += pow(1 - flux / (h * h), 2)
    }
  }
  return square.squareRoot() / Double(n - 2)
}
