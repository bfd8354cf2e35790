/// The names of series and bands with samples of how they look.
struct LegendLayout {
  private enum Sample {
    case series(SeriesStyle)
    case band(Colour)
  }

  /// Where the entries stand: under one another, or in as many columns as a width allows.
  struct Arrangement {
    var columns: Int
    var rows: Int
    var size: PlotSize
  }

  private static let sampleWidth = 22.0
  private static let sampleGap = 5.0
  private static let columnGap = 16.0
  private static let rowGap = 2.0
  private static let padding = 5.0
  private static let widestLabel = 240.0
  /// Between the plot's edge and a legend inside it, and around it when it looks for free space.
  private static let margin = 7.0
  private static let clearance = 3.0

  private let entries: [(sample: Sample, label: TextBlock)]
  private let entryWidth: Double
  private let entryHeight: Double

  /// nil when nothing has a name.
  init?(_ chart: LineChart, on canvas: Canvas) {
    let series = chart.series.compactMap { entry in entry.label.map { (Sample.series(entry.style), $0) } }
    let bands = chart.bands.compactMap { entry in entry.label.map { (Sample.band(entry.colour), $0) } }
    guard chart.legend != .hidden, !series.isEmpty || !bands.isEmpty else { return nil }
    let widest = min(Self.widestLabel, chart.size.width - Self.sampleWidth - Self.sampleGap - 2 * Self.padding)
    entries = (series + bands).map { ($0.0, canvas.block($0.1, width: max(20, widest), Theme.legend)) }
    entryWidth = Self.sampleWidth + Self.sampleGap + (entries.map(\.label.width).max() ?? 0)
    entryHeight = entries.map(\.label.height).max() ?? 0
  }

  /// Entries under one another.
  var column: Arrangement { arrangement(columns: 1) }

  /// Entries in rows no wider than `width`.
  func rows(within width: Double) -> Arrangement {
    let fitting = Int((width - 2 * Self.padding + Self.columnGap) / (entryWidth + Self.columnGap))
    return arrangement(columns: min(entries.count, max(1, fitting)))
  }

  private func arrangement(columns: Int) -> Arrangement {
    let rows = (entries.count + columns - 1) / columns
    return Arrangement(
      columns: columns, rows: rows,
      size: PlotSize(
        width: 2 * Self.padding + Double(columns) * (entryWidth + Self.columnGap) - Self.columnGap,
        height: 2 * Self.padding + Double(rows) * (entryHeight + Self.rowGap) - Self.rowGap))
  }

  /// A corner or edge of the plot where the legend covers nothing; nil when there is none.
  func freePlace(in plot: Rect, _ obstacles: Obstacles) -> Rect? {
    let size = column.size
    let right = plot.maxX - size.width - Self.margin
    let left = plot.x + Self.margin
    let top = plot.y + Self.margin
    let bottom = plot.maxY - size.height - Self.margin
    let (middleX, middleY) = (plot.centre.x - size.width / 2, plot.centre.y - size.height / 2)
    let corners = [
      (right, top), (left, top), (right, bottom), (left, bottom), (right, middleY), (left, middleY), (middleX, top),
      (middleX, bottom),
    ]
    return corners.lazy.map { Rect(x: $0, y: $1, width: size.width, height: size.height) }
      .first { plot.contains($0) && obstacles.leavesFree($0.expanded(by: Self.clearance)) }
  }

  /// Draws the entries column by column; inside a plot on a frame of its own.
  func draw(_ arrangement: Arrangement, at corner: Point, framed: Bool, on canvas: Canvas) {
    if framed {
      let box = Rect(x: corner.x, y: corner.y, width: arrangement.size.width, height: arrangement.size.height)
      canvas.fill(box, .white, opacity: 0.92)
      canvas.frame(box, Theme.grid)
    }
    for (i, entry) in entries.enumerated() {
      let (column, row) = (i / arrangement.rows, i % arrangement.rows)
      let left = corner.x + Self.padding + Double(column) * (entryWidth + Self.columnGap)
      let top = corner.y + Self.padding + Double(row) * (entryHeight + Self.rowGap)
      draw(entry.sample, at: Point(left, top + entry.label.lineHeight / 2), on: canvas)
      entry.label.draw(on: canvas, top: Point(left + Self.sampleWidth + Self.sampleGap, top), aligned: .left)
    }
  }

  private func draw(_ sample: Sample, at left: Point, on canvas: Canvas) {
    switch sample {
    case .band(let colour):
      canvas.fill(
        Rect(x: left.x, y: left.y - 4, width: Self.sampleWidth, height: 8), colour,
        opacity: LineChartLayout.bandOpacity)
    case .series(let style):
      // Faint series (one of many) would vanish in a sample of their own opacity.
      let opacity = max(style.opacity, 0.6)
      if let line = style.line {
        canvas.polyline(
          [left, Point(left.x + Self.sampleWidth, left.y)],
          Pen(colour: style.colour, width: line.width, dash: line.dash, opacity: opacity))
      }
      if let marker = style.marker {
        canvas.marker(
          MarkerStyle(marker.shape, size: min(marker.size, 8)), at: Point(left.x + Self.sampleWidth / 2, left.y),
          style.colour)
      }
    }
  }
}
