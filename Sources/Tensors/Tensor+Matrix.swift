/// Which operand of a matrix product is stored transposed.
public enum MatrixLayout: Sendable {
  /// `A·B`, A [m, k], B [k, n].
  case plain
  /// `A·Bᵀ`, B stored [n, k].
  case rightTransposed
  /// `Aᵀ·B`, A stored [k, m].
  case leftTransposed
}

extension Tensor {
  /// The matrix product of two-axis tensors, `[m, n]`; serial, for small matrices.
  public func matrixProduct(_ right: Tensor, _ layout: MatrixLayout = .plain) -> Tensor {
    precondition(shape.count == 2 && right.shape.count == 2, "a matrix product needs two axes each")
    let (m, k) = layout == .leftTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
    let (n, inner) =
      layout == .rightTransposed ? (right.shape[0], right.shape[1]) : (right.shape[1], right.shape[0])
    precondition(k == inner, "matrix product of \(shape) and \(right.shape) (\(layout)): inner sizes differ")
    return Tensor(shape: [m, n]) { out in
      withUnsafeBuffer { a in
        right.withUnsafeBuffer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = out.baseAddress else { return }
          switch layout {
          case .plain: Scalar.kernels.gemm(m, n, k, a, k, 1, b, n, c, n, false)
          case .leftTransposed: Scalar.kernels.gemm(m, n, k, a, 1, m, b, n, c, n, false)
          case .rightTransposed: Scalar.kernels.gemmNT(m, n, k, a, k, b, k, c, n, false)
          }
        }
      }
    }
  }

  /// The transpose of a two-axis tensor, copied.
  public func transposedMatrix() -> Tensor {
    precondition(shape.count == 2, "only a tensor with two axes is a matrix")
    let (rows, columns) = (shape[0], shape[1])
    return Tensor(shape: [columns, rows]) { out in
      withUnsafeBuffer { input in
        for i in 0..<rows {
          for j in 0..<columns { out[j * rows + i] = input[i * columns + j] }
        }
      }
    }
  }
}
