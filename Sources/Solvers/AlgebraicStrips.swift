import Tensors

/// Pieces of the rectangle from south to north, as ranges of the numbers of their points.
///
/// Even strips have the lower numbers and are not coupled to one another, nor are odd ones, so that a sweep in the order of
/// the numbers treats first all of one kind, then all of the other, in parallel. They depend on the operator alone.
struct AlgebraicStrips: Sendable {
  private(set) var ranges: [Range<Int>]

  /// All points in one strip.
  init(count: Int) { ranges = [0..<count] }

  /// A power of two of strips, so that the last one of a ring is odd, from the points of their rows; `number` gives the
  /// points of a row the numbers from `first` on and returns the next one.
  init(rows: Int, atLeast size: Int, number: (_ row: Int, _ first: Int) -> Int) {
    var count = 1
    while 2 * count * size <= rows { count *= 2 }
    ranges = [Range<Int>](repeating: 0..<0, count: count)
    var next = 0
    for strip in Self.order(count) {
      let first = next
      for row in strip * rows / count..<(strip + 1) * rows / count { next = number(row, next) }
      ranges[strip] = first..<next
    }
  }

  /// Strips of the coarse points of two neighbours each; `number` gives the coarse points of a range the numbers from
  /// `first` on and returns the next one.
  func coarsened(number: (_ points: Range<Int>, _ first: Int) -> Int) -> AlgebraicStrips {
    var result = self
    result.ranges = [Range<Int>](repeating: 0..<0, count: (ranges.count + 1) / 2)
    var next = 0
    for strip in Self.order(result.ranges.count) {
      let first = next
      for part in 2 * strip..<min(ranges.count, 2 * strip + 2) { next = number(ranges[part], next) }
      result.ranges[strip] = first..<next
    }
    return result
  }

  private static func order(_ count: Int) -> [Int] {
    Array(stride(from: 0, to: count, by: 2)) + Array(stride(from: 1, to: count, by: 2))
  }

  /// Points of all strips.
  var points: Int { ranges.reduce(0) { $0 + $1.count } }

  /// Whether strips of one kind are not coupled, by a test of a strip against all of its kind.
  func areSeparate(_ test: (_ strip: Range<Int>, _ kind: Range<Int>) -> Bool) -> Bool {
    guard ranges.count > 1 else { return true }
    let kinds = [0..<ranges[1].lowerBound, ranges[1].lowerBound..<points]
    return ranges.enumerated().allSatisfy { test($0.element, kinds[$0.offset % 2]) }
  }

  /// Runs `body` for every strip, in parallel.
  func forEach(_ body: (_ first: Int, _ last: Int) -> Void) {
    Parallel.forEach(ranges.count) { body(ranges[$0].lowerBound, ranges[$0].upperBound) }
  }

  /// Runs `body` for every strip of one kind, in parallel.
  func forEach(odd: Bool, _ body: (_ first: Int, _ last: Int) -> Void) {
    let first = odd ? 1 : 0
    Parallel.forEach((ranges.count + 1 - first) / 2) {
      let strip = ranges[2 * $0 + first]
      body(strip.lowerBound, strip.upperBound)
    }
  }

  /// Runs `body` for every strip, in parallel.
  func forEachIndexed(_ body: (_ strip: Int, _ points: Range<Int>) -> Void) {
    Parallel.forEach(ranges.count) { body($0, ranges[$0]) }
  }

  /// Runs `body` for every strip, the strips of a piece one after another.
  func forEach(pieces: Int, _ body: (_ piece: Int, _ strip: Int, _ points: Range<Int>) -> Void) {
    Parallel.forEach(pieces) { piece in
      for strip in stride(from: piece, to: ranges.count, by: pieces) { body(piece, strip, ranges[strip]) }
    }
  }

  /// Sums what `body` returns for every strip, in their order.
  func sum(_ body: (_ first: Int, _ last: Int) -> Double) -> Double {
    Parallel.sum(over: ranges.count, chunk: 1) {
      body(ranges[$0.lowerBound].lowerBound, ranges[$0.lowerBound].upperBound)
    }
  }
}
