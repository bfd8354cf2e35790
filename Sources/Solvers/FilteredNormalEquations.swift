/// Least squares `min ‖b − A x‖` from the products `AᵀA` and `Aᵀb`, dropping columns that carry no direction of their own.
///
/// Columns are scaled to unit length and taken in order of preference, first column first, by a Cholesky factorisation.
/// The pivot of a column is the squared sine of its angle to the span of the columns kept before it; a column whose pivot
/// is below ``smallestPivot`` is rounding noise and gets the coefficient 0. Everything is relative to the data, so the
/// solution is unchanged when `A` or any of its columns is rescaled, and no input can make the system singular.
package enum FilteredNormalEquations {
  /// Products in double precision carry a relative error near 1e-16, so smaller squared sines are not resolved; a hundred
  /// times that keeps the coefficients of accepted columns meaningful.
  package static let smallestPivot = 1e-14

  /// The coefficients, zero for dropped columns.
  ///
  /// - Parameters:
  ///   - count: the number of columns.
  ///   - product: `AᵀA` at (row, column), symmetric.
  ///   - right: `Aᵀb` at a row.
  package static func solve(count: Int, product: (Int, Int) -> Double, right: (Int) -> Double) -> [Double] {
    var kept: [Int] = []
    var lengths: [Double] = []
    // Rows of the lower factor of the kept columns, and the forward-substituted right-hand side.
    var factor: [[Double]] = []
    var forward: [Double] = []
    for column in 0..<count {
      let length = product(column, column).squareRoot()
      guard length > 0, length.isFinite else { continue }
      var row: [Double] = []
      for (i, other) in kept.enumerated() {
        var value = product(column, other) / (length * lengths[i])
        for j in 0..<i { value -= row[j] * factor[i][j] }
        row.append(value / factor[i][i])
      }
      let pivot = 1 - row.reduce(0) { $0 + $1 * $1 }
      guard pivot > smallestPivot else { continue }
      let diagonal = pivot.squareRoot()
      var value = right(column) / length
      for (i, entry) in row.enumerated() { value -= entry * forward[i] }
      forward.append(value / diagonal)
      factor.append(row + [diagonal])
      kept.append(column)
      lengths.append(length)
    }
    var solution = [Double](repeating: 0, count: count)
    for i in kept.indices.reversed() {
      var value = forward[i]
      for j in kept.indices where j > i { value -= factor[j][i] * solution[kept[j]] * lengths[j] }
      solution[kept[i]] = value / factor[i][i] / lengths[i]
    }
    return solution
  }
}
