public import Foundation

/// Who made a file, from what and how: everything needed to make it again.
public struct Provenance: Sendable {
  /// Program and version, such as `pde 0.2.0`.
  public var program: String
  /// The whole resolved recipe as a JSON object with sorted keys (`CanonicalJSON`).
  public var recipe: String
  /// The command as it was typed, one argument an element.
  public var command: [String]
  /// When the file was made.
  public var date: Date
  /// The history of the file this one was made from; empty for a first one.
  public var earlierHistory: String

  /// - Parameters:
  ///   - program: program and version.
  ///   - recipe: a JSON object with sorted keys.
  ///   - command: the command line, program first.
  ///   - date: the current one, or `SOURCE_DATE_EPOCH` where that is set.
  ///   - earlierHistory: the `history` attribute of the file this one derives from.
  public init(
    program: String, recipe: String, command: [String], date: Date = Provenance.now(), earlierHistory: String = ""
  ) {
    self.program = program
    self.recipe = recipe
    self.command = command
    self.date = date
    self.earlierHistory = earlierHistory
  }

  /// SHA-256 of the recipe: equal for files that hold the same thing.
  public var identifier: String { SHA256.hex(of: recipe) }

  /// The date as ISO 8601 in UTC, such as `2026-03-01T12:00:00Z`.
  public var isoDate: String { date.ISO8601Format() }

  /// One line a command, the newest first, as NCO and CDO keep it.
  public var history: String {
    let line = isoDate + " " + command.map(Self.quoted).joined(separator: " ")
    return earlierHistory.isEmpty ? line : line + "\n" + earlierHistory
  }

  /// The current time, or the one `SOURCE_DATE_EPOCH` gives (seconds since 1970, reproducible-builds.org).
  public static func now(environment: [String: String] = ProcessInfo.processInfo.environment) -> Date {
    if let text = environment["SOURCE_DATE_EPOCH"], let seconds = Int(text), seconds >= 0 {
      return Date(timeIntervalSince1970: Double(seconds))
    }
    // Whole seconds, since that is what the files say.
    return Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
  }

  /// An argument as a shell reads it back; control characters are dropped so that a history line stays one line.
  private static func quoted(_ argument: String) -> String {
    let plain = argument.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }
    let text = String(String.UnicodeScalarView(plain))
    let safe = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_=+./:,@%".unicodeScalars.contains($0)
    }
    return safe && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
