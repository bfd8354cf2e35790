public import Tensors

/// Sums and norms.
extension Traced {
  /// The sum of all elements, a tensor without axes.
  public func sum() -> Traced {
    let shape = self.shape
    return Self.recorded(Tensor(Scalar(value.sum())), from: [self]) { cotangent, _ in
      [Tensor(shape: shape, repeating: cotangent.scalar)]
    }
  }

  /// The mean of all elements, a tensor without axes.
  public func mean() -> Traced { sum().affine(scale: 1 / Scalar(max(value.count, 1))) }

  /// The dot product with a tensor of the same shape, a tensor without axes.
  public func dot(_ other: Traced) -> Traced {
    let product = Tensor(Scalar(value.dot(other.value)))
    return Self.recorded(product, from: [self, other]) { [x = value, y = other.value] cotangent, wanted in
      [wanted[0] ? y.scaled(by: cotangent.scalar) : nil, wanted[1] ? x.scaled(by: cotangent.scalar) : nil]
    }
  }

  /// The Euclidean norm of every sample, of shape (sample); its gradient at 0 is taken to be 0.
  public func sampleNorms() -> Traced {
    let (samples, stride) = (value.samples, value.sampleStride)
    let norms = Tensor<Scalar>(shape: [samples]) { out in
      value.withUnsafeBuffer { input in
        guard let x = input.baseAddress else { return out.initialize(repeating: 0) }
        Parallel.forEach(samples) { sample in
          let row = x + sample * stride
          out[sample] = Scalar(Scalar.kernels.dot(stride, row, row).squareRoot())
        }
      }
    }
    return Self.recorded(norms, from: [self]) { [value] cotangent, _ in
      let factors = zip(cotangent.elements, norms.elements).map { $1 > 0 ? $0 / $1 : 0 }
      return [value.scalingSamples(by: factors)]
    }
  }
}

extension Tensor {
  /// Every sample times its own factor.
  public func scalingSamples(by factors: [Scalar]) -> Tensor {
    let stride = sampleStride
    precondition(factors.count == samples, "\(factors.count) factors for \(samples) samples")
    return Tensor(shape: shape) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        Parallel.forEach(factors.count) { sample in
          Scalar.kernels.affine(stride, x + sample * stride, factors[sample], 0, y + sample * stride)
        }
      }
    }
  }
}
