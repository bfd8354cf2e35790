import Tensors
import Testing

struct BandedCholeskyFactorizationTests {
  /// Diagonally dominant, with every entry of the band different.
  private static func rows(_ count: Int, _ bandwidth: Int) -> [Double] {
    (0..<count).flatMap { row in
      (0...bandwidth).map { place in
        place == bandwidth ? Double(2 * bandwidth + 2) : -1 / Double(1 + (7 * row + 3 * place) % 11)
      }
    }
  }

  @Test("A solution satisfies the equations, whatever the width of the band", arguments: [0, 1, 2, 5, 16])
  func residual(bandwidth: Int) throws {
    let count = 17
    let rows = Self.rows(count, bandwidth)
    func entry(_ i: Int, _ j: Int) -> Double {
      let (row, column) = (max(i, j), min(i, j))
      return row - column <= bandwidth ? rows[row * (bandwidth + 1) + column - row + bandwidth] : 0
    }
    let b = (0..<count).map { Double($0 % 5) - 1.5 }
    var x = b
    try BandedCholeskyFactorization(count: count, bandwidth: bandwidth, rows: rows).solve(&x)
    for i in 0..<count {
      let image = (0..<count).reduce(0.0) { $0 + entry(i, $1) * x[$1] }
      // Rounding of about forty operations on numbers of order one.
      #expect(abs(image - b[i]) < 1e-13)
    }
  }

  @Test("A matrix that is not positive definite is refused with the order of the block that is not")
  func indefinite() {
    var rows = Self.rows(9, 2)
    rows[5 * 3 + 2] = -1
    #expect(throws: BandedCholeskyFactorization.Failure.notPositiveDefinite(order: 6)) {
      try BandedCholeskyFactorization(count: 9, bandwidth: 2, rows: rows)
    }
    rows[5 * 3 + 2] = .nan
    #expect(throws: BandedCholeskyFactorization.Failure.self) {
      try BandedCholeskyFactorization(count: 9, bandwidth: 2, rows: rows)
    }
  }
}
