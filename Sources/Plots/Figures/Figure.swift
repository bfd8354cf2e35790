/// Panels in rows under a common title, drawn as one PNG picture.
///
/// Panels of a column share their width and panels of a row their height, so that edges line up; the picture is as large
/// as its content needs. The same figure gives the same bytes on every run of one machine.
public struct Figure: Sendable {
  /// The heading; may be empty.
  public var title: String
  /// A quieter line below the heading; may be empty.
  public var subtitle: String
  /// The panels, row by row; rows may differ in length.
  public var panels: [[Panel]]
  /// A label to the left of each row; may be shorter than the rows.
  public var rowLabels: [String] = []
  /// Small print below the panels; may be empty.
  public var footnote = ""

  /// A figure of panels.
  public init(title: String = "", subtitle: String = "", panels: [[Panel]]) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
  }

  /// The picture as the bytes of a PNG file.
  ///
  /// - Parameter pixelsPerPoint: the resolution; 2 is 144 and 2.5 is 180 pixels an inch.
  /// - Throws: `PlotError` when the picture would be too large or Cairo fails.
  public func png(pixelsPerPoint: Double = 2) throws -> [UInt8] {
    try drawn(pixelsPerPoint: pixelsPerPoint).png
  }

  /// The picture and where its parts are.
  package func drawn(pixelsPerPoint: Double = 2) throws -> (png: [UInt8], geometry: FigureGeometry) {
    let layout = FigureLayout(self, on: try Canvas.ruler())
    let canvas = try Canvas(size: layout.size, pixelsPerPoint: pixelsPerPoint)
    try layout.draw(on: canvas)
    return (try canvas.png(), FigureGeometry(size: layout.size, plots: layout.plots, texts: canvas.texts))
  }
}

/// Where the parts of a drawn figure are, in points from its upper left corner.
package struct FigureGeometry: Sendable {
  /// The whole picture.
  package var size: PlotSize
  /// The plots, without what stands around them, row by row without blanks.
  package var plots: [Rect]
  /// Every line of text.
  package var texts: [DrawnText]
}
