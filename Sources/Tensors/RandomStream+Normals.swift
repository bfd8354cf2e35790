import CKernels

/// Standard normal numbers (Box & Muller 1958; the cosine branch, one number an index).
extension RandomStream {
  /// The number at one index.
  public func normal(at index: UInt64) -> Double {
    var number = 0.0
    withUnsafeMutablePointer(to: &number) {
      normals(from: index, into: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return number
  }

  /// The numbers at the indices `first`, `first + step`, … (modulo 2⁶⁴): the same as one by one, several times faster.
  public func normals(from first: UInt64, step: UInt64 = 1, into numbers: UnsafeMutableBufferPointer<Double>) {
    guard let out = numbers.baseAddress else { return }
    ck_normals(UInt64(key.1) << 32 | UInt64(key.0), sample, purpose, first, step, numbers.count, out)
  }
}

extension Tensor {
  /// Independent standard normal numbers, element i from index i of the stream.
  public static func normal(_ shape: [Int], from stream: RandomStream) -> Tensor {
    let piece = 1024
    return Tensor(shape: shape) { out in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: piece) { numbers in
        for start in stride(from: 0, to: out.count, by: piece) {
          let count = min(piece, out.count - start)
          stream.normals(from: UInt64(start), into: UnsafeMutableBufferPointer(rebasing: numbers[..<count]))
          for i in 0..<count { out[start + i] = Scalar(numbers[i]) }
        }
      }
    }
  }
}
