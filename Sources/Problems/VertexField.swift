public import Tensors

/// Fields at the vertices of a grid, [ny, nx].
extension Tensor where Scalar == Double {
  /// Every `step`-th row and column, from the first.
  public func keepingEvery(_ step: Int) -> Tensor {
    let (rows, columns) = ((shape[0] - 1) / step + 1, (shape[1] - 1) / step + 1)
    return Tensor(shape: [rows, columns]) { out in
      withUnsafeBuffer { input in
        for i in 0..<rows {
          for j in 0..<columns { out[i * columns + j] = input[i * step * shape[1] + j * step] }
        }
      }
    }
  }

  /// The first value that is `wrong`, and where it is.
  func firstVertex(where wrong: (Double) -> Bool) -> (value: Double, row: Int, column: Int)? {
    withUnsafeBuffer { buffer in
      buffer.firstIndex(where: wrong).map { (buffer[$0], $0 / shape[1], $0 % shape[1]) }
    }
  }
}
