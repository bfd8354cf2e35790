import Foundation

/// JSON with one spelling: keys sorted, no spaces, non-finite numbers as `null`.
///
/// Equal values give equal bytes, so that a recipe can be hashed and two logs compared.
public enum CanonicalJSON {
  // JSON has no NaN; the encoder can only write a string in its place, which is then replaced. The control characters
  // keep the mark apart from any text a recipe or a log holds.
  private static let mark = "\u{1}non-finite\u{1}"
  private static let encodedMark = "\"\\u0001non-finite\\u0001\""

  /// An encoder with these settings; non-finite numbers become a mark that only `encode` turns into `null`.
  private static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: mark, negativeInfinity: mark, nan: mark)
    return encoder
  }

  /// The JSON text of a value.
  ///
  /// - Throws: `EncodingError`, from the value's own `encode(to:)`.
  public static func encode(_ value: some Encodable) throws -> String {
    String(decoding: try encoder().encode(value), as: UTF8.self).replacing(encodedMark, with: "null")
  }

  /// Reads back what `encode` wrote; a number that may have been `null` is decoded as an optional.
  public static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
