import Foundation
import Testing

/// The one JSON object that a command with `--json` prints, on one line.
func object(_ outcome: Outcome) throws -> [String: Any] {
  #expect(outcome.output.hasSuffix("\n") && outcome.output.split(separator: "\n").count == 1)
  return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
}

extension [String: Any] {
  /// A number that must be there.
  func number(_ key: String) throws -> Double {
    try #require(self[key] as? NSNumber, "'\(key)' is missing").doubleValue
  }

  /// An object that must be there.
  func object(_ key: String) throws -> [String: Any] {
    try #require(self[key] as? [String: Any], "'\(key)' is missing")
  }
}
