import Foundation
import Problems
import Tensors

/// A field at the vertices of a grid of `shape` = (ny, nx) on `domain`.
func vertexField(
  _ shape: (Int, Int), on domain: Rectangle = .unitSquare, _ value: (Double, Double) -> Double
) -> Tensor<Double> {
  Tensor(shape: [shape.0, shape.1]) { out in
    for i in 0..<shape.0 {
      for j in 0..<shape.1 {
        let x = domain.width * Double(j) / Double(shape.1 - 1)
        let y = domain.height * Double(i) / Double(shape.0 - 1)
        out[i * shape.1 + j] = value(x, y)
      }
    }
  }
}

/// Independent values `contrast^uniform` at every vertex: jumps everywhere.
func roughMedium(_ shape: (Int, Int), contrast: Double, seed: UInt64 = 1) -> Tensor<Double> {
  let stream = RandomStream(seed: seed, purpose: .test)
  return Tensor(shape: [shape.0, shape.1]) { out in
    for i in out.indices { out[i] = pow(contrast, stream.uniform(at: UInt64(i))) }
  }
}

/// The thresholded field with values `contrast` and 1.
func twoMaterials(_ n: Int, contrast: Double, seed: UInt64 = 0) -> Tensor<Double> {
  DarcyFamily(medium: .threshold(high: contrast, low: 1)).sampler(shape: (n, n)).permeability(sample: 0, seed: seed)
}

/// `b − A u` written point by point from the definition, zero Dirichlet values, source 1.
func naiveResidual(_ a: Tensor<Double>, _ u: Tensor<Double>, _ setting: DarcyFlow.Setting) -> Tensor<Double> {
  let (rows, columns) = (a.shape[0], a.shape[1])
  let (hx, hy) = (setting.domain.width / Double(columns - 1), setting.domain.height / Double(rows - 1))
  func mean(_ p: Double, _ q: Double) -> Double {
    setting.faceMean == .harmonic ? 1 / (0.5 / p + 0.5 / q) : (p + q) / 2
  }
  return Tensor(shape: [rows - 2, columns - 2]) { out in
    for i in 1..<rows - 1 {
      for j in 1..<columns - 1 {
        func inner(_ row: Int, _ column: Int) -> Double {
          row == 0 || row == rows - 1 || column == 0 || column == columns - 1 ? 0 : u[row, column]
        }
        func flux(_ row: Int, _ column: Int, _ h: Double) -> Double {
          mean(a[i, j], a[row, column]) * (inner(i, j) - inner(row, column)) / (h * h)
        }
        out[(i - 1) * (columns - 2) + j - 1] =
          1 - flux(i, j - 1, hx) - flux(i, j + 1, hx) - flux(i - 1, j, hy) - flux(i + 1, j, hy)
      }
    }
  }
}
