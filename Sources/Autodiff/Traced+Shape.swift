import Tensors

/// Operations that move elements without changing them.
extension Traced {
  /// The same elements under another shape.
  public func reshaped(to shape: [Int]) -> Traced {
    let original = self.shape
    return Self.recorded(value.reshaped(to: shape), from: [self]) { cotangent, _ in [cotangent.reshaped(to: original)] }
  }

  /// Fields of shape (sample, channel, …) joined along the channel axis.
  public static func concatenatingChannels(_ parts: [Traced]) -> Traced {
    let channels = parts.map { $0.shape[1] }
    return recorded(Tensor(concatenatingChannels: parts.map(\.value)), from: parts) { cotangent, wanted in
      var start = 0
      return zip(channels, wanted).map { count, wanted in
        defer { start += count }
        return wanted ? cotangent.channels(start..<start + count) : nil
      }
    }
  }

  /// The channels of a range.
  public func channels(_ range: Range<Int>) -> Traced {
    let shape = self.shape
    return Self.recorded(value.channels(range), from: [self]) { cotangent, _ in
      [cotangent.placedInChannels(range, of: shape)]
    }
  }

  /// Zeros appended at the end of every spatial axis (the axes after sample and channel).
  public func padded(to grid: [Int]) -> Traced {
    let original = Array(shape.dropFirst(2))
    return Self.recorded(value.resized(to: grid), from: [self]) { cotangent, _ in [cotangent.resized(to: original)] }
  }

  /// Every spatial axis cut at its end to the given length.
  public func cropped(to grid: [Int]) -> Traced { padded(to: grid) }

  /// The samples with the given indices, each at most once.
  public func gathering(samples indices: [Int]) -> Traced {
    let shape = self.shape
    return Self.recorded(value.gathering(samples: indices), from: [self]) { cotangent, _ in
      var full = Tensor<Scalar>.zeros(shape)
      full.scatter(cotangent, toSamples: indices)
      return [full]
    }
  }
}
