import Tensors

extension Tensor where Scalar == Double {
  /// The parts of the largest element below which what is left without the mean is rounding.
  private static var resolution: Double { 4 * Scalar.ulpOfOne }

  /// The field minus its mean; zero where that is rounding alone.
  func withoutMean() -> Tensor {
    func centred(_ field: Tensor) -> Tensor {
      var result = field
      let mean = field.sum() / Double(Swift.max(field.count, 1))
      result.withUnsafeMutableBuffer { out in
        for index in out.indices { out[index] -= mean }
      }
      return result
    }
    // The second pass removes what rounding the first mean leaves.
    let result = centred(centred(self))
    return result.norm <= Self.resolution * norm ? .zeros(shape) : result
  }
}

extension PaddedGrid {
  /// Subtracts the mean of the interior of a padded field from the interior.
  func removeMean(_ padded: inout Tensor<Double>) {
    padded.withUnsafeMutableBuffer { out in
      guard let base = out.baseAddress else { return }
      let x = base + origin
      let total = Parallel.sum(over: rows, chunk: Self.rowsPerStrip) { rows in
        rows.reduce(0.0) { sum, row in (0..<columns).reduce(sum) { $0 + x[row * stride + $1] } }
      }
      let mean = total / Double(rows * columns)
      Parallel.chunks(of: rows, size: Self.rowsPerStrip) { rows in
        for row in rows { for column in 0..<columns { x[row * stride + column] -= mean } }
      }
    }
  }
}
