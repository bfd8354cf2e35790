import Foundation
public import Tensors

/// Named arrays and metadata in one file of the safetensors format, with a checksum for each and for the header.
///
/// The whole of a checkpoint is one such value, so that its parts never belong to different moments. Files of other writers
/// can be read as well; those without checksums are then only as good as their source.
public struct SafetensorsFile: Sendable {
  /// Whether a file may be read that holds no checksums.
  public enum Verification: Sendable {
    /// Checksums are verified if they are there.
    case whereGiven
    /// A file without checksums is refused.
    case required
  }

  /// The arrays by name.
  public var tensors: [String: StoredTensor]
  /// Texts by key; keys beginning with `sha256` are reserved.
  public var metadata: [String: String]
  /// Where this was read from, for messages.
  private var path = "(in memory)"

  /// A file that is still in memory.
  public init(tensors: [String: StoredTensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads and verifies a whole file.
  ///
  /// - Throws: `FileError` when there is no file to read; `SafetensorsError` `damaged`, `checksum`, `noChecksums` or
  ///   `tooLarge`.
  public init(
    reading path: String, verification: Verification = .whereGiven, memoryLimit: Int = FieldFile.defaultMemoryLimit
  ) throws {
    let length = try FilePaths.length(ofDataAt: path)
    guard length <= memoryLimit else {
      throw SafetensorsError.tooLarge(path: path, bytes: length, limit: memoryLimit)
    }
    let descriptor = try FilePaths.openForReading(path)
    defer { close(descriptor) }
    let header = try Self.header(descriptor, path: path, length: length)
    if verification == .required, header.checksums.isEmpty { throw SafetensorsError.noChecksums(path: path) }
    tensors = [:]
    metadata = header.metadata
    self.path = path
    // The header has just been held against the length of the file, so no more memory is asked for than the file has bytes.
    for entry in header.entries {
      do {
        let tensor = try StoredTensor(type: entry.type, shape: entry.shape) {
          try FilePaths.read(descriptor, into: $0, of: path)
        }
        if let checksum = header.checksums[entry.name], checksum != tensor.withBytes({ SHA256.hex(of: $0) }) {
          throw SafetensorsError.checksum(path: path, part: "tensor '\(entry.name)'")
        }
        tensors[entry.name] = tensor
      } catch is ByteCursor.EndOfBytes {
        throw SafetensorsError.damaged(path: path, reason: "it ends within tensor '\(entry.name)'")
      }
    }
  }

  /// Reads only the header of a file, verified as far as it goes.
  public static func header(reading path: String) throws -> SafetensorsHeader {
    let length = try FilePaths.length(ofDataAt: path)
    let descriptor = try FilePaths.openForReading(path)
    defer { close(descriptor) }
    return try header(descriptor, path: path, length: length)
  }

  /// Writes the file; the name appears when everything is on the disk.
  ///
  /// Equal values give equal bytes.
  ///
  /// - Parameters:
  ///   - path: its name.
  ///   - overwrite: whether a file of that name may be replaced.
  ///   - older: a name for the file that is replaced.
  /// - Throws: `FileError`.
  public func write(to path: String, overwrite: Bool = false, keepingOlderAs older: String? = nil) throws {
    let checksums = tensors.mapValues { tensor in tensor.withBytes { SHA256.hex(of: $0) } }
    let header = SafetensorsHeader(describing: tensors, metadata: metadata, checksums: checksums)
    let file = try AtomicFile(creating: path, overwrite: overwrite)
    try header.encoded.withUnsafeBytes { try file.write($0) }
    for entry in header.entries { try tensors[entry.name]?.withBytes { try file.write($0) } }
    try file.publish(keepingOlderAs: older)
  }

  /// A real array of exactly this precision.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - shape: the shape the caller relies on; not looked at when nil.
  ///   - type: the precision that is expected.
  /// - Throws: `SafetensorsError` when it is absent or has another type or shape.
  public func tensor<Scalar: TensorScalar>(
    _ name: String, shape: [Int]? = nil, as type: Scalar.Type = Scalar.self
  ) throws -> Tensor<Scalar> {
    let stored = try stored(name, shape: shape)
    switch stored {
    case .single(let tensor): if let result = tensor as? Tensor<Scalar> { return result }
    case .double(let tensor): if let result = tensor as? Tensor<Scalar> { return result }
    case .integers, .other: break
    }
    let expected: StoredTensor.ElementType = Scalar.self == Float.self ? .float32 : .float64
    throw SafetensorsError.wrongType(
      path: path, tensor: name, found: stored.type.rawValue, expected: expected.rawValue)
  }

  /// An array of integers, in row-major order.
  ///
  /// - Throws: `SafetensorsError` when it is absent or has another type or shape.
  public func integers(_ name: String, shape: [Int]? = nil) throws -> [Int64] {
    let stored = try stored(name, shape: shape)
    guard case .integers(_, let values) = stored else {
      throw SafetensorsError.wrongType(
        path: path, tensor: name, found: stored.type.rawValue, expected: StoredTensor.ElementType.int64.rawValue)
    }
    return values
  }

  private func stored(_ name: String, shape: [Int]?) throws -> StoredTensor {
    guard let stored = tensors[name] else {
      throw SafetensorsError.missingTensor(path: path, tensor: name, count: tensors.count)
    }
    if let shape, shape != stored.shape {
      throw SafetensorsError.wrongShape(path: path, tensor: name, found: stored.shape, expected: shape)
    }
    return stored
  }

  private static func header(_ descriptor: Int32, path: String, length: Int) throws -> SafetensorsHeader {
    func damaged(_ reason: String) -> SafetensorsError { .damaged(path: path, reason: reason) }
    var cursor = ByteCursor(try FilePaths.bytes(8, of: descriptor, path: path))
    guard let claimed = try? cursor.littleEndian(8) else { throw damaged("it has only \(length) bytes") }
    guard claimed <= SafetensorsHeader.longest, claimed <= length - 8 else {
      throw damaged("its header claims \(claimed) bytes, the file has \(length)")
    }
    do {
      let text = try FilePaths.bytes(Int(claimed), of: descriptor, path: path)
      return try SafetensorsHeader(parsing: text, dataLength: length - 8 - Int(claimed))
    } catch let malformed as MalformedHeader {
      throw damaged(malformed.reason)
    } catch is SafetensorsHeader.WrongChecksum {
      throw SafetensorsError.checksum(path: path, part: "its header")
    }
  }
}
