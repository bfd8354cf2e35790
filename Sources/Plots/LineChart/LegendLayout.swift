/// The names of series and bands with samples of how they look.
struct LegendLayout {
  private enum Sample {
    case series(SeriesStyle)
    case band(Colour)
  }

  private static let sampleWidth = 22.0
  private static let padding = 5.0
  private static let widestLabel = 190.0
  /// Between the plot's edge and a legend inside it, and around it when it looks for free space.
  private static let margin = 7.0
  private static let clearance = 3.0

  let size: PlotSize
  private let entries: [(sample: Sample, label: TextBlock)]

  /// nil when nothing has a name.
  init?(_ chart: LineChart, on canvas: Canvas) {
    let series = chart.series.compactMap { entry in entry.label.map { (Sample.series(entry.style), $0) } }
    let bands = chart.bands.compactMap { entry in entry.label.map { (Sample.band(entry.colour), $0) } }
    guard chart.legend != .hidden, !series.isEmpty || !bands.isEmpty else { return nil }
    entries = (series + bands).map { ($0.0, canvas.block($0.1, width: Self.widestLabel, Theme.legend)) }
    let widest = entries.map(\.label.width).max() ?? 0
    size = PlotSize(
      width: 2 * Self.padding + Self.sampleWidth + 5 + widest,
      height: 2 * Self.padding + entries.reduce(0) { $0 + $1.label.height } + Double(entries.count - 1) * 2)
  }

  /// A corner or edge of the plot where the legend covers nothing; nil when there is none.
  func freePlace(in plot: Rect, _ obstacles: Obstacles) -> Rect? {
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

  func draw(in box: Rect, framed: Bool, on canvas: Canvas) {
    if framed {
      canvas.fill(box, .white, opacity: 0.92)
      canvas.frame(box, Theme.grid)
    }
    var y = box.y + Self.padding
    for (sample, label) in entries {
      let left = box.x + Self.padding
      let middle = y + label.lineHeight / 2
      switch sample {
      case .band(let colour):
        canvas.fill(
          Rect(x: left, y: middle - 4, width: Self.sampleWidth, height: 8), colour, opacity: LineChartLayout.bandOpacity
        )
      case .series(let style):
        // Faint series (one of many) would vanish in a sample of their own opacity.
        let opacity = max(style.opacity, 0.6)
        if let line = style.line {
          canvas.polyline(
            [Point(left, middle), Point(left + Self.sampleWidth, middle)],
            Pen(colour: style.colour, width: line.width, dash: line.dash, opacity: opacity))
        }
        if let marker = style.marker {
          canvas.marker(
            MarkerStyle(marker.shape, size: min(marker.size, 8)), at: Point(left + Self.sampleWidth / 2, middle),
            style.colour)
        }
      }
      label.draw(on: canvas, top: Point(left + Self.sampleWidth + 5, y), aligned: .left)
      y += label.height + 2
    }
  }
}
