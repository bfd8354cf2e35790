/// The types of numbers in a MATLAB 5 file ("MAT-File Format", table 1-1); the raw value is the one in the file.
enum MatType: UInt64 {
  case int8 = 1
  case uint8
  case int16
  case uint16
  case int32
  case uint32
  case single
  case double = 9
  case int64 = 12
  case uint64
  case matrix
  case compressed

  /// Bytes of a number; 0 for what holds others.
  var width: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .single: 4
    case .double, .int64, .uint64: 8
    case .matrix, .compressed: 0
    }
  }

  var isInteger: Bool { width > 0 && self != .single && self != .double }
}

/// One variable of a MATLAB 5 file: a range of its bytes, deflated or not.
struct MatElement {
  let descriptor: Int32
  let path: String
  /// Where its bytes begin in the file.
  let offset: Int
  let length: Int
  let isCompressed: Bool

  /// The bytes of its own tag: that of a deflated one is deflated with it.
  var tagLength: Int { isCompressed ? 8 : 0 }

  /// Its bytes, those of a deflated one inflated, from a place on; fewer where it ends, which for a deflated one means that
  /// its checksum is right.
  ///
  /// - Throws: `MalformedHeader` for a stream that is not sound; `FileError`.
  func bytes(_ count: Int, at position: Int) throws -> [UInt8] {
    guard isCompressed else {
      guard position <= length else { return [] }
      return try FilePaths.bytes(min(count, length - position), at: offset + position, of: descriptor, path: path)
    }
    let inflater = try Inflater { place, count in
      try FilePaths.bytes(min(count, length - place), at: offset + place, of: descriptor, path: path)
    }
    var skipped = 0
    while skipped < position {
      let wanted = min(position - skipped, 1 << 16)
      guard try inflater.bytes(wanted).count == wanted else { return [] }
      skipped += wanted
    }
    return try inflater.bytes(count)
  }
}
