/// The header of one variable in a MATLAB 5 file: an array of numbers, or something else that is passed over.
///
/// "MAT-File Format" (The MathWorks), chapter 1: a tag, then sub-elements for flags, dimensions, name and numbers.
struct MatHeader {
  /// Classes of arrays of numbers; the raw value is the one in the file.
  private enum ArrayClass: UInt64 {
    case double = 6
    case single, int8, uint8, int16, uint16, int32, uint32, int64, uint64
  }

  /// The most bytes that are looked at; flags, 32 dimensions and a name of 63 letters, MATLAB's longest, take 250.
  static let longest = 1024
  private static let mostDimensions = 32

  let name: String
  /// In MATLAB's order, the first axis counted fastest.
  let shape: [Int]
  let content: ForeignArray.Content
  /// How the numbers are stored, which may be narrower than their class.
  let type: MatType
  /// Where the numbers begin, counted from behind the variable's own tag.
  let dataPosition: Int
  let dataLength: Int

  /// Where the numbers end, and where the padding behind them does.
  var ends: (bare: Int, padded: Int) {
    let end = dataPosition + dataLength
    return (end, (end + 7) & ~7)
  }

  /// - Parameters:
  ///   - bytes: the front of the variable behind its own tag.
  ///   - isSwapped: whether the most significant byte comes first.
  /// - Returns: nil for texts, cells, structures, sparse and complex arrays.
  /// - Throws: `MalformedHeader`, `ByteCursor.EndOfBytes`.
  init?(_ bytes: [UInt8], isSwapped: Bool) throws {
    var reader = Reader(cursor: ByteCursor(bytes), isSwapped: isSwapped)
    let flags = try reader.tag()
    guard flags.type == .uint32, flags.length == 8 else { throw MalformedHeader(reason: "a variable has no flags") }
    let word = try reader.number(4)
    try reader.cursor.skip(4)
    guard let arrayClass = ArrayClass(rawValue: word & 0xFF) else {
      guard (1...17).contains(word & 0xFF) else {
        throw MalformedHeader(reason: "a variable is of the unknown class \(word & 0xFF)")
      }
      return nil
    }
    let (isComplex, isLogical) = (word & 0x800 != 0, word & 0x200 != 0)

    let dimensions = try reader.tag()
    guard dimensions.type == .int32, dimensions.length % 4 == 0,
      (2...Self.mostDimensions).contains(dimensions.length / 4)
    else { throw MalformedHeader(reason: "a variable has no dimensions, or too many") }
    shape = try (0..<dimensions.length / 4).map { _ in
      let extent = try reader.number(4)
      guard extent <= UInt64(Int32.max) else { throw MalformedHeader(reason: "a variable has a negative dimension") }
      return Int(extent)
    }
    try reader.skipPadding(of: dimensions)

    let title = try reader.tag()
    guard title.type == .int8 || title.type == .uint8 else { throw MalformedHeader(reason: "a variable has no name") }
    let letters = try reader.text(title.length)
    guard letters.allSatisfy({ $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw MalformedHeader(reason: "a variable has a name that MATLAB does not allow")
    }
    name = letters
    try reader.skipPadding(of: title)
    // Without a name it is MATLAB's own, such as what belongs to objects.
    if isComplex || name.isEmpty { return nil }

    let data = try reader.tag()
    let elements = try ClaimedSize(path: "", name: name, byteCount: 0).bytes(shape, data.type.width)
    guard data.type.width > 0, elements == data.length else {
      throw MalformedHeader(reason: "variable '\(name)' of shape \(shape) has \(data.length) bytes of numbers")
    }
    guard Self.allows(data.type, in: arrayClass) else {
      throw MalformedHeader(reason: "variable '\(name)' stores its numbers in a type that its class does not allow")
    }
    type = data.type
    dataPosition = reader.cursor.position
    dataLength = data.length
    content =
      isLogical ? .boolean : arrayClass == .double ? .double : arrayClass == .single ? .single : .integer
  }

  /// Numbers are stored in their own type or, where all are whole, in a shorter one of integers.
  private static func allows(_ type: MatType, in arrayClass: ArrayClass) -> Bool {
    switch arrayClass {
    case .double: type == .double || type.isInteger && type.width <= 4
    case .single: type == .single || type.isInteger && type.width <= 4
    case .int8, .uint8: type.isInteger && type.width == 1
    case .int16, .uint16: type.isInteger && type.width <= 2
    case .int32, .uint32: type.isInteger && type.width <= 4
    case .int64, .uint64: type.isInteger
    }
  }

  /// Reads tags and numbers in the file's order of bytes.
  struct Reader {
    var cursor: ByteCursor
    let isSwapped: Bool

    struct Tag {
      let type: MatType
      let length: Int
      /// Whether its bytes lie in the tag itself.
      let isSmall: Bool
    }

    mutating func number(_ width: Int) throws -> UInt64 {
      isSwapped ? try cursor.bigEndian(width) : try cursor.littleEndian(width)
    }

    mutating func tag() throws -> Tag {
      let word = try number(4)
      let (small, code) = (word >> 16, word & 0xFFFF)
      guard small <= 4, let type = MatType(rawValue: code) else {
        throw MalformedHeader(reason: "it has numbers of the unknown type \(word) at byte \(cursor.position - 4)")
      }
      if small > 0 { return Tag(type: type, length: Int(small), isSmall: true) }
      return Tag(type: type, length: Int(try number(4)), isSmall: false)
    }

    mutating func text(_ length: Int) throws -> String {
      try cursor.skip(length)
      return String(decoding: cursor.bytes[cursor.position - length..<cursor.position], as: UTF8.self)
    }

    /// Goes to the next multiple of the bytes that elements begin at.
    mutating func skipPadding(of tag: Tag) throws {
      let unit = tag.isSmall ? 4 : 8
      try cursor.skip((unit - tag.length % unit) % unit)
    }
  }
}
