import CCairo

/// How a line is interrupted.
public enum Dash: Sendable, CaseIterable {
  /// Not at all.
  case solid
  /// Long strokes.
  case dashed
  /// Dots.
  case dotted
  /// Strokes and dots in turn.
  case dashDotted

  /// Lengths of strokes and gaps in line widths.
  var pattern: [Double] {
    switch self {
    case .solid: []
    case .dashed: [4, 2.2]
    case .dotted: [1, 1.8]
    case .dashDotted: [5, 2, 1, 2]
    }
  }
}

/// Colour, width and interruption of a drawn line.
struct Pen {
  var colour: Colour
  var width: Double
  var dash = Dash.solid
  var opacity = 1.0
}

extension Canvas {
  func set(_ colour: Colour, opacity: Double = 1) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity)
  }

  /// Strokes the current path.
  private func stroke(_ pen: Pen) {
    set(pen.colour, opacity: pen.opacity)
    cairo_set_line_width(context, pen.width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, pen.dash == .solid ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    let lengths = pen.dash.pattern.map { $0 * pen.width }
    cairo_set_dash(context, lengths, Int32(lengths.count), 0)
    cairo_stroke(context)
  }

  func polyline(_ points: [Point], _ pen: Pen) {
    guard let first = points.first, points.count > 1 else { return }
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    stroke(pen)
  }

  /// A line along an axis, moved to where its edges fall on whole pixels, so that it is drawn crisp.
  func crispLine(_ start: Point, _ end: Point, _ pen: Pen) {
    let pixels = max(1, (pen.width * pixelsPerPoint).rounded())
    var pen = pen
    pen.width = pixels / pixelsPerPoint
    let (a, b) = (snapped(start, odd: pixels.truncatingRemainder(dividingBy: 2) == 1), end)
    let c = snapped(b, odd: pixels.truncatingRemainder(dividingBy: 2) == 1)
    cairo_move_to(context, a.x, a.y)
    cairo_line_to(context, c.x, c.y)
    set(pen.colour, opacity: pen.opacity)
    cairo_set_line_width(context, pen.width)
    cairo_set_line_cap(context, pen.dash == .solid ? CAIRO_LINE_CAP_SQUARE : CAIRO_LINE_CAP_BUTT)
    let lengths = pen.dash.pattern.map { $0 * pen.width }
    cairo_set_dash(context, lengths, Int32(lengths.count), 0)
    cairo_stroke(context)
  }

  private func snapped(_ point: Point, odd: Bool) -> Point {
    let pixel = device(point)
    var x = odd ? pixel.x.rounded(.down) + 0.5 : pixel.x.rounded()
    var y = odd ? pixel.y.rounded(.down) + 0.5 : pixel.y.rounded()
    cairo_device_to_user(context, &x, &y)
    return Point(x, y)
  }

  func frame(_ rect: Rect, _ pen: Pen) {
    let corners = [
      Point(rect.x, rect.y), Point(rect.maxX, rect.y), Point(rect.maxX, rect.maxY), Point(rect.x, rect.maxY),
    ]
    for (i, corner) in corners.enumerated() { crispLine(corner, corners[(i + 1) % 4], pen) }
  }

  func polygon(_ points: [Point], fill: Colour? = nil, opacity: Double = 1, outline: Pen? = nil) {
    guard let first = points.first else { return }
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
    finishPath(fill: fill, opacity: opacity, outline: outline)
  }

  func fill(_ rect: Rect, _ colour: Colour, opacity: Double = 1) {
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    finishPath(fill: colour, opacity: opacity, outline: nil)
  }

  func disc(_ centre: Point, radius: Double, fill: Colour?, opacity: Double = 1, outline: Pen? = nil) {
    cairo_new_sub_path(context)
    cairo_arc(context, centre.x, centre.y, radius, 0, 2 * .pi)
    cairo_close_path(context)
    finishPath(fill: fill, opacity: opacity, outline: outline)
  }

  private func finishPath(fill: Colour?, opacity: Double, outline: Pen?) {
    if let fill {
      set(fill, opacity: opacity)
      cairo_fill_preserve(context)
    }
    if let outline { stroke(outline) } else { cairo_new_path(context) }
  }

  /// Paints pixels into the device pixels nearest to `rect`, exactly one to one.
  ///
  /// - Parameter pixels: called with the number of device columns and rows; returns 0x00RRGGBB row by row from the top.
  func image(_ rect: Rect, pixels: (_ columns: Int, _ rows: Int) -> [UInt32]) throws {
    let (first, last) = (device(Point(rect.x, rect.y)), device(Point(rect.maxX, rect.maxY)))
    let (left, top) = (first.x.rounded(), first.y.rounded())
    let (columns, rows) = (max(1, Int(last.x.rounded() - left)), max(1, Int(last.y.rounded() - top)))
    let data = pixels(columns, rows)
    precondition(data.count == columns * rows, "\(data.count) pixels do not fill \(columns)×\(rows)")
    let picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows))
    defer { cairo_surface_destroy(picture) }
    try Canvas.check(cairo_surface_status(picture))
    guard let base = cairo_image_surface_get_data(picture) else { return }
    let stride = Int(cairo_image_surface_get_stride(picture))
    data.withUnsafeBytes { source in
      for row in 0..<rows {
        let line = UnsafeRawBufferPointer(rebasing: source[row * columns * 4..<(row + 1) * columns * 4])
        UnsafeMutableRawBufferPointer(start: base + row * stride, count: columns * 4).copyMemory(from: line)
      }
    }
    cairo_surface_mark_dirty(picture)
    cairo_save(context)
    cairo_identity_matrix(context)
    cairo_set_source_surface(context, picture, left, top)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }
}
