import CLAPACK

/// The eigenvalues and right eigenvectors of a small dense matrix without symmetry.
///
/// LAPACK's `dgeev` (Anderson et al. 1999, LAPACK Users' Guide) on one thread; about `25 n³` operations. Vectors have
/// Euclidean norm 1; complex pairs are both listed, in the order of LAPACK.
public struct Eigendecomposition: Sendable {
  /// One eigenvalue with its vector `re + i im`.
  public struct Pair: Sendable {
    /// The eigenvalue.
    public let value: (re: Double, im: Double)
    /// The vector.
    public let vector: (re: [Double], im: [Double])
  }

  /// As many as there are rows.
  public let pairs: [Pair]

  /// Decomposes a matrix [n, n]; nil when it is not finite or the iteration fails, which LAPACK reports rather than hides.
  public init?(_ matrix: Tensor<Double>) {
    precondition(
      matrix.shape.count == 2 && matrix.shape[0] == matrix.shape[1] && matrix.count > 0,
      "eigenvalues belong to a square matrix, found shape \(matrix.shape)")
    guard matrix.isFinite else { return nil }
    let n = matrix.shape[0]
    let order = Int32(n)
    // LAPACK stores columns contiguously.
    var a = matrix.transposedMatrix()
    var (re, im) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var vectors = [Double](repeating: 0, count: n * n)
    openblas_set_num_threads(1)
    let info = a.withUnsafeMutableBuffer {
      LAPACKE_dgeev(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "V")), order, $0.baseAddress, order, &re, &im,
        nil, order, &vectors, order)
    }
    guard info == 0 else { return nil }
    var pairs: [Pair] = []
    func column(_ j: Int) -> [Double] { Array(vectors[j * n..<(j + 1) * n]) }
    var j = 0
    while j < n {
      if im[j] == 0 || j + 1 == n {
        pairs.append(Pair(value: (re[j], im[j]), vector: (column(j), Array(repeating: 0, count: n))))
        j += 1
      } else {
        let (real, imaginary) = (column(j), column(j + 1))
        pairs.append(Pair(value: (re[j], im[j]), vector: (real, imaginary)))
        pairs.append(Pair(value: (re[j], -im[j]), vector: (real, imaginary.map { -$0 })))
        j += 2
      }
    }
    self.pairs = pairs
  }
}
