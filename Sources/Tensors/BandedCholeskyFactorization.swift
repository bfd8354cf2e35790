import CLAPACK

/// The Cholesky factorisation of a symmetric positive definite band matrix, by LAPACK.
///
/// `A = Uᵀ U` (`dpbtrf`, solved with `dpbtrs`), about `n w²` operations for n unknowns and a half-bandwidth of w, and
/// `2 n w` a solve. Backward stable without pivoting: the residual is of the order of `ε ‖A‖ ‖x‖`.
public struct BandedCholeskyFactorization: Sendable {
  /// Why there is no factor.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The leading block of this order is not positive definite, or an entry is not a number.
    case notPositiveDefinite(order: Int)

    /// One sentence for a person.
    public var description: String {
      switch self {
      case .notPositiveDefinite(let order):
        "a Cholesky factorisation needs a positive definite matrix, found one whose leading block of order \(order) is "
          + "not; check the matrix for singularity and NaN"
      }
    }
  }

  /// Unknowns.
  public let count: Int
  /// The distance of the farthest nonzero from the diagonal.
  public let bandwidth: Int
  private let factor: [Double]

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - count: unknowns, at least 1.
  ///   - bandwidth: the distance of the farthest nonzero from the diagonal.
  ///   - rows: the lower half row by row: A(i, i − bandwidth) … A(i, i) at `i (bandwidth + 1)`; what would lie left of
  ///     the matrix is not read.
  /// - Throws: ``Failure`` when the matrix is not positive definite.
  public init(count: Int, bandwidth: Int, rows: [Double]) throws(Failure) {
    precondition(count >= 1 && bandwidth >= 0, "a band matrix has unknowns, found \(count) with a band of \(bandwidth)")
    precondition(
      rows.count == count * (bandwidth + 1),
      "a band of \(bandwidth) over \(count) unknowns has \(count * (bandwidth + 1)) entries, found \(rows.count)")
    self.count = count
    self.bandwidth = bandwidth
    var factor = rows
    let info = LAPACKE_dpbtrf(
      LAPACK_COL_MAJOR, Self.upper, Int32(count), Int32(bandwidth), &factor, Int32(bandwidth + 1))
    guard info == 0, factor.allSatisfy(\.isFinite) else {
      // LAPACKE refuses entries that are not numbers with a negative status.
      throw .notPositiveDefinite(order: info > 0 ? Int(info) : count)
    }
    self.factor = factor
  }

  /// Solves `A x = b` in place.
  public func solve(_ x: inout [Double]) {
    precondition(x.count == count, "a right-hand side for \(count) unknowns has \(x.count) elements")
    let info = LAPACKE_dpbtrs(
      LAPACK_COL_MAJOR, Self.upper, Int32(count), Int32(bandwidth), 1, factor, Int32(bandwidth + 1), &x, Int32(count))
    // With arguments in range the one refusal left is a right-hand side with NaN, which is then part of the solution.
    if info != 0 { x = [Double](repeating: .nan, count: count) }
  }

  /// The rows of the lower half are the columns of the upper one.
  private static let upper = CChar(UInt8(ascii: "U"))
}
