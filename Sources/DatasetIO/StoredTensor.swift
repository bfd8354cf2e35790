public import Tensors

/// An array as a safetensors file holds it.
public enum StoredTensor: Sendable {
  /// 32-bit reals.
  case single(Tensor<Float>)
  /// 64-bit reals.
  case double(Tensor<Double>)
  /// 64-bit integers.
  case integers(shape: [Int], values: [Int64])
  /// Anything else, as its bytes.
  case other(ElementType, shape: [Int], bytes: [UInt8])

  /// The element types of the format; the raw value is the name in the file.
  public enum ElementType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case float8e5m2 = "F8_E5M2"
    case float8e4m3 = "F8_E4M3"
    case int16 = "I16"
    case uint16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case uint32 = "U32"
    case float32 = "F32"
    case int64 = "I64"
    case uint64 = "U64"
    case float64 = "F64"
    case complex64 = "C64"

    /// The bytes of one element.
    public var width: Int {
      switch self {
      case .bool, .uint8, .int8, .float8e5m2, .float8e4m3: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64, .complex64: 8
      }
    }
  }

  /// The element type.
  public var type: ElementType {
    switch self {
    case .single: .float32
    case .double: .float64
    case .integers: .int64
    case .other(let type, _, _): type
    }
  }

  /// The lengths of the axes.
  public var shape: [Int] {
    switch self {
    case .single(let tensor): tensor.shape
    case .double(let tensor): tensor.shape
    case .integers(let shape, _), .other(_, let shape, _): shape
    }
  }

  /// The elements as they lie in the file (little-endian, as every machine this runs on); valid inside `body` only.
  func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    switch self {
    case .single(let tensor): try tensor.withUnsafeBuffer { try body(UnsafeRawBufferPointer($0)) }
    case .double(let tensor): try tensor.withUnsafeBuffer { try body(UnsafeRawBufferPointer($0)) }
    case .integers(_, let values): try values.withUnsafeBytes(body)
    case .other(_, _, let bytes): try bytes.withUnsafeBytes(body)
    }
  }

  /// An array whose bytes `fill` writes; it returns how many it had.
  ///
  /// - Throws: `ByteCursor.EndOfBytes` when there were too few; whatever `fill` throws.
  init(
    type: ElementType, shape: [Int], filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    func whole(_ buffer: UnsafeMutableRawBufferPointer) throws {
      guard try fill(buffer) == buffer.count else { throw ByteCursor.EndOfBytes() }
    }
    let count = shape.reduce(1, *)
    switch type {
    case .float32:
      self = .single(try Tensor(shape: shape) { try whole(UnsafeMutableRawBufferPointer($0)) })
    case .float64:
      self = .double(try Tensor(shape: shape) { try whole(UnsafeMutableRawBufferPointer($0)) })
    case .int64:
      let values = try [Int64](unsafeUninitializedCapacity: count) { buffer, filled in
        try whole(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[0..<count * 8]))
        filled = count
      }
      self = .integers(shape: shape, values: values)
    default:
      let size = count * type.width
      let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
        try whole(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[0..<size]))
        filled = size
      }
      self = .other(type, shape: shape, bytes: bytes)
    }
  }
}
