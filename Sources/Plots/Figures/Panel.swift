/// One picture in the grid of a figure.
public enum Panel: Sendable {
  /// A field as colours.
  case heatMap(HeatMap)
  /// Curves and points over axes.
  case lineChart(LineChart)
  /// An empty place.
  case blank

  /// The size of the plot itself, without what stands around it.
  var plotSize: PlotSize {
    switch self {
    case .heatMap(let map):
      let aspect = map.domain.aspect
      return PlotSize(width: map.side * min(1, aspect), height: map.side / max(1, aspect))
    case .lineChart(let chart): return chart.size
    case .blank: return PlotSize(width: 0, height: 0)
    }
  }

  func layout(room: PlotSize, on canvas: Canvas) -> (any PanelLayout)? {
    switch self {
    case .heatMap(let map): HeatMapLayout(map, room: room, on: canvas)
    case .lineChart(let chart): LineChartLayout(chart, room: room, on: canvas)
    case .blank: nil
    }
  }
}

/// A panel whose parts have found their places, in coordinates whose origin is the corner of the room for the plot.
protocol PanelLayout {
  /// The title, drawn by the figure: titles of a row stand at one height.
  var heading: TextBlock { get }
  /// The room needed around the plot, without the heading.
  var insets: Insets { get }
  /// The plot itself.
  var plot: Rect { get }

  func draw(on canvas: Canvas) throws
}
