/// Random numbers as a pure function of (seed, stream, sample, index): any of them can be computed alone and in any order.
///
/// Philox 4×32 with 10 rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
/// doi:10.1145/2063384.2063405). The key is the seed; the counter holds the index, the sample and the stream, so that
/// different uses of one seed never share numbers.
public struct RandomStream: Sendable {
  /// What the numbers are for.
  public enum Purpose: UInt32, Sendable {
    case initialization = 1
    case permeability = 2
    case split = 3
    case shuffle = 4
    case noise = 5
    case test = 6
    case forcing = 7
    case fixedPointStart = 8
    case source = 9
  }

  let key: (UInt32, UInt32)
  let sample: UInt32
  let purpose: UInt32

  /// - Parameters:
  ///   - seed: the user's seed.
  ///   - purpose: separates uses of one seed.
  ///   - sample: separates samples (or parameters, or epochs) within a purpose; at most 2³² − 1.
  public init(seed: UInt64, purpose: Purpose, sample: Int = 0) {
    precondition(sample >= 0 && sample <= Int(UInt32.max), "a sample index must fit 32 bits, found \(sample)")
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.sample = UInt32(sample)
    self.purpose = purpose.rawValue
  }

  /// Four random words for one index.
  public func words(at index: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    Self.philox((UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), sample, purpose), key: key)
  }

  /// Philox 4×32-10: a bijection of the counter for every key.
  @inline(__always) package static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (counter, key) = (counter, key)
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) * UInt64(counter.0)
      let second = UInt64(0xCD9E_8D57) * UInt64(counter.2)
      counter = (
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.1 ^ key.0, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.3 ^ key.1, UInt32(truncatingIfNeeded: first)
      )
      key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85)
    }
    return counter
  }

  /// A number uniform on [0, 1) with 53 random bits.
  public func uniform(at index: UInt64) -> Double {
    let w = words(at: index)
    return Double((UInt64(w.0) << 32 | UInt64(w.1)) >> 11) * 0x1p-53
  }

  /// A permutation of `0..<count` (Fisher & Yates), drawn from indices `0..<count`.
  public func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, min(i, Int(uniform(at: UInt64(i)) * Double(i + 1))))
    }
    return order
  }
}

extension Tensor {
  /// Independent numbers uniform on `range`, element i from index i of the stream.
  public static func uniform(_ shape: [Int], in range: Range<Scalar>, from stream: RandomStream) -> Tensor {
    Tensor(shape: shape) { out in
      let width = range.upperBound - range.lowerBound
      for i in 0..<out.count { out[i] = range.lowerBound + width * Scalar(stream.uniform(at: UInt64(i))) }
    }
  }
}
