/// The leading axis as a list of samples.
extension Tensor {
  /// The length of the leading axis.
  public var samples: Int {
    precondition(!shape.isEmpty, "a tensor without axes has no samples")
    return shape[0]
  }

  /// Elements of one sample.
  public var sampleStride: Int { shape.dropFirst().reduce(1, *) }

  /// The samples with the given indices, in that order, copied.
  public func gathering(samples indices: [Int]) -> Tensor {
    let stride = sampleStride
    precondition(indices.allSatisfy { $0 >= 0 && $0 < samples }, "sample index outside 0..<\(samples): \(indices)")
    return Tensor(shape: [indices.count] + shape.dropFirst()) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for (row, index) in indices.enumerated() {
          (y + row * stride).update(from: x + index * stride, count: stride)
        }
      }
    }
  }

  /// The samples of a range, copied.
  public func gathering(samples range: Range<Int>) -> Tensor { gathering(samples: Array(range)) }

  /// Overwrites the samples at `indices` with the rows of `source`.
  public mutating func scatter(_ source: Tensor, toSamples indices: [Int]) {
    let stride = sampleStride
    precondition(source.sampleStride == stride && source.samples == indices.count, "rows to scatter do not fit")
    precondition(indices.allSatisfy { $0 >= 0 && $0 < samples }, "sample index outside 0..<\(samples): \(indices)")
    source.withUnsafeBuffer { input in
      withUnsafeMutableBuffer { out in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for (row, index) in indices.enumerated() {
          (y + index * stride).update(from: x + row * stride, count: stride)
        }
      }
    }
  }

  /// Tensors joined along the leading axis.
  public init(concatenatingSamples parts: [Tensor]) {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let tail = Array(parts[0].shape.dropFirst())
    precondition(parts.allSatisfy { Array($0.shape.dropFirst()) == tail }, "samples of different shapes")
    self.init(shape: [parts.reduce(0) { $0 + $1.samples }] + tail) { out in
      var offset = 0
      for part in parts {
        part.withUnsafeBuffer { input in
          if let x = input.baseAddress, let y = out.baseAddress { (y + offset).update(from: x, count: input.count) }
          offset += input.count
        }
      }
    }
  }

  /// The sum over the leading axis, added in order.
  public func summingSamples() -> Tensor {
    let (samples, stride) = (samples, sampleStride)
    return Tensor(shape: Array(shape.dropFirst())) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        Scalar.kernels.fill(stride, 0, y)
        for sample in 0..<samples { Scalar.kernels.axpby(stride, 1, x + sample * stride, 1, y) }
      }
    }
  }
}
