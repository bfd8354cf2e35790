/// Rearranges row-major arrays.
extension Array where Element == Double {
  /// The array of a shape with its axes in reverse order.
  func reversingAxes(_ shape: [Int]) -> [Double] { permutingAxes(shape, Array<Int>(shape.indices.reversed())) }

  /// The array of a shape whose axis `n` is the old axis `order[n]`.
  func permutingAxes(_ shape: [Int], _ order: [Int]) -> [Double] {
    precondition(count == shape.reduce(1, *) && order.sorted() == Array<Int>(shape.indices))
    if order == order.sorted() || isEmpty { return self }
    var stride = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { stride[axis] = stride[axis + 1] * shape[axis + 1] }
    let extents = order.map { shape[$0] }
    let steps = order.map { stride[$0] }
    let (inner, step) = (extents[extents.count - 1], steps[steps.count - 1])
    return [Double](unsafeUninitializedCapacity: count) { out, filled in
      withUnsafeBufferPointer { input in
        var index = [Int](repeating: 0, count: extents.count)
        var (source, target) = (0, 0)
        while target < input.count {
          for i in 0..<inner { out[target + i] = input[source + i * step] }
          target += inner
          var axis = extents.count - 2
          while axis >= 0 {
            index[axis] += 1
            source += steps[axis]
            if index[axis] < extents[axis] { break }
            source -= extents[axis] * steps[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
      filled = count
    }
  }
}

/// A block of a row-major array that lies in memory as bytes.
struct StridedBlock {
  /// Of the whole array.
  let shape: [Int]
  /// Of the block.
  let start: [Int]
  let count: [Int]

  /// The numbers of the block, row major.
  ///
  /// - Precondition: the block lies within the shape, and the bytes hold all of it.
  func values<Number: BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer, _ value: (Number) -> Double) -> [Double] {
    let width = MemoryLayout<Number>.stride
    precondition(bytes.count >= shape.reduce(width, *), "the bytes do not hold an array of shape \(shape)")
    precondition(zip(zip(start, count), shape).allSatisfy { $0.0 >= 0 && $0.1 >= 0 && $0.0 + $0.1 <= $1 })
    let (row, extent, first) = (count.last ?? 1, shape.last ?? 1, start.last ?? 0)
    return [Double](unsafeUninitializedCapacity: count.reduce(1, *)) { out, filled in
      guard row > 0 else { return }
      // Rows along the last axis; their numbers count through the other axes of the block.
      for number in 0..<count.reduce(1, *) / row {
        var (rest, place, stride) = (number, 0, 1)
        for axis in shape.indices.dropLast().reversed() {
          place += (start[axis] + rest % count[axis]) * stride
          rest /= count[axis]
          stride *= shape[axis]
        }
        let from = place * extent + first
        for i in 0..<row {
          out[filled + i] = value(bytes.loadUnaligned(fromByteOffset: (from + i) * width, as: Number.self))
        }
        filled += row
      }
    }
  }
}
