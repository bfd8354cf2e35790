import Foundation
public import Tensors

/// A Gaussian random field on the unit square whose Laplacian has zero normal derivative on the boundary.
///
/// At the vertices `(i/(ny−1), j/(nx−1))` of a grid that stores both edges,
///
///     g(x, y) = Σ_{k≠0} ξ_k σ_k φ_{k₁}(x) φ_{k₂}(y),    φ₀ = 1,  φ_k(x) = √2 cos(πkx),
///
/// where σ_k is the law's amplitude for the eigenvalue π²(k₁² + k₂²), k₁ < nx, k₂ < ny, and ξ_k is the standard normal
/// number at index `k₁·2³² + k₂` of the stream. The number of a mode depends on the mode alone, so one stream gives one
/// field: a finer grid sees the same field with more of its small modes. The mean over the square is zero.
public struct GaussianRandomField: Sendable {
  /// The covariance.
  public let law: GaussianLaw
  /// Vertices along (y, x).
  public let shape: (Int, Int)
  private let transform: CosineTransform
  /// σ_k with the normalisation of the basis and of the transform.
  private let amplitudes: Tensor<Double>

  /// Prepares the modes of a grid with `shape` = (ny, nx) vertices, at least 2 each; keep it to draw many fields.
  public init(_ law: GaussianLaw, shape: (Int, Int)) {
    self.law = law
    self.shape = shape
    transform = CosineTransform(shape: shape)
    // The transform doubles every mode of an axis but the first and the last.
    func factor(_ k: Int, of n: Int) -> Double { (k == 0 ? 1 : 2.0.squareRoot()) * (k == 0 || k == n - 1 ? 1 : 0.5) }
    amplitudes = Tensor(shape: [shape.0, shape.1]) { out in
      for ky in 0..<shape.0 {
        for kx in 0..<shape.1 {
          let sigma = law.amplitude(eigenvalue: .pi * .pi * Double(kx * kx + ky * ky))
          out[ky * shape.1 + kx] = sigma * factor(ky, of: shape.0) * factor(kx, of: shape.1)
        }
      }
      out[0] = 0
    }
  }

  /// The field of one stream, of shape [ny, nx].
  public func sample(from stream: RandomStream) -> Tensor<Double> {
    let (rows, columns) = shape
    var field = Tensor<Double>(shape: [rows, columns]) { out in
      amplitudes.withUnsafeBuffer { amplitudes in
        Parallel.chunks(of: rows, size: 16) { chunk in
          for ky in chunk {
            let modes = ky * columns..<(ky + 1) * columns
            let row = UnsafeMutableBufferPointer(rebasing: out[modes])
            stream.normals(from: UInt64(ky), step: 1 << 32, into: row)
            for kx in 0..<columns { row[kx] *= amplitudes[modes.lowerBound + kx] }
          }
        }
      }
    }
    transform.apply(&field)
    return field
  }
}
