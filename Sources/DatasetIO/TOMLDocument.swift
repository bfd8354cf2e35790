/// A value in a TOML file of settings.
public enum TOMLValue: Sendable, Equatable {
  /// Text.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A real number, `inf` and `nan` included.
  case real(Double)
  /// `true` or `false`.
  case truth(Bool)
  /// Values of any kinds.
  case array([TOMLValue])
}

/// The settings in a TOML file: a strict reader of the part of TOML 1.0.0 (toml.io/en/v1.0.0) that settings need.
///
/// Keys, bare, quoted or dotted; tables; texts on one line, basic and literal; whole numbers to every base, reals, truth
/// values and arrays over any number of lines. Dates, texts over several lines, inline tables and arrays of tables are
/// refused by name. A key may be set once. Nothing here traps on what a file holds; arrays nest at most 16 deep.
public struct TOMLDocument: Sendable, Equatable {
  /// One setting.
  public struct Entry: Sendable, Equatable {
    /// The key with the names of its tables before it.
    public let key: [String]
    /// What it is set to.
    public let value: TOMLValue
    /// Where it stands, counted from 1.
    public let line: Int

    /// The key as it is written, its parts joined by dots.
    public var name: String { key.joined(separator: ".") }
  }

  /// The longest file that is read, in bytes: no settings are this long.
  static let longest = 1 << 20

  /// The settings in the order of the file.
  public let entries: [Entry]

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - text: in UTF-8.
  ///   - path: where it comes from, for messages.
  /// - Throws: `TOMLError`.
  public init(parsing text: [UInt8], of path: String) throws {
    do {
      var parser = TOMLParser(text)
      entries = try parser.entries()
    } catch let error as TOMLParser.Malformed {
      throw TOMLError(path: path, line: error.line, reason: error.reason)
    }
  }

  /// Reads a file.
  ///
  /// - Throws: `TOMLError`, `FileError`.
  public init(reading path: String) throws {
    let length = try FilePaths.length(ofDataAt: path)
    guard length <= Self.longest else {
      throw TOMLError(path: path, line: 1, reason: "it has \(length) bytes; settings have at most \(Self.longest)")
    }
    try self.init(parsing: try FilePaths.front(of: path, length), of: path)
  }
}

/// A file of settings that cannot be understood.
public struct TOMLError: ClassifiedError, Equatable {
  /// The file as the user wrote it.
  public let path: String
  /// Where, counted from 1.
  public let line: Int
  /// What is wrong.
  public let reason: String

  /// An error of the settings in a file.
  public init(path: String, line: Int, reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  /// The class that decides the exit code.
  public var failureClass: FailureClass { .configuration }

  /// One sentence: what, found, expected, what to do.
  public var description: String { "'\(path)', line \(line): \(reason)" }
}
