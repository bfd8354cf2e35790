import CCairo

/// Size, weight and colour of text.
package struct TextStyle: Sendable, Hashable {
  package var size: Double
  package var bold = false
  package var italic = false
  package var colour = Colour.ink
}

/// Vertical measures of a font at one size, in points.
struct FontMetrics {
  /// From the baseline up to the top of a line.
  var ascent: Double
  /// From the baseline down to the bottom of a line.
  var descent: Double
  /// The height of digits.
  var digitHeight: Double

  var lineHeight: Double { ascent + descent }
}

/// A line of text in a picture: its string and the box from the top of its digits to the bottom of its line.
package struct DrawnText: Sendable {
  package var text: String
  package var box: Rect
}

/// Which part of a text lies at the place it is drawn at.
struct TextAnchor {
  enum Horizontal { case left, centre, right }
  enum Vertical { case top, middle, bottom }

  var horizontal: Horizontal
  var vertical: Vertical

  static let topLeft = TextAnchor(horizontal: .left, vertical: .top)
  static let topCentre = TextAnchor(horizontal: .centre, vertical: .top)
  static let left = TextAnchor(horizontal: .left, vertical: .middle)
  static let right = TextAnchor(horizontal: .right, vertical: .middle)
  static let centre = TextAnchor(horizontal: .centre, vertical: .middle)
}

extension Canvas {
  /// Raised and lowered glyphs: their size and shift as parts of the font size, as usual in typesetting.
  private static let scriptSize = 0.72
  private static let raise = 0.38
  private static let lower = 0.16

  private func select(_ style: TextStyle, _ level: TypesetText.Level = .base) {
    cairo_select_font_face(
      context, "DejaVu Sans", style.italic ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
      style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, level == .base ? style.size : style.size * Self.scriptSize)
  }

  func measureMetrics(of style: TextStyle) -> FontMetrics {
    select(style)
    var font = cairo_font_extents_t()
    cairo_font_extents(context, &font)
    var digit = cairo_text_extents_t()
    cairo_text_extents(context, "0", &digit)
    return FontMetrics(ascent: font.ascent, descent: font.descent, digitHeight: -digit.y_bearing)
  }

  /// The advance width of one line.
  func width(of text: String, _ style: TextStyle) -> Double {
    TypesetText(text).runs.reduce(0) { total, run in
      select(style, run.level)
      var extents = cairo_text_extents_t()
      cairo_text_extents(context, run.text, &extents)
      return total + extents.x_advance
    }
  }

  /// Draws one line; `angle` turns it clockwise about `point`, a halo keeps it legible on lines.
  func text(
    _ text: String, at point: Point, _ anchor: TextAnchor, _ style: TextStyle, angle: Double = 0, halo: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let metrics = metrics(of: style)
    let width = width(of: text, style)
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, angle)
    let x =
      switch anchor.horizontal {
      case .left: 0.0
      case .centre: -width / 2
      case .right: -width
      }
    let baseline =
      switch anchor.vertical {
      case .top: metrics.ascent
      case .middle: metrics.digitHeight / 2
      case .bottom: -metrics.descent
      }
    record(
      text, Rect(x: x, y: baseline - metrics.digitHeight, width: width, height: metrics.digitHeight + metrics.descent))
    if halo {
      path(text, x: x, baseline: baseline, style) { cairo_text_path(context, $0) }
      set(.white, opacity: 0.9)
      cairo_set_line_width(context, 3)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_dash(context, nil, 0, 0)
      cairo_stroke(context)
    }
    set(style.colour)
    path(text, x: x, baseline: baseline, style) { cairo_show_text(context, $0) }
    cairo_new_path(context)
    cairo_restore(context)
  }

  private func path(_ text: String, x: Double, baseline: Double, _ style: TextStyle, _ emit: (String) -> Void) {
    var x = x
    for run in TypesetText(text).runs {
      select(style, run.level)
      let shift =
        switch run.level {
        case .base: 0.0
        case .raised: -Self.raise * style.size
        case .lowered: Self.lower * style.size
        }
      cairo_move_to(context, x, baseline + shift)
      emit(run.text)
      var extents = cairo_text_extents_t()
      cairo_text_extents(context, run.text, &extents)
      x += extents.x_advance
    }
  }
}
