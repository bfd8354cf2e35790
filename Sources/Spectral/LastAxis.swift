import Tensors

/// The contiguous axis of the matrix route: products with panels of cosines and −sines that carry the column weights.
struct LastAxis<Scalar: TensorScalar>: Sendable {
  /// Elements of a row of analysed sums: K real parts, K imaginary parts, zeros up to what the matrix kernel likes.
  let paddedModes: Int
  /// Elements of a row of synthesised points, zeros beyond the last.
  let paddedPoints: Int
  private let points: Int
  private let columns: Int
  private let unit: Panels
  private let inverse: Panels

  private struct Panels {
    /// [points, paddedModes]: w·cos(2πkx/n) for k in 0..<K, then −w·sin(2πkx/n).
    let analysis: Tensor<Scalar>
    /// [2K, paddedPoints]: the transpose.
    let synthesis: Tensor<Scalar>
  }

  init(grid: [Int], band: SpectralBand) {
    let (points, columns) = (grid[grid.count - 1], band.last)
    // Whole vectors are fastest and half a vector is nearly so; single columns cost as much as a vector each.
    let lanes = 64 / MemoryLayout<Scalar>.stride
    let paddedModes = (2 * columns).roundedUp(toMultipleOf: lanes / 2)
    let paddedPoints = points.roundedUp(toMultipleOf: lanes)
    let circle = TrigonometricTable(points: points)
    func panels(_ weights: ColumnWeights) -> Panels {
      let factors = weights.factors(count: columns, grid: grid)
      var analysis = Tensor<Scalar>.zeros([points, paddedModes])
      var synthesis = Tensor<Scalar>.zeros([2 * columns, paddedPoints])
      analysis.withUnsafeMutableBuffer { a in
        synthesis.withUnsafeMutableBuffer { s in
          for x in 0..<points {
            for k in 0..<columns {
              let angle = k * x % points
              let (cosine, sine) = (Scalar(factors[k] * circle.cosine[angle]), Scalar(-factors[k] * circle.sine[angle]))
              a[x * paddedModes + k] = cosine
              a[x * paddedModes + columns + k] = sine
              s[k * paddedPoints + x] = cosine
              s[(columns + k) * paddedPoints + x] = sine
            }
          }
        }
      }
      return Panels(analysis: analysis, synthesis: synthesis)
    }
    self.points = points
    self.columns = columns
    self.paddedModes = paddedModes
    self.paddedPoints = paddedPoints
    unit = panels(.unit)
    inverse = panels(.inverse)
  }

  private func panels(_ weights: ColumnWeights) -> Panels {
    switch weights {
    case .unit: unit
    case .inverse: inverse
    }
  }

  /// Rows of points to rows of `paddedModes` sums.
  func analysis(
    _ weights: ColumnWeights, rows: Int, from field: UnsafePointer<Scalar>, to sums: UnsafeMutablePointer<Scalar>
  ) {
    panels(weights).analysis.withUnsafeBuffer {
      guard let panel = $0.baseAddress else { return }
      Scalar.kernels.gemm(rows, paddedModes, points, field, points, 1, panel, paddedModes, sums, paddedModes, false)
    }
  }

  /// Rows of 2K sums to rows of `paddedPoints` points.
  func synthesis(
    _ weights: ColumnWeights, rows: Int, from sums: UnsafePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>
  ) {
    panels(weights).synthesis.withUnsafeBuffer {
      guard let panel = $0.baseAddress else { return }
      Scalar.kernels.gemm(
        rows, paddedPoints, 2 * columns, sums, 2 * columns, 1, panel, paddedPoints, field, paddedPoints, false)
    }
  }
}

extension Int {
  /// The smallest multiple of `step` that is not smaller.
  func roundedUp(toMultipleOf step: Int) -> Int { (self + step - 1) / step * step }
}
