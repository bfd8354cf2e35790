/// A dense array of `Float` or `Double`, row major, the last axis contiguous; a value with copy-on-write storage.
///
/// Axes of a batch of fields are (sample, channel, y, x). A tensor may have no axes (one number) or an axis of length 0.
public struct Tensor<Scalar: TensorScalar>: Sendable {
  /// The length of every axis.
  public private(set) var shape: [Int]
  private var storage: Storage<Scalar>

  /// The number of elements.
  public var count: Int { storage.count }

  /// A tensor whose elements `body` must write, every one of them.
  public init(shape: [Int], initializingWith body: (UnsafeMutableBufferPointer<Scalar>) throws -> Void) rethrows {
    precondition(shape.allSatisfy { $0 >= 0 }, "a tensor's axes must not be negative, found \(shape)")
    self.shape = shape
    storage = Storage(count: shape.reduce(1, *))
    try body(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
  }

  /// A tensor with one value everywhere.
  public init(shape: [Int], repeating value: Scalar) {
    self.init(shape: shape) { out in
      guard let first = out.baseAddress else { return }
      Parallel.chunks(of: out.count, size: Self.chunk) { Scalar.kernels.fill($0.count, value, first + $0.lowerBound) }
    }
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(shape: shape, repeating: 0) }

  /// A tensor with the given elements in row-major order.
  public init(shape: [Int], elements: [Scalar]) {
    precondition(
      shape.reduce(1, *) == elements.count, "\(elements.count) elements do not fill the shape \(shape)")
    self.init(shape: shape) { buffer in _ = buffer.initialize(from: elements) }
  }

  /// One number.
  public init(_ value: Scalar) { self.init(shape: [], repeating: value) }

  /// The same numbers rounded to, or widened from, another scalar type.
  public init<Other: TensorScalar>(converting other: Tensor<Other>) {
    self.init(shape: other.shape) { out in
      other.withUnsafeBuffer { input in
        for i in 0..<input.count { out[i] = Scalar(input[i]) }
      }
    }
  }

  /// The elements in row-major order.
  public var elements: [Scalar] { withUnsafeBuffer { Array($0) } }

  /// The single number of a tensor with one element.
  public var scalar: Scalar {
    precondition(count == 1, "only a tensor with one element has a scalar value, found shape \(shape)")
    return storage.base[0]
  }

  /// The pointer is valid inside `body` only.
  public func withUnsafeBuffer<R>(_ body: (UnsafeBufferPointer<Scalar>) throws -> R) rethrows -> R {
    try body(UnsafeBufferPointer(start: storage.base, count: storage.count))
  }

  /// Access to the elements in place; copies first when the storage is shared. The pointer is valid inside `body` only.
  public mutating func withUnsafeMutableBuffer<R>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> R
  ) rethrows -> R {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage<Scalar>(count: storage.count)
      copy.base.update(from: storage.base, count: storage.count)
      storage = copy
    }
    return try body(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
  }

  /// One element; for tests and small arrays, since every access computes an offset.
  public subscript(_ indices: Int...) -> Scalar {
    get { storage.base[offset(of: indices)] }
    set {
      let position = offset(of: indices)
      withUnsafeMutableBuffer { $0[position] = newValue }
    }
  }

  private func offset(of indices: [Int]) -> Int {
    precondition(indices.count == shape.count, "\(indices.count) indices for a tensor of shape \(shape)")
    var result = 0
    for (index, extent) in zip(indices, shape) {
      precondition(index >= 0 && index < extent, "index \(indices) is outside the shape \(shape)")
      result = result * extent + index
    }
    return result
  }

  /// The same elements under another shape of equal size; shares storage.
  public func reshaped(to newShape: [Int]) -> Tensor {
    precondition(newShape.reduce(1, *) == count, "shape \(shape) cannot be read as \(newShape)")
    var result = self
    result.shape = newShape
    return result
  }
}
