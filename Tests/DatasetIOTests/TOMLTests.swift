import DatasetIO
import Foundation
import Testing

/// The reader of settings, held against Python's `tomllib` and against damage.
@Suite struct TOMLTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/TOML")

  private static func fixture(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// What `make.py` found.
  private static func expectations() throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(fixture("settings.json"))) as? [String: Any])
  }

  @Test func aFileIsReadAsPythonReadsIt() throws {
    let document = try TOMLDocument(reading: Self.folder.appendingPathComponent("settings.toml").path)
    let listed = try #require(Self.expectations()["entries"] as? [[Any]])
    let expected = try listed.map { try ($0[0] as? [String] ?? [], value($0[1])) }
    let found = document.entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    #expect(found.count == expected.count && found.count == 17)
    let pairs = expected.sorted { $0.0.lexicographicallyPrecedes($1.0) }
    for (entry, (key, value)) in zip(found, pairs) {
      #expect(entry.key == key && entry.value == value, "\(entry)")
    }
    #expect(document.entries.first { $0.name == "model.inner.modes" }?.line == 22)
  }

  private func value(_ tagged: Any) throws -> TOMLValue {
    let pair = try #require(tagged as? [Any])
    switch try #require(pair[0] as? String) {
    case "str": return .text(try #require(pair[1] as? String))
    case "int": return .integer(try #require(pair[1] as? Int))
    case "bool": return .truth(try #require(pair[1] as? Bool))
    case "float": return .real(try #require((pair[1] as? String).flatMap(Double.init)))
    default: return .array(try #require(pair[1] as? [Any]).map(value))
    }
  }

  @Test(arguments: [
    ("a = 1\na = 2", 2, "'a' is there twice"), ("[a]\nb = 1\n[a]", 3, "'a' is there twice"),
    ("a = 1\n[a]", 2, "'a' is there twice"), ("a.b = 1\na = 2", 2, "'a' is there twice"),
    ("a = 1\na.b = 2", 2, "'a.b' is there twice"), ("a 1", 1, "expected '='"), ("a =", 1, "a value is missing"),
    ("a = 1 b = 2", 1, "end of the line"), ("\n\na = x", 3, "'x' is no value"), ("a = 01", 1, "'01' is no value"),
    ("a = 1__0", 1, "no value"), ("a = .5", 1, "no value"), ("a = 5.", 1, "no value"), ("a = 1e", 1, "no value"),
    ("a = 9223372036854775808", 1, "no value"), ("a = 2026-11-26", 1, "no value"), ("a = \"b", 1, "within a text"),
    ("a = \"b\nc\"", 1, "quote on its line"), ("a = \"\\q\"", 1, "unknown escape"),
    ("a = \"\\uD800\"", 1, "character number"), ("a = \"\\u+123\"", 1, "character number"),
    ("a = [1", 1, "within an array"), ("a = [1\n2]", 2, "expected ',' or ']'"), ("a = {b = 1}", 1, "inline tables"),
    ("[[a]]", 1, "arrays of tables"), ("[a", 1, "ends with ']'"), ("= 1", 1, "expected a key"),
    ("a = \"\"\"b\"\"\"", 1, "several lines"), ("# \u{1}", 1, "control character"), ("a = TRUE", 1, "no value"),
  ])
  func whatIsNotTOMLIsRefusedWithItsLine(_ text: String, _ line: Int, _ words: String) throws {
    let error = try #require(throws: TOMLError.self) { try TOMLDocument(parsing: Array(text.utf8), of: "run.toml") }
    #expect(error.line == line && error.reason.contains(words), "\(error)")
    #expect(error.failureClass == .configuration && error.description.hasPrefix("'run.toml', line \(line): "))
  }

  @Test func noDamageIsACrash() throws {
    let whole = try Self.fixture("settings.toml")
    let entries = try TOMLDocument(parsing: whole, of: "t").entries
    var cuts: [Int] = []
    for length in whole.indices {
      // What is left of a cut file is a beginning of it, or is refused; only the last value may have become shorter.
      guard let cut = try? TOMLDocument(parsing: Array(whole[..<length]), of: "t").entries else { continue }
      #expect(cut.dropLast() == entries.prefix(max(0, cut.count - 1)), "\(length) bytes")
      cuts.append(length)
    }
    #expect(try cuts == Self.expectations()["cuts"] as? [Int])
    for bit in 0..<whole.count * 8 {
      var flipped = whole
      flipped[bit / 8] ^= 1 << (bit % 8)
      do throws(any Error) {
        #expect(try TOMLDocument(parsing: flipped, of: "t").entries.count <= entries.count + 2)
      } catch { #expect(error is TOMLError) }
    }
  }

  @Test func deepNestingIsRefusedAtOnce() throws {
    for text in [String(repeating: "[", count: 1_000_000), "a = " + String(repeating: "[", count: 1_000_000)] {
      #expect(throws: TOMLError.self) { try TOMLDocument(parsing: Array(text.utf8), of: "t") }
    }
    let keys = Array(repeating: "a", count: 100_000).joined(separator: ".") + " = 1"
    #expect(throws: TOMLError.self) { try TOMLDocument(parsing: Array(keys.utf8), of: "t") }
  }
}
