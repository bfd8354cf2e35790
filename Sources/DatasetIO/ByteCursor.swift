/// Reads numbers from the front of a file, never beyond its bytes.
///
/// Every failure is an error; nothing here traps on what a file holds.
struct ByteCursor {
  /// The bytes that were looked at ended before what they describe did.
  struct EndOfBytes: Error {}

  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  mutating func skip(_ count: Int) throws {
    guard count >= 0, count <= bytes.count - position else { throw EndOfBytes() }
    position += count
  }

  mutating func byte() throws -> UInt8 {
    try skip(1)
    return bytes[position - 1]
  }

  /// An unsigned number of `width` ≤ 8 bytes, the most significant first.
  mutating func bigEndian(_ width: Int) throws -> UInt64 {
    try skip(width)
    return bytes[position - width..<position].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// An unsigned number of `width` ≤ 8 bytes, the least significant first.
  mutating func littleEndian(_ width: Int) throws -> UInt64 {
    try skip(width)
    return bytes[position - width..<position].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
