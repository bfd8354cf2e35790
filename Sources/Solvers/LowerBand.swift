/// The lower half of a symmetric band matrix.
struct LowerBand: Sendable {
  /// Unknowns.
  let count: Int
  /// The distance of the farthest nonzero from the diagonal.
  let bandwidth: Int
  /// Row i holds A(i, i − bandwidth) … A(i, i): what LAPACK calls the upper half, stored by columns.
  private(set) var values: [Double]

  init(count: Int, bandwidth: Int) {
    self.count = count
    self.bandwidth = bandwidth
    values = [Double](repeating: 0, count: count * (bandwidth + 1))
  }

  /// Adds to an entry and to its mirror image.
  mutating func add(_ value: Double, row: Int, column: Int) {
    let (this, that) = (max(row, column), min(row, column))
    precondition(this - that <= bandwidth, "entry (\(row), \(column)) lies outside a band of \(bandwidth)")
    values[this * (bandwidth + 1) + that - this + bandwidth] += value
  }

  /// Doubles the first diagonal entry, which makes a matrix definite that only constants are singular for; the 0 of a
  /// single unknown becomes 1.
  ///
  /// For a right-hand side of zero sum the solution is that of the singular matrix with the value 0 at the first unknown:
  /// the sum of all equations says that the added term is 0.
  mutating func pin() { values[bandwidth] = count == 1 ? 1 : 2 * values[bandwidth] }
}
