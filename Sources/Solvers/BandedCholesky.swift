/// The Cholesky factor of a small symmetric positive definite band matrix; direct, `n·bandwidth²` operations.
struct BandedCholesky: Sendable {
  /// Unknowns.
  let count: Int
  /// The distance of the farthest nonzero from the diagonal.
  let bandwidth: Int
  /// Row i holds L(i, i − bandwidth) … L(i, i), the last one inverted.
  private var factor: [Double]

  /// Factors the matrix whose lower entries `entry` lists; nil when it is not positive definite.
  ///
  /// - Parameters:
  ///   - count: unknowns.
  ///   - bandwidth: the distance of the farthest nonzero from the diagonal.
  ///   - entry: the entry in a row and a column, `row − bandwidth ≤ column ≤ row`.
  init?(count: Int, bandwidth: Int, entry: (_ row: Int, _ column: Int) -> Double) {
    self.count = count
    self.bandwidth = bandwidth
    let width = bandwidth + 1
    factor = [Double](repeating: 0, count: count * width)
    for row in 0..<count {
      let first = max(0, row - bandwidth)
      for column in first...row {
        var sum = entry(row, column)
        for k in max(first, column - bandwidth)..<column {
          sum -= factor[row * width + k - row + bandwidth] * factor[column * width + k - column + bandwidth]
        }
        if column < row {
          factor[row * width + column - row + bandwidth] = sum * factor[column * width + bandwidth]
        } else {
          guard sum > 0, sum < .infinity else { return nil }
          factor[row * width + bandwidth] = 1 / sum.squareRoot()
        }
      }
    }
  }

  /// Solves in place.
  func solve(_ x: inout [Double]) {
    let (count, bandwidth) = (count, bandwidth)
    let width = bandwidth + 1
    factor.withUnsafeBufferPointer { factor in
      x.withUnsafeMutableBufferPointer { x in
        for row in 0..<count {
          var sum = x[row]
          for k in max(0, row - bandwidth)..<row { sum -= factor[row * width + k - row + bandwidth] * x[k] }
          x[row] = sum * factor[row * width + bandwidth]
        }
        for row in stride(from: count - 1, through: 0, by: -1) {
          let value = x[row] * factor[row * width + bandwidth]
          x[row] = value
          for k in max(0, row - bandwidth)..<row { x[k] -= factor[row * width + k - row + bandwidth] * value }
        }
      }
    }
  }
}

extension FivePointOperator {
  /// The factor of the whole operator, for rectangles that are thin or small; nil when it is not positive definite.
  func factored() -> BandedCholesky? {
    let byRows = columns <= rows
    let length = min(rows, columns)
    return withFaces { west, south in
      BandedCholesky(count: rows * columns, bandwidth: length) { this, that in
        let (row, column) = byRows ? (this / length, this % length) : (this % length, this / length)
        let at = row * grid.stride + column
        let (fast, slow) = byRows ? (west[at], south[at]) : (south[at], west[at])
        let (fastIndex, slowIndex) = byRows ? (column, row) : (row, column)
        switch this - that {
        case 0: return west[at] + west[at + 1] + south[at] + south[at + grid.stride]
        case 1 where fastIndex > 0: return -fast
        case length where slowIndex > 0: return -slow
        default: return 0
        }
      }
    }
  }
}
