import Foundation

/// The entries of a zip archive that are stored as they are, without compression, and their bytes.
///
/// Layout: PKWARE's APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14–16 (its end, with the
/// 64-bit forms). The central directory decides; every local header is held against it. An archive that is compressed,
/// encrypted, in several volumes, or whose entries overlap or name each other twice is refused.
struct ZipDirectory {
  struct Entry {
    let size: Int
    let checksum: UInt32
    /// Where the local header begins.
    let header: Int
  }

  private enum Signature {
    static let local: UInt64 = 0x0403_4B50
    static let central: UInt64 = 0x0201_4B50
    static let end: UInt64 = 0x0605_4B50
    static let end64: UInt64 = 0x0606_4B50
    static let locator64: UInt64 = 0x0706_4B50
  }
  private static let endLength = 22
  private static let locatorLength = 20
  private static let longestComment = 0xFFFF
  /// The most bytes of a directory: about half a million entries.
  private static let longestDirectory = 1 << 25

  let entries: [String: Entry]
  private let descriptor: Int32
  private let path: String
  /// Where the central directory begins, hence where all data end.
  private let dataEnd: Int

  /// Reads the directory of an open file; the descriptor stays the caller's.
  ///
  /// - Throws: `TorchFileError`, `TorchContentError`, `FileError`.
  init(reading descriptor: Int32, path: String, length: Int) throws {
    self.descriptor = descriptor
    self.path = path
    let tailLength = min(length, Self.endLength + Self.longestComment + Self.locatorLength)
    let tail = try FilePaths.bytes(tailLength, at: length - tailLength, of: descriptor, path: path)
    guard let position = Self.end(in: tail) else { throw TorchFileError.notAnArchive(path: path) }
    let end = length - tailLength + position
    var cursor = ByteCursor(tail, at: position + 4)
    let disks = try cursor.littleEndian(4)
    try cursor.skip(2)
    var count = try cursor.littleEndian(2)
    var size = try cursor.littleEndian(4)
    var offset = try cursor.littleEndian(4)
    var limit = end
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      guard position >= Self.locatorLength else { throw TorchContentError.damaged("its directory has no 64-bit end") }
      var locator = ByteCursor(tail, at: position - Self.locatorLength)
      guard try locator.littleEndian(4) == Signature.locator64 else {
        throw TorchContentError.damaged("its directory has no 64-bit end")
      }
      try locator.skip(4)
      let place = try locator.littleEndian(8)
      guard place <= UInt64(end - Self.locatorLength) else {
        throw TorchContentError.damaged("the end of its directory lies behind the file's")
      }
      var end64 = ByteCursor(try FilePaths.bytes(56, at: Int(place), of: descriptor, path: path))
      guard try end64.littleEndian(4) == Signature.end64 else {
        throw TorchContentError.damaged("its directory has no 64-bit end")
      }
      try end64.skip(28)
      count = try end64.littleEndian(8)
      size = try end64.littleEndian(8)
      offset = try end64.littleEndian(8)
      limit = Int(place)
    }
    guard disks == 0 else { throw TorchContentError.damaged("it is one of several volumes") }
    guard offset <= UInt64(limit), size <= UInt64(limit) - offset else {
      throw TorchContentError.damaged("its directory claims \(size) bytes at \(offset), the file has \(length)")
    }
    guard size <= Self.longestDirectory else {
      throw TorchContentError.damaged("its directory has \(size) bytes; at most \(Self.longestDirectory) are read")
    }
    dataEnd = Int(offset)
    entries = try Self.entries(
      try FilePaths.bytes(Int(size), at: Int(offset), of: descriptor, path: path), count: count, dataEnd: Int(offset))
  }

  /// The bytes of an entry, held against its checksum where it has one.
  ///
  /// - Throws: `TorchContentError`, `FileError`.
  func contents(of name: String, atMost limit: Int) throws -> [UInt8] {
    guard let entry = entries[name] else { throw TorchContentError.damaged("it lacks the entry '\(name)'") }
    guard entry.size <= limit else {
      throw TorchContentError.damaged("its entry '\(name)' has \(entry.size) bytes; at most \(limit) are expected")
    }
    var header = ByteCursor(try FilePaths.bytes(30, at: entry.header, of: descriptor, path: path))
    guard try header.littleEndian(4) == Signature.local else {
      throw TorchContentError.damaged("its entry '\(name)' does not begin where its directory says")
    }
    try header.skip(22)
    let nameLength = Int(try header.littleEndian(2))
    let start = entry.header + 30 + nameLength + Int(try header.littleEndian(2))
    guard try FilePaths.bytes(nameLength, at: entry.header + 30, of: descriptor, path: path) == Array(name.utf8) else {
      throw TorchContentError.damaged("its entry '\(name)' has another name in front of its data")
    }
    guard start <= dataEnd, entry.size <= dataEnd - start else {
      throw TorchContentError.damaged("its entry '\(name)' reaches into its directory")
    }
    let bytes = try FilePaths.bytes(entry.size, at: start, of: descriptor, path: path)
    guard bytes.count == entry.size else { throw TorchContentError.damaged("it ends within '\(name)'") }
    // PyTorch can be told to leave checksums out (torch.serialization.set_crc32_options); they are 0 then.
    guard entry.checksum == 0 || entry.checksum == CRC32.checksum(bytes) else {
      throw TorchContentError.damaged("the checksum of its entry '\(name)' is wrong; use another copy")
    }
    return bytes
  }

  /// Where the end of the directory begins: the last place whose comment reaches the end of the file exactly.
  private static func end(in tail: [UInt8]) -> Int? {
    guard tail.count >= endLength else { return nil }
    return (0...(tail.count - endLength)).reversed().first { position in
      var cursor = ByteCursor(tail, at: position)
      guard tail[position] == 0x50, (try? cursor.littleEndian(4)) == Signature.end else { return false }
      cursor = ByteCursor(tail, at: position + endLength - 2)
      return (try? cursor.littleEndian(2)) == UInt64(tail.count - endLength - position)
    }
  }

  private static func entries(_ directory: [UInt8], count: UInt64, dataEnd: Int) throws -> [String: Entry] {
    var cursor = ByteCursor(directory)
    var entries: [String: Entry] = [:]
    var total = 0
    while cursor.position < directory.count {
      let (name, entry) = try entry(&cursor)
      guard entry.header <= dataEnd, entry.size <= dataEnd - entry.header else {
        throw TorchContentError.damaged("its entry '\(name)' claims bytes that the file does not have")
      }
      total += entry.size
      guard total <= dataEnd else { throw TorchContentError.damaged("its entries overlap") }
      guard entries.updateValue(entry, forKey: name) == nil else {
        throw TorchContentError.damaged("it has the entry '\(name)' twice")
      }
    }
    guard UInt64(entries.count) == count else {
      throw TorchContentError.damaged("its directory claims \(count) entries, found \(entries.count)")
    }
    return entries
  }

  private static func entry(_ cursor: inout ByteCursor) throws -> (String, Entry) {
    guard try cursor.littleEndian(4) == Signature.central else {
      throw TorchContentError.damaged("its directory is broken at byte \(cursor.position)")
    }
    try cursor.skip(4)
    let flags = try cursor.littleEndian(2)
    let method = try cursor.littleEndian(2)
    try cursor.skip(4)
    let checksum = UInt32(try cursor.littleEndian(4))
    var packed = try cursor.littleEndian(4)
    var size = try cursor.littleEndian(4)
    let nameLength = Int(try cursor.littleEndian(2))
    let extraLength = Int(try cursor.littleEndian(2))
    let commentLength = Int(try cursor.littleEndian(2))
    try cursor.skip(8)
    var header = try cursor.littleEndian(4)
    try cursor.skip(nameLength)
    let text = cursor.bytes[cursor.position - nameLength..<cursor.position]
    guard let name = String(validating: text, as: UTF8.self) else {
      throw TorchContentError.damaged("its directory holds a name that is not UTF-8")
    }
    let extraEnd = cursor.position + extraLength
    try cursor.skip(extraLength + commentLength)
    if packed == 0xFFFF_FFFF || size == 0xFFFF_FFFF || header == 0xFFFF_FFFF {
      var extra = ByteCursor(Array(cursor.bytes[..<extraEnd]), at: extraEnd - extraLength)
      var kind = try extra.littleEndian(2)
      var length = Int(try extra.littleEndian(2))
      while kind != 1 {
        try extra.skip(length)
        kind = try extra.littleEndian(2)
        length = Int(try extra.littleEndian(2))
      }
      if size == 0xFFFF_FFFF { size = try extra.littleEndian(8) }
      if packed == 0xFFFF_FFFF { packed = try extra.littleEndian(8) }
      if header == 0xFFFF_FFFF { header = try extra.littleEndian(8) }
    }
    guard method == 0, flags & 1 == 0, packed == size else {
      throw TorchContentError.unsupported(
        "the entry '\(name)' compressed or encrypted; torch.save stores them as they are")
    }
    guard let length = Int(exactly: size), let place = Int(exactly: header) else {
      throw TorchContentError.damaged("its entry '\(name)' claims \(size) bytes at \(header)")
    }
    return (name, Entry(size: length, checksum: checksum, header: place))
  }
}
