import Tensors

/// Cuts the samples of a batch into pieces for parallel loops.
///
/// The cut depends on the length of a sample alone, and sums over pieces are added in order, so every number of a sample
/// is the same bits for any batch around it and any number of threads.
struct SamplePieces {
  /// Elements a piece holds: a dozen of them at once stay in a core's second-level cache.
  static let size = 8192

  let rows: Int
  let stride: Int

  var piecesPerRow: Int { (stride + Self.size - 1) / Self.size }

  /// Runs `body` with a row and a range of elements inside its sample, for all pieces of all rows in parallel.
  func forEach(_ body: (_ row: Int, _ range: Range<Int>) -> Void) {
    let perRow = piecesPerRow
    Parallel.forEach(rows * perRow) { index in
      let (row, piece) = (index / perRow, index % perRow)
      body(row, piece * Self.size..<min(stride, (piece + 1) * Self.size))
    }
  }

  /// `width` sums for every row: `term` writes its piece's share of each, which are then added in the order of pieces.
  ///
  /// - Returns: row-major `[rows, width]`.
  func sums(
    _ width: Int, _ term: (_ row: Int, _ range: Range<Int>, _ partial: UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    var totals = [Double](repeating: 0, count: rows * width)
    let perRow = piecesPerRow
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, rows * perRow * width)) { partials in
      partials.initialize(repeating: 0)
      guard let base = partials.baseAddress else { return }
      forEach { row, range in term(row, range, base + (row * perRow + range.lowerBound / Self.size) * width) }
      for row in 0..<rows {
        for piece in 0..<perRow {
          for column in 0..<width { totals[row * width + column] += base[(row * perRow + piece) * width + column] }
        }
      }
    }
    return totals
  }
}
