import Foundation
import Spectral
import Tensors

/// Every multi-index of a shape in row-major order.
func indices(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { p in (0..<extent).map { p + [$0] } } }
}

/// The signed wavevectors of a band in the order they are stored.
func wavevectors(_ band: SpectralBand) -> [[Int]] {
  let axes = (0..<band.rank).map { band.wavenumbers(axis: $0) }
  return indices(band.shape).map { index in zip(axes, index).map { $0[$1] } }
}

/// `2π k·j/n`, reduced in integers.
private func phase(_ k: [Int], _ j: [Int], _ grid: [Int]) -> Double {
  var turns = 0.0
  for (axis, n) in grid.enumerated() { turns += Double(((k[axis] * j[axis]) % n + n) % n) / Double(n) }
  return 2 * .pi * turns
}

/// The forward transform of one field by its definition, planes [2, modes].
func directModes(_ field: Tensor<Double>, band: SpectralBand) -> Tensor<Double> {
  let grid = field.shape
  let (values, points, waves) = (field.elements, indices(grid), wavevectors(band))
  return Tensor(shape: [2, waves.count]) { out in
    for (m, k) in waves.enumerated() {
      var (re, im) = (0.0, 0.0)
      for (value, j) in zip(values, points) {
        let angle = phase(k, j, grid)
        re += value * cos(angle)
        im -= value * sin(angle)
      }
      out[m] = re
      out[waves.count + m] = im
    }
  }
}

/// The inverse transform of planes [2, modes] by its definition: `Re Σ D(k_x)/N X exp(iθ)`.
func directField(_ planes: Tensor<Double>, band: SpectralBand, grid: [Int]) -> Tensor<Double> {
  let (values, waves) = (planes.elements, wavevectors(band))
  let (n, total) = (grid[grid.count - 1], Double(grid.reduce(1, *)))
  return Tensor(shape: grid) { out in
    for (position, j) in indices(grid).enumerated() {
      var sum = 0.0
      for (m, k) in waves.enumerated() {
        let column = k[k.count - 1]
        let angle = phase(k, j, grid)
        let weight = column == 0 || 2 * column == n ? 1.0 : 2.0
        sum += weight * (values[m] * cos(angle) - values[waves.count + m] * sin(angle))
      }
      out[position] = sum / total
    }
  }
}
