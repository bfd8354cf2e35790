import Foundation

/// Scalars over steps in the form that TensorBoard reads.
///
/// Records as TensorFlow frames them: length in eight bytes, its checksum, the content, its checksum; checksums are
/// CRC-32C, rotated and shifted by a constant (tensorflow/core/lib/io/record_writer.h). The content is a protocol buffer
/// `Event` (tensorflow/core/util/event.proto) with one simple value a tag. Each record is handed to the system in one
/// write, so that a process that is killed leaves whole ones.
public final class EventFile {
  /// The name of the file; TensorBoard looks for `tfevents` in it.
  public let path: String
  private let descriptor: Int32

  /// Begins a file, in place of one that may be there.
  ///
  /// - Throws: `FileError`.
  public init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError.cannotCreate(path: path, reason: FileError.reason(errno)) }
    self.path = path
    try append(Self.event(time: 0, step: 0) { $0.field(3, "brain.Event:2") })
  }

  deinit { close(descriptor) }

  /// Adds values of one step.
  ///
  /// - Parameters:
  ///   - scalars: by tag, in the order of the file.
  ///   - step: counted from the start.
  ///   - time: in seconds.
  /// - Throws: `FileError.appendFailed`.
  public func append(_ scalars: [(tag: String, value: Double)], step: Int, time: Double) throws {
    let event = Self.event(time: time, step: step) { event in
      var summary = ProtocolBuffer()
      for (tag, value) in scalars {
        var entry = ProtocolBuffer()
        entry.field(1, tag)
        entry.field(2, Float(value))
        summary.field(1, entry)
      }
      event.field(5, summary)
    }
    try append(event)
  }

  private static func event(time: Double, step: Int, _ fill: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var event = ProtocolBuffer()
    event.field(1, time)
    event.field(2, step)
    fill(&event)
    return event.bytes
  }

  private func append(_ content: [UInt8]) throws {
    let length = ProtocolBuffer.littleEndian(UInt64(content.count))
    try FilePaths.append(length + Self.checksum(length) + content + Self.checksum(content), to: descriptor, of: path)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let plain = CRC32.checksum(bytes, .castagnoli)
    return ProtocolBuffer.littleEndian(((plain >> 15) | (plain << 17)) &+ 0xA282_EAD8)
  }
}

/// A message in the encoding of protocol buffers (protobuf.dev/programming-guides/encoding), field by field.
private struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func field(_ number: Int, _ value: Int) {
    key(number, wireType: 0)
    variable(UInt64(bitPattern: Int64(value)))
  }

  mutating func field(_ number: Int, _ value: Double) {
    key(number, wireType: 1)
    bytes += Self.littleEndian(value.bitPattern)
  }

  mutating func field(_ number: Int, _ value: Float) {
    key(number, wireType: 5)
    bytes += Self.littleEndian(value.bitPattern)
  }

  mutating func field(_ number: Int, _ text: String) { field(number, Array(text.utf8)) }

  mutating func field(_ number: Int, _ message: ProtocolBuffer) { field(number, message.bytes) }

  private mutating func field(_ number: Int, _ content: [UInt8]) {
    key(number, wireType: 2)
    variable(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ number: Int, wireType: Int) { variable(UInt64(number << 3 | wireType)) }

  /// Seven bits a byte, the lowest first.
  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
