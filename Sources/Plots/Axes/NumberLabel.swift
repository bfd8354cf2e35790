import Foundation

/// Numbers as people write them: a true minus sign, powers of ten with raised exponents.
package enum NumberLabel {
  /// A number with a fixed count of decimals; zero has no sign.
  package static func decimal(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    guard text.hasPrefix("-") else { return text }
    return text.contains { ("1"..."9").contains($0) } ? "−" + text.dropFirst() : String(text.dropFirst())
  }

  /// Whether a number is better read without a power of ten.
  package static func isPlain(_ value: Double) -> Bool { value == 0 || (0.000_999_5..<99_999.5).contains(abs(value)) }

  /// A number with at most `digits` significant digits and no trailing zeros, such as 12, 0.0035, 2.5×10⁻⁶ or 10⁻⁴;
  /// `plain` decides about the power of ten, by default its size does.
  package static func short(_ value: Double, digits: Int = 3, plain: Bool? = nil) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
    guard value != 0 else { return "0" }
    let scientific = String(format: "%.\(digits - 1)e", value)
    guard let e = scientific.firstIndex(of: "e"), let power = Int(scientific[scientific.index(after: e)...]) else {
      return scientific
    }
    if plain ?? isPlain(value) { return trimmed(decimal(value, decimals: max(0, digits - 1 - power))) }
    let mantissa = trimmed(scientific[..<e].replacingOccurrences(of: "-", with: "−"))
    let tens = "10" + TypesetText.superscript(power)
    return mantissa == "1" ? tens : mantissa == "−1" ? "−" + tens : mantissa + "×" + tens
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
