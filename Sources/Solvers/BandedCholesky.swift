/// The Cholesky factor of a small symmetric positive definite band matrix; direct, `n·bandwidth²` operations.
struct BandedCholesky: Sendable {
  /// Unknowns.
  let count: Int
  /// The distance of the farthest nonzero from the diagonal.
  let bandwidth: Int
  /// Row i holds L(i, i − bandwidth) … L(i, i), the last one inverted.
  private var factor: [Double]

  /// The bytes of the factor.
  var byteCount: Int { factor.count * MemoryLayout<Double>.stride }

  /// Factors a matrix; nil when it is not positive definite.
  init?(_ matrix: LowerBand) {
    (count, bandwidth) = (matrix.count, matrix.bandwidth)
    factor = matrix.values
    let width = bandwidth + 1
    for row in 0..<count {
      let first = max(0, row - bandwidth)
      for column in first...row {
        let (this, that) = (row * width - row + bandwidth, column * width - column + bandwidth)
        var sum = factor[this + column]
        for k in max(first, column - bandwidth)..<column { sum -= factor[this + k] * factor[that + k] }
        if column < row {
          factor[this + column] = sum * factor[that + column]
        } else {
          guard sum > 0, sum < .infinity else { return nil }
          factor[this + row] = 1 / sum.squareRoot()
        }
      }
    }
  }

  /// Solves in place; of the pinned factor of a singular matrix only what has no mean, on both sides: rounding gives a
  /// right-hand side a mean, which no solution has and which would come back as a large constant.
  func solve(_ x: inout [Double], isSingular: Bool) {
    func removeMean() {
      let mean = x.reduce(0, +) / Double(x.count)
      for i in x.indices { x[i] -= mean }
    }
    if isSingular { removeMean() }
    solve(&x)
    if isSingular { removeMean() }
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
