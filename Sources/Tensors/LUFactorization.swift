import CLAPACK

/// The factors `P A = L U` of a square dense matrix, by partial pivoting; made once, used for many right-hand sides.
///
/// LAPACK's `dgetrf` and `dgetrs` (Anderson et al. 1999, LAPACK Users' Guide) on one thread, whatever the library would
/// like: its parallel factorization may round differently. `2n³/3` operations, the memory of the matrix itself.
public struct LUFactorization: Sendable {
  /// Rows, as many as columns.
  public let count: Int
  // LAPACK stores columns contiguously and so sees the transpose of the row-major matrix; solves transpose once more.
  private let factors: Tensor<Double>
  private let pivots: [Int32]

  /// Factors a matrix [n, n], in its own memory when nobody else holds it.
  ///
  /// - Throws: ``LUFactorizationError`` when an entry is not finite or a pivot is zero.
  public init(_ matrix: consuming Tensor<Double>) throws(LUFactorizationError) {
    precondition(
      matrix.shape.count == 2 && matrix.shape[0] == matrix.shape[1] && matrix.count > 0,
      "a factorization needs a square matrix, found shape \(matrix.shape)")
    guard matrix.isFinite else { throw .nonfinite }
    count = matrix.shape[0]
    let order = Int32(matrix.shape[0])
    var pivots = [Int32](repeating: 0, count: matrix.shape[0])
    Self.useOneThread()
    let info = matrix.withUnsafeMutableBuffer { a in
      LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, order, order, a.baseAddress, order, &pivots)
    }
    guard info == 0 else { throw .singular(column: Int(info) - 1) }
    factors = matrix
    self.pivots = pivots
  }

  /// `A⁻¹ b` for `b` of n elements in any shape.
  public func solve(_ rightHandSide: Tensor<Double>) -> Tensor<Double> {
    precondition(rightHandSide.count == count, "\(rightHandSide.count) values for \(count) equations")
    var x = rightHandSide
    let order = Int32(count)
    Self.useOneThread()
    let info = factors.withUnsafeBuffer { a in
      x.withUnsafeMutableBuffer { x in
        LAPACKE_dgetrs_work(
          LAPACK_COL_MAJOR, Self.transposed, order, 1, a.baseAddress, order, pivots, x.baseAddress, order)
      }
    }
    precondition(info == 0, "dgetrs refused its argument \(-info)")
    return x
  }

  private static let transposed = CChar(UInt8(ascii: "T"))

  private static func useOneThread() { openblas_set_num_threads(1) }
}

/// Why a matrix has no LU factors.
public enum LUFactorizationError: Error, Equatable {
  /// The pivot of this column is exactly zero.
  case singular(column: Int)
  /// An entry is infinite or NaN.
  case nonfinite
}

extension LUFactorizationError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .singular(let column):
      "the matrix is singular: its pivot in column \(column) is 0, expected none; check that the equations are independent"
    case .nonfinite:
      "the matrix holds an infinite or NaN entry, expected finite numbers; check what it was assembled from"
    }
  }
}
