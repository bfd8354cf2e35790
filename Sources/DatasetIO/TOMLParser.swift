/// Reads TOML byte by byte, never beyond its end.
struct TOMLParser {
  /// What is wrong, and in which line.
  struct Malformed: Error {
    let line: Int
    let reason: String
  }

  private static let deepest = 16

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// All settings of the text.
  ///
  /// - Throws: `Malformed`.
  mutating func entries() throws -> [TOMLDocument.Entry] {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw malformed("the file is not UTF-8") }
    var result: [TOMLDocument.Entry] = []
    var table: [String] = []
    var tables: Set<[String]> = []
    var names = TOMLNames()
    while try skipToContent() {
      if take("[") {
        if peek == UInt8(ascii: "[") { throw malformed("arrays of tables are not used in settings; expected [name]") }
        table = try key()
        skipBlanks()
        guard take("]") else { throw malformed("the name of a table ends with ']'") }
        guard tables.insert(table).inserted, names.addTable(table) else {
          throw malformed("'\(table.joined(separator: "."))' is there twice; give each table and key once")
        }
      } else {
        let (name, start) = (table + (try key()), line)
        skipBlanks()
        guard take("=") else { throw malformed("expected '=' after the key '\(name.joined(separator: "."))'") }
        skipBlanks()
        guard names.addKey(name) else {
          throw malformed("'\(name.joined(separator: "."))' is there twice; give each table and key once")
        }
        result.append(TOMLDocument.Entry(key: name, value: try value(depth: 0), line: start))
      }
      try endLine()
    }
    return result
  }

  // MARK: Lines

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func malformed(_ reason: String) -> Malformed { Malformed(line: line, reason: reason) }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { position += 1 }
  }

  /// Whether a line has ended here, which is then behind us.
  private mutating func takeNewline() -> Bool {
    if peek == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
      position += 1
    }
    guard take("\n") else { return false }
    line += 1
    return true
  }

  /// Skips blanks and a comment.
  private mutating func skipComment() throws {
    skipBlanks()
    guard take("#") else { return }
    while let byte = peek, byte != UInt8(ascii: "\n") {
      if byte == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") { return }
      guard !Self.isControl(byte) else { throw malformed("a comment holds the control character \(byte)") }
      position += 1
    }
  }

  /// Skips empty lines; whether anything follows.
  private mutating func skipToContent() throws -> Bool {
    repeat { try skipComment() } while takeNewline()
    return peek != nil
  }

  private mutating func endLine() throws {
    try skipComment()
    guard peek == nil || takeNewline() else { throw malformed("expected the end of the line after the value") }
  }

  private static func isControl(_ byte: UInt8) -> Bool { (byte < 32 && byte != 9) || byte == 127 }

  // MARK: Keys

  private mutating func key() throws -> [String] {
    var parts: [String] = []
    repeat {
      skipBlanks()
      switch peek {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): parts.append(try text())
      default:
        let word = takeWord { byte in
          byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || Self.isLetterOrDigit(byte)
        }
        guard !word.isEmpty else { throw malformed("expected a key of letters, digits, '-' and '_', or one in quotes") }
        parts.append(word)
      }
      skipBlanks()
    } while take(".")
    guard parts.count <= Self.deepest else { throw malformed("keys have at most \(Self.deepest) parts") }
    return parts
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private mutating func takeWord(_ belongs: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek, belongs(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  // MARK: Values

  private mutating func value(depth: Int) throws -> TOMLValue {
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try text())
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "{"): throw malformed("inline tables are not used in settings; use a table [name]")
    default:
      let word = takeWord { byte in
        Self.isLetterOrDigit(byte) || "+-_.:".utf8.contains(byte)
      }
      if word == "true" || word == "false" { return .truth(word == "true") }
      if let number = TOMLNumber.value(word) { return number }
      throw malformed(
        word.isEmpty
          ? "a value is missing" : "'\(word)' is no value; expected a number, true, false, an array or a text in quotes"
      )
    }
  }

  private mutating func array(depth: Int) throws -> [TOMLValue] {
    guard depth < Self.deepest else { throw malformed("arrays nest at most \(Self.deepest) deep") }
    position += 1
    var items: [TOMLValue] = []
    while true {
      guard try skipToContent() else { throw malformed("the file ends within an array") }
      if take("]") { return items }
      items.append(try value(depth: depth + 1))
      guard try skipToContent() else { throw malformed("the file ends within an array") }
      if take("]") { return items }
      guard take(",") else { throw malformed("expected ',' or ']' after a value of an array") }
    }
  }

  private mutating func text() throws -> String {
    let quote = bytes[position]
    position += 1
    if peek == quote, position + 1 < bytes.count, bytes[position + 1] == quote {
      throw malformed("texts over several lines are not used in settings; use one line")
    }
    var content: [UInt8] = []
    while let byte = peek {
      position += 1
      if byte == quote { return String(decoding: content, as: UTF8.self) }
      guard !Self.isControl(byte) else { throw malformed("a text ends with a quote on its line") }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        content += String(Character(try escape())).utf8
      } else {
        content.append(byte)
      }
    }
    throw malformed("the file ends within a text")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    guard let byte = peek else { throw malformed("the file ends within a text") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let count = byte == UInt8(ascii: "u") ? 4 : 8
      let digits = bytes[position..<min(position + count, bytes.count)]
      position += digits.count
      // The initialiser would take a sign.
      if digits.count == count, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(code)
      {
        return scalar
      }
      throw malformed("a text holds a character number that is none")
    default: throw malformed("a text holds an unknown escape; a backslash itself is written '\\\\'")
    }
  }
}

