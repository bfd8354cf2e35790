import Foundation

/// Why the header of a file was refused; completes the sentence "… is damaged: ".
struct MalformedHeader: Error { let reason: String }

/// Looks at the front of a file before the netCDF library may.
enum NetCDFSignature {
  /// The longest classic header that is read; far beyond any real one.
  private static let longestHeader = 1 << 26

  /// Checks that a file is NetCDF and as long as its header says.
  ///
  /// - Returns: the length of the file.
  /// - Throws: `FileError` when there is no file to read; `FieldFileError` `notNetCDF`, `damaged` or `truncated`.
  static func check(_ path: String) throws -> Int {
    let length = try FilePaths.length(ofDataAt: path)
    let front = try FilePaths.front(of: path, HDF5Superblock.searchedBytes)
    let extent: Int
    do {
      if front.starts(with: Array("CDF".utf8)) {
        extent = try classicExtent(path, front, length: length)
      } else if let position = HDF5Superblock.position(in: front) {
        extent = try HDF5Superblock(front, at: position).endOfFile
      } else {
        throw FieldFileError.notNetCDF(path: path, found: printable(front.prefix(8)))
      }
    } catch let malformed as MalformedHeader {
      throw FieldFileError.damaged(path: path, reason: malformed.reason)
    } catch is ByteCursor.EndOfBytes {
      throw FieldFileError.damaged(path: path, reason: "it ends within its header, after \(length) bytes")
    }
    guard extent <= length else { throw FieldFileError.truncated(path: path, expected: extent, found: length) }
    return length
  }

  /// The extent of a classic file; reads more of the front while the header goes on.
  private static func classicExtent(_ path: String, _ front: [UInt8], length: Int) throws -> Int {
    var front = front
    while true {
      do {
        return try ClassicHeader(front).extent
      } catch is ByteCursor.EndOfBytes where front.count < min(length, longestHeader) {
        front = try FilePaths.front(of: path, front.count * 8)
      }
    }
  }

  /// The first bytes of a file, for a message: text as it is, anything else in hexadecimal.
  private static func printable(_ bytes: some Collection<UInt8>) -> String {
    if bytes.allSatisfy({ (32..<127).contains($0) }) { return "'\(String(decoding: bytes, as: UTF8.self))'" }
    return "bytes " + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
  }
}
