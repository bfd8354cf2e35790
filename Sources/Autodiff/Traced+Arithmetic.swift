import Tensors

/// Elementwise arithmetic of tensors of equal shapes.
extension Traced {
  /// `a + b`.
  public static func + (a: Traced, b: Traced) -> Traced {
    recorded(a.value + b.value, from: [a, b]) { cotangent, _ in [cotangent, cotangent] }
  }

  /// `a − b`.
  public static func - (a: Traced, b: Traced) -> Traced {
    recorded(a.value - b.value, from: [a, b]) { cotangent, wanted in
      [cotangent, wanted[1] ? cotangent.scaled(by: -1) : nil]
    }
  }

  /// `a·b`, elementwise.
  public static func * (a: Traced, b: Traced) -> Traced {
    recorded(a.value * b.value, from: [a, b]) { [x = a.value, y = b.value] cotangent, wanted in
      [wanted[0] ? cotangent * y : nil, wanted[1] ? cotangent * x : nil]
    }
  }

  /// `a/b`, elementwise.
  public static func / (a: Traced, b: Traced) -> Traced {
    let quotient = a.value / b.value
    return recorded(quotient, from: [a, b]) { [y = b.value] cotangent, wanted in
      let scaled = cotangent / y
      return [scaled, wanted[1] ? (scaled * quotient).scaled(by: -1) : nil]
    }
  }

  /// `scale·a + shift`.
  public func affine(scale: Scalar, shift: Scalar = 0) -> Traced {
    Self.recorded(value.affine(scale: scale, shift: shift), from: [self]) { cotangent, _ in
      [cotangent.scaled(by: scale)]
    }
  }

  /// `(1 − weight)·self + weight·other`: a damped step.
  public func blended(with other: Traced, weight: Scalar) -> Traced {
    var value = self.value
    value.add(other.value, scaledBy: weight, keeping: 1 - weight)
    return Self.recorded(value, from: [self, other]) { cotangent, wanted in
      [wanted[0] ? cotangent.scaled(by: 1 - weight) : nil, wanted[1] ? cotangent.scaled(by: weight) : nil]
    }
  }
}
