/// Reads the JSON of a safetensors header, which is all of JSON that the format uses: an object of tensors, each with a
/// type, a shape and two offsets, and one object of strings.
///
/// Stricter than a general reader, on purpose: unknown members, repeated keys, fractions and signs are refused, nothing
/// nests, and no byte outside the text is looked at.
struct SafetensorsParser {
  struct Content {
    var entries: [SafetensorsHeader.Entry] = []
    var metadata: [String: String] = [:]
  }

  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  /// - Throws: `MalformedHeader`.
  mutating func header(metadataKey: String) throws -> Content {
    guard text.first == UInt8(ascii: "{") else { throw malformed("does not begin with '{'") }
    var content = Content()
    try object { parser, name in
      if name == metadataKey {
        try parser.object { parser, key in content.metadata[key] = try parser.string() }
      } else {
        content.entries.append(try parser.entry(name))
      }
    }
    skipSpace()
    guard position == text.count else { throw malformed("goes on behind its end") }
    return content
  }

  private mutating func entry(_ name: String) throws -> SafetensorsHeader.Entry {
    var type: StoredTensor.ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { parser, key in
      switch key {
      case "dtype":
        let word = try parser.string()
        type = StoredTensor.ElementType(rawValue: word)
        if type == nil { throw parser.malformed("gives '\(name)' the unknown type '\(word)'") }
      case "shape": shape = try parser.numbers()
      case "data_offsets": offsets = try parser.numbers()
      default: throw parser.malformed("gives '\(name)' the unknown member '\(key)'")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw malformed("does not describe '\(name)' by a type, a shape and two offsets")
    }
    let size = try shape.reduce(type.width) { product, extent in
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw malformed("gives '\(name)' an impossible shape \(shape)") }
      return result
    }
    guard size == offsets[1] - offsets[0] else {
      throw malformed("gives '\(name)' \(offsets[1] - offsets[0]) bytes, its shape needs \(size)")
    }
    return SafetensorsHeader.Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// An object; `member` reads the value of each key.
  private mutating func object(_ member: (inout SafetensorsParser, String) throws -> Void) throws {
    try expect("{")
    if accept("}") { return }
    var keys: Set<String> = []
    repeat {
      let key = try string()
      // Swift compares strings by canonical equivalence; so are names that only look different refused.
      guard keys.insert(key).inserted else { throw malformed("has the key '\(key)' twice") }
      try expect(":")
      try member(&self, key)
    } while accept(",")
    try expect("}")
  }

  private mutating func numbers() throws -> [Int] {
    try expect("[")
    if accept("]") { return [] }
    var result: [Int] = []
    repeat { result.append(try number()) } while accept(",")
    try expect("]")
    return result
  }

  private mutating func number() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < text.count, case let digit = text[position], (48...57).contains(digit) {
      let (product, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = product.addingReportingOverflow(Int(digit - 48))
      guard !first, !second else { throw malformed("holds a number that is too large") }
      value = sum
      position += 1
    }
    let length = position - start
    guard length > 0, length == 1 || text[start] != 48 else { throw malformed("lacks a whole number") }
    return value
  }

  private mutating func string() throws -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while true {
      let byte = try next()
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: bytes, as: UTF8.self) else {
          throw malformed("holds text that is not UTF-8")
        }
        return result
      case UInt8(ascii: "\\"): bytes += Array(String(try escape()).utf8)
      case 0..<32: throw malformed("holds a control character")
      default: bytes.append(byte)
      }
    }
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let plain: [UInt8: Unicode.Scalar] = [
      34: "\"", 92: "\\", 47: "/", 98: "\u{8}", 102: "\u{C}", 110: "\n", 114: "\r", 116: "\t",
    ]
    let letter = try next()
    if let scalar = plain[letter] { return scalar }
    guard letter == UInt8(ascii: "u") else { throw malformed("holds an unknown escape") }
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A high surrogate must be followed by a low one.
    guard UTF16.isLeadSurrogate(first), try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
      throw malformed("holds half a surrogate pair")
    }
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(second) else { throw malformed("holds half a surrogate pair") }
    let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    guard let scalar = Unicode.Scalar(value) else { throw malformed("holds an impossible character") }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt16 {
    try (0..<4).reduce(0) { value, _ in
      guard let digit = Character(Unicode.Scalar(try next())).hexDigitValue else {
        throw malformed("holds a broken \\u escape")
      }
      return value << 4 | UInt16(digit)
    }
  }

  private mutating func next() throws -> UInt8 {
    guard position < text.count else { throw malformed("ends too early") }
    position += 1
    return text[position - 1]
  }

  private mutating func skipSpace() {
    while position < text.count, [32, 9, 10, 13].contains(text[position]) { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else { throw malformed("lacks '\(character)' at byte \(position)") }
  }

  private func malformed(_ reason: String) -> MalformedHeader { MalformedHeader(reason: "its header \(reason)") }
}
