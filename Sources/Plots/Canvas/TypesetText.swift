/// A line of text split where Unicode superscript and subscript characters begin and end.
///
/// `"10⁻³"` and `"L₂"` are written as plain strings; they are drawn with raised or lowered smaller glyphs of the normal
/// characters, which look alike for every digit whatever the font offers.
package struct TypesetText: Equatable {
  package enum Level: Equatable { case base, raised, lowered }

  package struct Run: Equatable {
    package var text: String
    package var level: Level
  }

  package private(set) var runs: [Run] = []

  private static let raised: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+",
    "⁻": "−", "ⁿ": "n",
  ]
  private static let lowered: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9", "₊": "+",
    "₋": "−", "ₙ": "n",
  ]

  package init(_ string: String) {
    for character in string {
      if let plain = Self.raised[character] {
        append(plain, .raised)
      } else if let plain = Self.lowered[character] {
        append(plain, .lowered)
      } else {
        append(character, .base)
      }
    }
  }

  private mutating func append(_ character: Character, _ level: Level) {
    if let last = runs.indices.last, runs[last].level == level {
      runs[last].text.append(character)
    } else {
      runs.append(Run(text: String(character), level: level))
    }
  }

  /// An integer in superscript characters.
  package static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(value).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}
