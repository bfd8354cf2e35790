import Foundation
import Solvers
import Tensors
import TestSupport
import Testing

@Suite struct FilteredNormalEquationsTests {
  /// The solution for columns given as rows of a matrix.
  private func solve(columns: [[Double]], right: [Double]) -> [Double] {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    return FilteredNormalEquations.solve(
      count: columns.count, product: { dot(columns[$0], columns[$1]) }, right: { dot(columns[$0], right) })
  }

  private func residual(columns: [[Double]], right: [Double], _ solution: [Double]) -> [Double] {
    right.indices.map { i in
      zip(columns, solution).reduce(right[i]) { $0 - $1.0[i] * $1.1 }
    }
  }

  private func columns(_ count: Int, of length: Int, stream: Int) -> [[Double]] {
    (0..<count).map { (randomTensor([length], stream: stream + $0) as Tensor<Double>).elements }
  }

  @Test func theResidualIsOrthogonalToEveryColumn() {
    for stream in 0..<20 {
      let columns = columns(6, of: 9, stream: 100 * stream)
      let right = (randomTensor([9], stream: 100 * stream + 50) as Tensor<Double>).elements
      let rest = residual(columns: columns, right: right, solve(columns: columns, right: right))
      for column in columns {
        #expect(abs(zip(column, rest).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-10)
      }
    }
  }

  @Test func columnsOfAnyLengthAreTreatedAlike() {
    let plain = columns(4, of: 7, stream: 1)
    let right = (randomTensor([7], stream: 9) as Tensor<Double>).elements
    let units = [0x1p-200, 0x1p100, 1, 0x1p-30]
    let scaled = zip(plain, units).map { column, unit in column.map { $0 * unit } }
    let expected = solve(columns: plain, right: right)
    for (value, (reference, unit)) in zip(solve(columns: scaled, right: right), zip(expected, units)) {
      // Powers of two scale exactly.
      #expect(value * unit == reference)
    }
  }

  @Test func aRepeatedColumnIsDroppedInFavourOfTheFirst() {
    let column = columns(1, of: 5, stream: 3)[0]
    let right = (randomTensor([5], stream: 4) as Tensor<Double>).elements
    let alone = solve(columns: [column], right: right)
    #expect(solve(columns: [column, column, column.map { -3 * $0 }], right: right) == alone + [0, 0])
  }

  @Test func zeroColumnsAndNoColumnsAreHarmless() {
    #expect(solve(columns: [[0, 0], [1, 0]], right: [2, 5]) == [0, 2])
    #expect(solve(columns: [], right: [1]) == [])
  }

  @Test func nearlyParallelColumnsKeepTheirDifferenceWhileItIsResolved() {
    // A squared sine of 1e-10 is far above rounding: both columns count. At 1e-16 it is rounding.
    let solution = solve(columns: [[1, 0], [1, 1e-5]], right: [0, 1])
    #expect(abs(solution[0] + 1e5) < 1 && abs(solution[1] - 1e5) < 1)
    #expect(solve(columns: [[1, 0], [1, 1e-8]], right: [0, 1])[1] == 0)
  }
}
