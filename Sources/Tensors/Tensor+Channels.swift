/// Fields of shape (sample, channel, spatial axes …).
extension Tensor {
  /// Joins fields along the channel axis.
  public init(concatenatingChannels parts: [Tensor]) {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let (samples, grid) = (parts[0].shape[0], Array(parts[0].shape.dropFirst(2)))
    precondition(
      parts.allSatisfy { $0.shape[0] == samples && Array($0.shape.dropFirst(2)) == grid },
      "fields to join must agree in samples and grid, found \(parts.map(\.shape))")
    self.init(shape: [samples, parts.reduce(0) { $0 + $1.shape[1] }] + grid) { out in
      let stride = out.count / max(samples, 1)
      var start = 0
      for part in parts {
        let length = part.sampleStride
        part.withUnsafeBuffer { input in
          guard let x = input.baseAddress, let y = out.baseAddress else { return }
          for sample in 0..<samples { (y + sample * stride + start).update(from: x + sample * length, count: length) }
        }
        start += length
      }
    }
  }

  /// The channels of a range, copied.
  public func channels(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= shape[1], "channels \(range) of \(shape[1])")
    let points = shape.dropFirst(2).reduce(1, *)
    let (samples, stride, length) = (shape[0], sampleStride, range.count * points)
    return Tensor(shape: [samples, range.count] + shape.dropFirst(2)) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for sample in 0..<samples {
          (y + sample * length).update(from: x + sample * stride + range.lowerBound * points, count: length)
        }
      }
    }
  }

  /// Zeros of the given shape with this tensor in the channels of a range: the transpose of `channels(_:)`.
  public func placedInChannels(_ range: Range<Int>, of full: [Int]) -> Tensor {
    precondition(shape[1] == range.count, "\(shape[1]) channels do not fill \(range)")
    var result = Tensor.zeros(full)
    let points = shape.dropFirst(2).reduce(1, *)
    let (samples, stride, length) = (shape[0], result.sampleStride, range.count * points)
    withUnsafeBuffer { input in
      result.withUnsafeMutableBuffer { out in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for sample in 0..<samples {
          (y + sample * stride + range.lowerBound * points).update(from: x + sample * length, count: length)
        }
      }
    }
    return result
  }

  /// Every spatial axis cut, or filled with zeros, at its end; its own transpose with the grids exchanged.
  public func resized(to grid: [Int]) -> Tensor {
    let old = Array(shape.dropFirst(2))
    precondition(old.count == grid.count && !grid.isEmpty, "grid \(grid) for fields on \(old)")
    guard old != grid else { return self }
    let fields = shape[0] * shape[1]
    let common = zip(old, grid).map { min($0, $1) }
    let (oldPoints, newPoints) = (old.reduce(1, *), grid.reduce(1, *))
    let run = common[common.count - 1]
    let rows = common.dropLast().reduce(1, *)
    return Tensor(shape: Array(shape.prefix(2)) + grid) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        if common != grid {
          Parallel.chunks(of: out.count, size: Self.chunk) { Scalar.kernels.fill($0.count, 0, y + $0.lowerBound) }
        }
        Parallel.forEach(fields) { field in
          for row in 0..<rows {
            // The row's coordinates along the leading axes, to offsets in both grids.
            var (rest, from, to, strideFrom, strideTo) = (row, 0, 0, old[old.count - 1], grid[grid.count - 1])
            for axis in stride(from: grid.count - 2, through: 0, by: -1) {
              let index = rest % common[axis]
              rest /= common[axis]
              (from, to) = (from + index * strideFrom, to + index * strideTo)
              (strideFrom, strideTo) = (strideFrom * old[axis], strideTo * grid[axis])
            }
            (y + field * newPoints + to).update(from: x + field * oldPoints + from, count: run)
          }
        }
      }
    }
  }
}
