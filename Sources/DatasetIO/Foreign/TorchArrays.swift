/// The tensors of a PyTorch file as arrays.
final class TorchArrays: ArraySource {
  let path: String
  let names: [String]
  let format = "PyTorch"
  private let tensors: [String: StoredTensor]

  /// Reads the whole file.
  ///
  /// - Throws: `FileError`, `TorchFileError`.
  init(reading path: String) throws {
    self.path = path
    tensors = try TorchFile(reading: path).tensors
    names = tensors.keys.sorted()
  }

  /// Whether a file begins like one, or is called like one.
  static func matches(_ front: [UInt8], _ path: String) -> Bool {
    front.starts(with: [0x50, 0x4B, 0x03, 0x04]) || path.hasSuffix(".pt") || path.hasSuffix(".pth")
  }

  func array(_ name: String) throws -> ForeignArray {
    guard let tensor = tensors[name] else {
      throw FieldFileError.missingVariable(path: path, variable: name, present: names)
    }
    let content: ForeignArray.Content =
      switch tensor.type {
      case .bool: .boolean
      case .uint8, .int8, .int16, .uint16, .int32, .uint32, .int64, .uint64: .integer
      case .float32, .float16, .bfloat16: .single
      case .float64: .double
      case .float8e4m3, .float8e5m2, .complex64:
        throw FieldFileError.wrongType(
          path: path, variable: name, found: "numbers of type \(tensor.type.rawValue)",
          expected: "real numbers or truth values")
      }
    return ForeignArray(name: name, shape: tensor.shape, content: content)
  }

  func read(_ array: ForeignArray, from start: [Int], _ count: [Int]) throws -> [Double] {
    guard let tensor = tensors[array.name] else { return [] }
    let block = StridedBlock(shape: tensor.shape, start: start, count: count)
    return tensor.withBytes { bytes in
      switch tensor.type {
      case .bool, .uint8: block.values(bytes) { (number: UInt8) in Double(number) }
      case .int8: block.values(bytes) { (number: Int8) in Double(number) }
      case .int16: block.values(bytes) { (number: Int16) in Double(number) }
      case .uint16: block.values(bytes) { (number: UInt16) in Double(number) }
      case .int32: block.values(bytes) { (number: Int32) in Double(number) }
      case .uint32: block.values(bytes) { (number: UInt32) in Double(number) }
      case .int64: block.values(bytes) { (number: Int64) in Double(number) }
      case .uint64: block.values(bytes) { (number: UInt64) in Double(number) }
      case .float32: block.values(bytes) { (number: Float) in Double(number) }
      case .float64: block.values(bytes) { (number: Double) in number }
      case .bfloat16: block.values(bytes) { (bits: UInt16) in Double(Float(bitPattern: UInt32(bits) << 16)) }
      case .float16: block.values(bytes) { (bits: UInt16) in Double(halfPrecision: bits) }
      case .float8e4m3, .float8e5m2, .complex64: []
      }
    }
  }
}

extension Double {
  /// The value of the 16 bits of IEEE 754's binary16; `Float16` is not there on every machine.
  fileprivate init(halfPrecision bits: UInt16) {
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
    let magnitude: Double =
      switch exponent {
      case 0: Double(sign: .plus, exponent: -24, significand: 1) * fraction
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }
}
