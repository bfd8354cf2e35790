/// Curves and points over two axes, with a legend that never covers them.
public struct LineChart: Sendable {
  /// Where the names of the series stand.
  public enum Legend: Sendable {
    /// In a free corner of the plot, or below it where no corner is free.
    case automatic
    /// Below the plot.
    case below
    /// Nowhere.
    case hidden
  }

  /// The heading above the plot.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Curves and points; later ones lie above earlier ones.
  public var series: [Series]
  /// Areas, below everything else.
  public var bands: [Band]
  /// Horizontal lines that mark a number; they count for the range of the axis.
  public var references: [ReferenceLine]
  /// Where the names of the series stand.
  public var legend = Legend.automatic
  /// The size of the plot itself in points.
  public var size = PlotSize(width: 320, height: 215)

  /// A chart of series over axes.
  public init(
    title: String = "", x: Axis, y: Axis, series: [Series], bands: [Band] = [], references: [ReferenceLine] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.bands = bands
    self.references = references
  }

  /// The axes that show all of it; nil when there is nothing to show.
  package var mappings: (x: AxisMapping, y: AxisMapping)? {
    var (xs, ys): ([Double], [Double]) = ([], references.map(\.value))
    let curves = series.map { ($0.x, $0.y) } + bands.flatMap { [($0.x, $0.low), ($0.x, $0.high)] }
    for (a, b) in curves {
      for (u, v) in zip(a, b) where x.scale.shows(u) && y.scale.shows(v) {
        xs.append(u)
        ys.append(v)
      }
    }
    let margin = series.contains { !$0.pointLabels.isEmpty } ? Axis.labelledMargin : Axis.margin
    guard !xs.isEmpty, let horizontal = x.mapping(of: xs, margin: margin),
      let vertical = y.mapping(of: ys, margin: margin)
    else { return nil }
    return (horizontal, vertical)
  }
}
