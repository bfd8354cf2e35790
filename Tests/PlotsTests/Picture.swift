import CCairo
import Plots

/// A decoded PNG.
struct Picture {
  let width: Int
  let height: Int
  private let pixels: [UInt32]

  init(png: [UInt8]) {
    var rest = png[...]
    let surface = withUnsafeMutablePointer(to: &rest) { source in
      cairo_image_surface_create_from_png_stream(
        { closure, data, count in
          guard let source = closure?.assumingMemoryBound(to: ArraySlice<UInt8>.self), let data,
            source.pointee.count >= Int(count)
          else { return CAIRO_STATUS_READ_ERROR }
          for (i, byte) in source.pointee.prefix(Int(count)).enumerated() { data[i] = byte }
          source.pointee.removeFirst(Int(count))
          return CAIRO_STATUS_SUCCESS
        }, source)
    }
    defer { cairo_surface_destroy(surface) }
    precondition(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, "not a PNG")
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    var pixels: [UInt32] = []
    if let data = cairo_image_surface_get_data(surface) {
      let base = UnsafeRawPointer(data)
      for row in 0..<height {
        for column in 0..<width {
          pixels.append(base.load(fromByteOffset: row * stride + column * 4, as: UInt32.self) & 0xFFFFFF)
        }
      }
    }
    self.pixels = pixels
  }

  /// The colour 0xRRGGBB of a pixel, counted from the upper left.
  subscript(_ column: Int, _ row: Int) -> UInt32 { pixels[row * width + column] }

  /// The colour at a place in points, two pixels a point.
  subscript(_ point: Point) -> UInt32 { self[Int(2 * point.x), Int(2 * point.y)] }
}
