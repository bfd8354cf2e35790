import CKernels
import Tensors

/// Renews the margins of arrays on unrolled axes.
struct Wrap: Hashable, Sendable {
  /// Rows of a half array, margins included.
  let rows: Int
  /// Rows of the ring; 0 for an open axis.
  let rowPeriod: Int
  /// Elements of a half row of the ring; 0 for an open axis.
  let halfPeriod: Int
  /// Elements of a half row.
  let half: Int
  /// The half rows of one row: 1 of half arrays, 2 of split ones.
  private(set) var split = 1

  /// Nil when both axes of a level are open.
  init?(_ rows: UnrolledAxis, _ columns: UnrolledAxis, level: Int, half: Int) {
    guard rows.period != nil || columns.period != nil else { return nil }
    self.rows = rows.length(level: level)
    self.half = half
    rowPeriod = rows.period.map { $0 >> level } ?? 0
    halfPeriod = columns.period.map { $0 >> (level + 1) } ?? 0
  }

  /// For split arrays.
  var ofSplit: Wrap {
    var result = self
    result.split = 2
    return result
  }

  /// The rows of the ring, or all of an open axis.
  var ringRows: Range<Int> {
    rowPeriod > 0 ? UnrolledAxis.margin..<UnrolledAxis.margin + rowPeriod : 0..<rows
  }
  /// The elements of a half row in the ring, or all of an open axis.
  var ringElements: Range<Int> {
    halfPeriod > 0 ? UnrolledAxis.margin / 2..<UnrolledAxis.margin / 2 + halfPeriod : 0..<half
  }

  /// Copies the far side of the ring into the margins.
  func callAsFunction<Scalar>(_ array: UnsafeMutablePointer<Scalar>) {
    let length = half * split
    if halfPeriod > 0 {
      let margin = UnrolledAxis.margin / 2
      for row in 0..<rows * split {
        let start = array + row * half
        for place in 0..<margin {
          start[place] = start[place + halfPeriod]
          start[place + margin + halfPeriod] = start[place + margin]
        }
      }
    }
    if rowPeriod > 0 {
      let margin = UnrolledAxis.margin * length
      array.update(from: array + rowPeriod * length, count: margin)
      (array + margin + rowPeriod * length).update(from: array + margin, count: margin)
    }
  }

  /// Sets what lies outside the ring to 0.
  func clear<Scalar: MultigridScalar>(_ array: UnsafeMutablePointer<Scalar>) {
    for row in 0..<rows {
      let start = array + row * half
      if ringRows.contains(row) {
        for place in 0..<half where !ringElements.contains(place) { start[place] = 0 }
      } else {
        start.update(repeating: 0, count: half)
      }
    }
  }

  /// The dot product of two half arrays over the ring.
  func dot<Scalar: MultigridScalar>(_ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>) -> Double {
    let kernel = Scalar.multigrid.dot
    return Parallel.sum(over: ringRows.count, chunk: PaddedGrid.rowsPerStrip) { rows in
      kernel(
        half, ringRows.lowerBound + rows.lowerBound, ringRows.lowerBound + rows.upperBound, ringElements.lowerBound,
        ringElements.upperBound, a, b)
    }
  }
}
