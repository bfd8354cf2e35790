/// The superblock of an HDF5 file, read to learn how long the file must be.
///
/// HDF5 File Format Specification 3.0, section II.A, versions 0 to 3.
struct HDF5Superblock {
  /// The length the file had when it was closed, any user block in front included.
  let endOfFile: Int

  /// The eight bytes every HDF5 file begins with.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Where the superblock may be: at 0 or, behind a user block, at 512, 1024, 2048, …; this far we look.
  static let searchedBytes = 1 << 16

  /// Where the signature is in the front of a file, or nil.
  static func position(in bytes: [UInt8]) -> Int? {
    let positions = [0] + (9..<16).map { 1 << $0 }
    return positions.first { $0 + 8 <= bytes.count && bytes[$0..<$0 + 8].elementsEqual(signature) }
  }

  /// - Parameters:
  ///   - bytes: the front of the file.
  ///   - position: where the signature is.
  /// - Throws: `MalformedHeader`, `ByteCursor.EndOfBytes`.
  init(_ bytes: [UInt8], at position: Int) throws {
    var cursor = ByteCursor(bytes, at: position)
    try cursor.skip(8)
    let version = try cursor.byte()
    let width: Int
    switch version {
    case 0, 1:
      try cursor.skip(4)
      width = Int(try cursor.byte())
      try cursor.skip(version == 0 ? 10 : 14)
    case 2, 3:
      width = Int(try cursor.byte())
      try cursor.skip(2)
    default: throw MalformedHeader(reason: "its HDF5 superblock has version \(version), expected 0 to 3")
    }
    guard [2, 4, 8].contains(width) else {
      throw MalformedHeader(reason: "its HDF5 superblock has addresses of \(width) bytes")
    }
    try cursor.skip(2 * width)
    guard let end = Int(exactly: try cursor.littleEndian(width)) else {
      throw MalformedHeader(reason: "its HDF5 superblock has an impossible end of file")
    }
    endOfFile = end
  }
}
