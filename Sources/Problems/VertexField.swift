public import Tensors

/// Fields at the vertices of a grid, [fields…, ny, nx].
extension Tensor {
  /// Every `step`-th row and column, from the first.
  public func keepingEvery(_ step: Int) -> Tensor {
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let (rows, columns) = ((height - 1) / step + 1, (width - 1) / step + 1)
    let fields = Array(shape.dropLast(2))
    return Tensor(shape: fields + [rows, columns]) { out in
      withUnsafeBuffer { input in
        for field in 0..<fields.reduce(1, *) {
          for i in 0..<rows {
            let (from, to) = ((field * height + i * step) * width, (field * rows + i) * columns)
            for j in 0..<columns { out[to + j] = input[from + j * step] }
          }
        }
      }
    }
  }
}

/// Fields at the vertices of a grid, [ny, nx].
extension Tensor where Scalar == Double {
  /// The first value that is `wrong`, and where it is.
  func firstVertex(where wrong: (Double) -> Bool) -> (value: Double, row: Int, column: Int)? {
    withUnsafeBuffer { buffer in
      buffer.firstIndex(where: wrong).map { (buffer[$0], $0 / shape[1], $0 % shape[1]) }
    }
  }
}
