import Tensors

/// Elementwise functions.
extension Traced {
  /// `eˣ`.
  public func exp() -> Traced {
    let result = value.mapped(Scalar.kernels.exp)
    return Self.recorded(result, from: [self]) { cotangent, _ in [cotangent * result] }
  }

  /// The natural logarithm.
  public func log() -> Traced {
    Self.recorded(value.mapped(Scalar.kernels.log), from: [self]) { [value] cotangent, _ in [cotangent / value] }
  }

  /// The square root; its derivative at 0 is infinite.
  public func squareRoot() -> Traced {
    let result = value.mapped(Scalar.kernels.squareRoot)
    return Self.recorded(result, from: [self]) { cotangent, _ in [(cotangent / result).scaled(by: 0.5)] }
  }

  /// `x²`.
  public func squared() -> Traced {
    Self.recorded(value * value, from: [self]) { [value] cotangent, _ in [(cotangent * value).scaled(by: 2)] }
  }

  /// The hyperbolic tangent.
  public func tanh() -> Traced {
    let result = value.mapped(Scalar.kernels.tanh)
    return Self.recorded(result, from: [self]) { cotangent, _ in
      [cotangent * (result * result).affine(scale: -1, shift: 1)]
    }
  }

  /// The logistic function `1/(1 + e⁻ˣ) = (1 + tanh(x/2))/2`, which cannot overflow.
  public func sigmoid() -> Traced { affine(scale: 0.5).tanh().affine(scale: 0.5, shift: 0.5) }

  /// `x·Φ(x)`, the exact form with the normal distribution function Φ (Hendrycks & Gimpel 2016, arXiv:1606.08415).
  public func gelu() -> Traced {
    Self.recorded(value.mapped(Scalar.kernels.gelu), from: [self]) { [value] cotangent, _ in
      [value.zipped(with: cotangent, Scalar.kernels.geluPullback)]
    }
  }
}