/// The names a document has used, so that none gets two meanings.
private struct TOMLNames {
  private var keys: Set<[String]> = []
  private var tables: Set<[String]> = []

  mutating func addTable(_ name: [String]) -> Bool {
    for length in 1...name.count {
      guard !keys.contains(Array(name.prefix(length))) else { return false }
      tables.insert(Array(name.prefix(length)))
    }
    return true
  }

  mutating func addKey(_ name: [String]) -> Bool {
    guard name.count == 1 || addTable(Array(name.dropLast())), !tables.contains(name) else { return false }
    return keys.insert(name).inserted
  }
}

/// Numbers as TOML spells them.
private enum TOMLNumber {
  static func value(_ word: String) -> TOMLValue? {
    let body = word.hasPrefix("+") || word.hasPrefix("-") ? String(word.dropFirst()) : word
    let sign = word.hasPrefix("-") ? -1.0 : 1
    switch body {
    case "inf": return .real(sign * .infinity)
    case "nan": return .real(.nan)
    default: break
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      guard let digits = plain(word.dropFirst(2), { Int(String($0), radix: radix) != nil }) else { return nil }
      return Int(digits, radix: radix).map(TOMLValue.integer)
    }
    let parts = body.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let tail = parts[parts.count - 1].split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard tail.count <= 2, let front = plain(parts.count == 2 ? parts[0] : tail[0], isDigit),
      front == "0" || !front.hasPrefix("0")
    else { return nil }
    if parts.count == 1, tail.count == 1 { return Int((sign < 0 ? "-" : "") + front).map(TOMLValue.integer) }
    var text = front
    if parts.count == 2 {
      guard let fraction = plain(tail[0], isDigit) else { return nil }
      text += "." + fraction
    }
    if tail.count == 2 {
      let signed = tail[1].hasPrefix("+") || tail[1].hasPrefix("-")
      guard let exponent = plain(signed ? tail[1].dropFirst() : tail[1], isDigit) else { return nil }
      text += "e" + (tail[1].hasPrefix("-") ? "-" : "") + exponent
    }
    return Double(text).map { .real(sign * $0) }
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  /// The digits without underscores, which stand between two digits only.
  private static func plain(_ digits: Substring, _ isDigit: (Character) -> Bool) -> String? {
    let groups = digits.split(separator: "_", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
    return groups.joined()
  }
}
