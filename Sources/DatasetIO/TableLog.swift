import Foundation

/// One cell of a log.
public enum LogValue: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  /// A whole number.
  case integer(Int)
  /// A real number, written with as many digits as it takes to read it back exactly.
  case real(Double)
  /// Text.
  case text(String)
  /// Nothing: an empty cell, `null` in JSON.
  case none

  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A real number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }
}

/// A log of rows that all have the same columns, as CSV with a header or as one JSON object a line.
///
/// Each row is handed to the system in one write, so that a process that is killed leaves whole lines; a line that a power
/// cut has left unfinished is removed when the log is opened again.
public final class TableLog {
  /// How rows are written.
  public enum Format: Sendable {
    /// Comma-separated with a header line (RFC 4180, lines ending in "\n"); NaN and infinities as `nan`, `inf`, `-inf`.
    case csv
    /// One object a line, members in the order of the columns; NaN and infinities as `null`.
    case jsonLines
  }

  /// What becomes of the rows an existing file holds.
  public enum Existing: Sendable {
    /// They are removed.
    case replaced
    /// They are kept.
    case kept
    /// The first ones are kept, those a resumed run will not write again.
    case firstRows(Int)
  }

  /// The name of the file.
  public let path: String
  /// The names of the columns.
  public let columns: [String]

  private let format: Format
  private let descriptor: Int32

  /// Opens a log, creating it if necessary.
  ///
  /// - Throws: `FileError` when the file cannot be opened, read or written, `TableLogError.columns` when a CSV file that is
  ///   continued has other columns.
  public init(path: String, columns: [String], format: Format, existing: Existing = .kept) throws {
    precondition(!columns.isEmpty && Set(columns).count == columns.count, "columns need different names: \(columns)")
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw FileError.cannotCreate(path: path, reason: FileError.reason(errno))
    }
    self.path = path
    self.columns = columns
    self.format = format
    let header = format == .csv ? columns.map(Self.csvText).joined(separator: ",") : nil
    let isEmpty = try keep(existing, header: header)
    if isEmpty, let header { try write(header) }
  }

  deinit { close(descriptor) }

  /// Writes one row.
  ///
  /// - Throws: `FileError.appendFailed`.
  /// - Precondition: as many values as columns.
  public func append(_ row: [LogValue]) throws {
    precondition(row.count == columns.count, "a row of \(row.count) values for \(columns.count) columns")
    switch format {
    case .csv: try write(row.map(Self.csv).joined(separator: ","))
    case .jsonLines:
      let members = zip(columns, row).map { JSONText.quoted($0) + ":" + Self.json($1) }
      try write("{" + members.joined(separator: ",") + "}")
    }
  }

  /// Cuts the file behind the last line to keep; returns whether nothing is left.
  private func keep(_ existing: Existing, header: String?) throws -> Bool {
    var bytes: [UInt8] = []
    var rows = Int.max
    switch existing {
    case .replaced: break
    case .firstRows(let count):
      rows = count
      fallthrough
    case .kept: bytes = try FilePaths.contents(of: descriptor, path: path)
    }
    let newline = UInt8(ascii: "\n")
    if let header, let end = bytes.firstIndex(of: newline), Array(header.utf8) != Array(bytes[..<end]) {
      throw TableLogError.columns(path: path, found: String(decoding: bytes[..<end], as: UTF8.self), expected: header)
    }
    // Every line but the header is a row; what follows the last newline is none.
    let ends = bytes.indices.filter { bytes[$0] == newline }
    let wanted = rows == .max ? ends.count : min(ends.count, rows + (header == nil ? 0 : 1))
    let length = wanted == 0 ? 0 : ends[wanted - 1] + 1
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw FileError.appendFailed(path: path, reason: FileError.reason(errno))
    }
    return length == 0
  }

  private func write(_ line: String) throws { try FilePaths.append((line + "\n").utf8, to: descriptor, of: path) }

  private static func csv(_ value: LogValue) -> String {
    switch value {
    case .integer(let number): String(number)
    case .real(let number): "\(number)"
    case .text(let text): csvText(text)
    case .none: ""
    }
  }

  private static func csvText(_ text: String) -> String {
    let plain = text.replacing("\r\n", with: " ").replacing("\n", with: " ").replacing("\r", with: " ")
    guard plain.contains(",") || plain.contains("\"") else { return plain }
    return "\"" + plain.replacing("\"", with: "\"\"") + "\""
  }

  private static func json(_ value: LogValue) -> String {
    switch value {
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? "\(number)" : "null"
    case .text(let text): JSONText.quoted(text)
    case .none: "null"
    }
  }
}

/// Why a log cannot be continued.
public enum TableLogError: ClassifiedError, Equatable {
  case columns(path: String, found: String, expected: String)

  /// The class that decides the exit code.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .columns(let path, let found, let expected):
      "'\(path)' has the columns \(found); expected \(expected); move it away to begin a new log"
    }
  }
}
