/// The stroke that joins the points of a series.
public struct LineStyle: Sendable {
  /// The width in points.
  public var width: Double
  /// How it is interrupted.
  public var dash: Dash

  /// A stroke.
  public init(width: Double = 1.4, dash: Dash = .solid) {
    self.width = width
    self.dash = dash
  }
}

/// The mark at each point of a series.
public struct MarkerStyle: Sendable {
  /// The outline.
  public var shape: MarkerShape
  /// The diameter in points.
  public var size: Double

  /// A marker.
  public init(_ shape: MarkerShape = .circle, size: Double = 5.5) {
    self.shape = shape
    self.size = size
  }
}

/// How a series is drawn; line, marker or both.
public struct SeriesStyle: Sendable {
  /// The colour of line and markers.
  public var colour: Colour
  /// The line; nil for markers alone.
  public var line: LineStyle?
  /// The markers; nil for a line alone.
  public var marker: MarkerStyle?
  /// From 0 (invisible) to 1.
  public var opacity = 1.0

  /// A style from its parts.
  public init(_ colour: Colour, line: LineStyle? = LineStyle(), marker: MarkerStyle? = nil, opacity: Double = 1) {
    self.colour = colour
    self.line = line
    self.marker = marker
    self.opacity = opacity
  }

  /// The i-th style of the palette as a line.
  public static func line(_ index: Int) -> SeriesStyle {
    SeriesStyle(Palette.colour(index), line: LineStyle(dash: Palette.dash(index)))
  }

  /// The i-th style of the palette as a line with markers.
  public static func lineWithMarkers(_ index: Int) -> SeriesStyle {
    SeriesStyle(
      Palette.colour(index), line: LineStyle(dash: Palette.dash(index)), marker: MarkerStyle(Palette.marker(index)))
  }

  /// The i-th style of the palette as markers.
  public static func markers(_ index: Int) -> SeriesStyle {
    SeriesStyle(Palette.colour(index), line: nil, marker: MarkerStyle(Palette.marker(index)))
  }
}

/// Points of one origin, in the order in which a line joins them.
///
/// A point whose coordinates have no place on the axes (not finite, or not positive on a logarithmic axis) interrupts the
/// line; the chart says how many there were.
public struct Series: Sendable {
  /// The name in the legend; nil keeps the series out of it.
  public var label: String?
  /// Horizontal coordinates.
  public var x: [Double]
  /// Vertical coordinates.
  public var y: [Double]
  /// Colour, line and markers.
  public var style: SeriesStyle
  /// Labels beside the points, in order; empty for none.
  public var pointLabels: [String]

  /// A series of points; `pointLabels` is empty or as long as the points.
  public init(_ label: String?, x: [Double], y: [Double], style: SeriesStyle, pointLabels: [String] = []) {
    precondition(x.count == y.count, "a series has as many x as y, found \(x.count) and \(y.count)")
    precondition(
      pointLabels.isEmpty || pointLabels.count == x.count, "\(pointLabels.count) labels for \(x.count) points")
    self.label = label
    self.x = x
    self.y = y
    self.style = style
    self.pointLabels = pointLabels
  }
}

/// The area between two curves over the same x.
public struct Band: Sendable {
  /// The name in the legend; nil keeps the band out of it.
  public var label: String?
  /// Horizontal coordinates.
  public var x: [Double]
  /// The lower curve.
  public var low: [Double]
  /// The upper curve.
  public var high: [Double]
  /// The fill, drawn mostly transparent.
  public var colour: Colour

  /// A band; the three arrays have one length.
  public init(_ label: String?, x: [Double], low: [Double], high: [Double], colour: Colour) {
    precondition(
      x.count == low.count && x.count == high.count,
      "a band has as many x as bounds, found \(x.count), \(low.count) and \(high.count)")
    self.label = label
    self.x = x
    self.low = low
    self.high = high
    self.colour = colour
  }
}

/// A horizontal line across the plot that marks a number.
public struct ReferenceLine: Sendable {
  /// The text at the line.
  public var label: String
  /// The number on the vertical axis.
  public var value: Double
  /// The colour of line and text.
  public var colour: Colour

  /// A line at a number.
  public init(_ label: String, at value: Double, colour: Colour = .quiet) {
    self.label = label
    self.value = value
    self.colour = colour
  }
}
