/// Text broken into lines that fit a width.
struct TextBlock {
  var lines: [String]
  var style: TextStyle
  var width: Double
  var lineHeight: Double

  var height: Double { Double(lines.count) * lineHeight }
  var isEmpty: Bool { lines.isEmpty }

  /// Draws the lines below `top`, aligned at its x.
  func draw(on canvas: Canvas, top: Point, aligned: TextAnchor.Horizontal, halo: Bool = false) {
    for (i, line) in lines.enumerated() {
      canvas.text(
        line, at: Point(top.x, top.y + Double(i) * lineHeight), TextAnchor(horizontal: aligned, vertical: .top), style,
        halo: halo)
    }
  }

  /// Draws the lines turned a quarter to the left, read from below, centred at the height `centre.y`; `centre.x` is the
  /// left edge of the block.
  func drawUpwards(on canvas: Canvas, left centre: Point) {
    for (i, line) in lines.enumerated() {
      canvas.text(
        line, at: Point(centre.x + Double(i) * lineHeight, centre.y), .topCentre, style, angle: -.pi / 2)
    }
  }
}

extension Canvas {
  /// Line spacing over font height: raised glyphs must not touch the line above.
  private static let leading = 1.1

  /// Breaks text at line feeds and spaces, and inside a word only where the word alone is too wide.
  func block(_ text: String, width limit: Double, _ style: TextStyle) -> TextBlock {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        for (i, piece) in pieces(of: String(word), limit, style).enumerated() {
          let longer = line.isEmpty ? piece : line + " " + piece
          if i == 0, width(of: longer, style) <= limit {
            line = longer
          } else {
            if !line.isEmpty { lines.append(line) }
            line = piece
          }
        }
      }
      lines.append(line)
    }
    let widest = lines.map { width(of: $0, style) }.max() ?? 0
    return TextBlock(
      lines: lines, style: style, width: widest, lineHeight: Self.leading * metrics(of: style).lineHeight)
  }

  private func pieces(of word: String, _ limit: Double, _ style: TextStyle) -> [String] {
    guard width(of: word, style) > limit else { return [word] }
    var pieces: [String] = []
    for character in word {
      if let last = pieces.last, width(of: last + String(character), style) <= limit {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }
}
