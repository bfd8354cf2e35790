import CCairo

/// A white image in memory on which a figure is drawn; owns the Cairo surface and context.
///
/// Coordinates are points; `pixelsPerPoint` pixels make one. Text is antialiased in grey without hinting, so a picture has
/// the same bytes on every run and its layout does not depend on the resolution.
final class Canvas {
  let pixelsPerPoint: Double
  let context: OpaquePointer
  private let surface: OpaquePointer
  /// Every line of text drawn so far, in points of the whole picture.
  private(set) var texts: [DrawnText] = []
  private var metrics: [TextStyle: FontMetrics] = [:]

  /// - Throws: `PlotError` when the picture is too large or memory is short.
  init(size: PlotSize, pixelsPerPoint: Double) throws {
    precondition(pixelsPerPoint > 0 && pixelsPerPoint.isFinite, "pixels per point must be positive")
    let width = max(1, (size.width * pixelsPerPoint).rounded(.up))
    let height = max(1, (size.height * pixelsPerPoint).rounded(.up))
    guard max(width, height) <= Double(PlotError.longestSide) else {
      throw PlotError.pictureTooLarge(width: Int(min(width, 1e15)), height: Int(min(height, 1e15)))
    }
    self.pixelsPerPoint = pixelsPerPoint
    surface = try Self.owned(cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)))
    do {
      try Self.check(cairo_surface_status(surface))
      context = try Self.owned(cairo_create(surface))
    } catch {
      cairo_surface_destroy(surface)
      throw error
    }
    cairo_scale(context, pixelsPerPoint, pixelsPerPoint)
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
    set(.white)
    cairo_paint(context)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// A canvas of one pixel, for measuring text before the picture's size is known.
  static func ruler() throws -> Canvas { try Canvas(size: PlotSize(width: 1, height: 1), pixelsPerPoint: 1) }

  /// The picture as PNG bytes.
  func png() throws -> [UInt8] {
    try Self.check(cairo_status(context))
    cairo_surface_flush(surface)
    var bytes: [UInt8] = []
    let status = withUnsafeMutablePointer(to: &bytes) { sink in
      cairo_surface_write_to_png_stream(
        surface,
        { closure, data, count in
          guard let sink = closure?.assumingMemoryBound(to: [UInt8].self), let data else {
            return CAIRO_STATUS_WRITE_ERROR
          }
          sink.pointee.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, sink)
    }
    try Self.check(status)
    return bytes
  }

  /// Draws with the origin moved.
  func moved(to origin: Point, _ body: () throws -> Void) rethrows {
    cairo_save(context)
    defer { cairo_restore(context) }
    cairo_translate(context, origin.x, origin.y)
    try body()
  }

  /// Draws with everything outside `rect` cut off.
  func clipped(to rect: Rect, _ body: () throws -> Void) rethrows {
    cairo_save(context)
    defer { cairo_restore(context) }
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    try body()
  }

  /// Remembers a line of text that covers `box` in the current coordinates.
  func record(_ text: String, _ box: Rect) {
    let (a, b) = (device(Point(box.x, box.y)), device(Point(box.maxX, box.maxY)))
    let (left, top) = (min(a.x, b.x), min(a.y, b.y))
    let scale = 1 / pixelsPerPoint
    texts.append(
      DrawnText(
        text: text,
        box: Rect(
          x: left * scale, y: top * scale, width: (max(a.x, b.x) - left) * scale,
          height: (max(a.y, b.y) - top) * scale)))
  }

  /// The pixel coordinates of a place in the current coordinates.
  func device(_ point: Point) -> Point {
    var (x, y) = (point.x, point.y)
    cairo_user_to_device(context, &x, &y)
    return Point(x, y)
  }

  /// The font metrics of a style, measured once.
  func metrics(of style: TextStyle) -> FontMetrics {
    if let known = metrics[style] { return known }
    let measured = measureMetrics(of: style)
    metrics[style] = measured
    return measured
  }

  static func check(_ status: cairo_status_t) throws {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let message = cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown failure"
    throw PlotError.cairo(status: status.rawValue, message: message)
  }

  private static func owned(_ pointer: OpaquePointer?) throws -> OpaquePointer {
    guard let pointer else { throw PlotError.cairo(status: CAIRO_STATUS_NO_MEMORY.rawValue, message: "out of memory") }
    return pointer
  }
}
