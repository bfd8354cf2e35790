/// Elementwise arithmetic and reductions. Operands have equal shapes; nothing broadcasts.
extension Tensor {
  /// Elements a chunk of work holds: large enough to repay the hand-over to another thread.
  static var chunk: Int { 32768 }

  /// A new tensor of the same shape from a kernel over one input, in parallel chunks.
  public func mapped(
    _ kernel: @Sendable (Int, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) -> Tensor {
    Tensor(shape: shape) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        Parallel.chunks(of: input.count, size: Self.chunk) { kernel($0.count, x + $0.lowerBound, y + $0.lowerBound) }
      }
    }
  }

  /// A new tensor of the same shape from a kernel over two inputs, in parallel chunks.
  public func zipped(
    with other: Tensor,
    _ kernel: @Sendable (Int, UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) -> Tensor {
    precondition(shape == other.shape, "elementwise operands differ in shape: \(shape) and \(other.shape)")
    return Tensor(shape: shape) { out in
      withUnsafeBuffer { left in
        other.withUnsafeBuffer { right in
          guard let a = left.baseAddress, let b = right.baseAddress, let y = out.baseAddress else { return }
          Parallel.chunks(of: left.count, size: Self.chunk) {
            kernel($0.count, a + $0.lowerBound, b + $0.lowerBound, y + $0.lowerBound)
          }
        }
      }
    }
  }

  /// Elementwise sum.
  public static func + (left: Tensor, right: Tensor) -> Tensor { left.zipped(with: right, Scalar.kernels.add) }
  /// Elementwise difference.
  public static func - (left: Tensor, right: Tensor) -> Tensor { left.zipped(with: right, Scalar.kernels.subtract) }
  /// Elementwise product.
  public static func * (left: Tensor, right: Tensor) -> Tensor { left.zipped(with: right, Scalar.kernels.multiply) }
  /// Elementwise quotient.
  public static func / (left: Tensor, right: Tensor) -> Tensor { left.zipped(with: right, Scalar.kernels.divide) }

  /// `scale·self + shift`.
  public func affine(scale: Scalar, shift: Scalar) -> Tensor {
    let kernel = Scalar.kernels.affine
    return mapped { kernel($0, $1, scale, shift, $2) }
  }

  /// `scale·self`.
  public func scaled(by scale: Scalar) -> Tensor { affine(scale: scale, shift: 0) }

  /// `self ← factor·other + keep·self`.
  public mutating func add(_ other: Tensor, scaledBy factor: Scalar = 1, keeping keep: Scalar = 1) {
    precondition(shape == other.shape, "elementwise operands differ in shape: \(shape) and \(other.shape)")
    let kernel = Scalar.kernels.axpby
    other.withUnsafeBuffer { input in
      withUnsafeMutableBuffer { out in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        Parallel.chunks(of: input.count, size: Self.chunk) {
          kernel($0.count, factor, x + $0.lowerBound, keep, y + $0.lowerBound)
        }
      }
    }
  }

  /// The sum of all elements, accumulated in double over chunks in a fixed order.
  public func sum() -> Double {
    let kernel = Scalar.kernels.sum
    return withUnsafeBuffer { input in
      Parallel.sum(over: input.count, chunk: Self.chunk) { range in
        input.baseAddress.map { kernel(range.count, $0 + range.lowerBound) } ?? 0
      }
    }
  }

  /// The dot product with a tensor of the same shape, accumulated in double in a fixed order.
  public func dot(_ other: Tensor) -> Double {
    precondition(shape == other.shape, "operands of a dot product differ in shape: \(shape) and \(other.shape)")
    let kernel = Scalar.kernels.dot
    return withUnsafeBuffer { left in
      other.withUnsafeBuffer { right in
        Parallel.sum(over: left.count, chunk: Self.chunk) { range in
          guard let a = left.baseAddress, let b = right.baseAddress else { return 0 }
          return kernel(range.count, a + range.lowerBound, b + range.lowerBound)
        }
      }
    }
  }

  /// The Euclidean norm, unweighted.
  public var norm: Double { dot(self).squareRoot() }

  /// The root of the mean square, the discrete L² norm on a domain of unit area.
  public var rootMeanSquare: Double { count == 0 ? 0 : (dot(self) / Double(count)).squareRoot() }

  /// The largest magnitude; NaN elements are not seen, see `isFinite`.
  public var maxAbs: Scalar {
    withUnsafeBuffer { input in input.baseAddress.map { Scalar.kernels.maxAbs(input.count, $0) } ?? 0 }
  }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool {
    withUnsafeBuffer { input in input.baseAddress.map { Scalar.kernels.allFinite(input.count, $0) } ?? true }
  }
}
