/// A chart with the places of its parts.
struct LineChartLayout: PanelLayout {
  static let bandOpacity = 0.18

  /// What a chart with data consists of.
  struct Content {
    var x: AxisLayout
    var y: AxisLayout
    var geometry: ChartGeometry
    var annotations: ChartAnnotations
    var notes: TextBlock
    var legend: PlacedLegend?
  }

  /// A legend with its place.
  struct PlacedLegend {
    var layout: LegendLayout
    var arrangement: LegendLayout.Arrangement
    var corner: Point
    /// Whether it lies in the plot.
    var inside: Bool

    var box: Rect {
      Rect(x: corner.x, y: corner.y, width: arrangement.size.width, height: arrangement.size.height)
    }
  }

  let insets: Insets
  let plot: Rect
  let heading: TextBlock
  /// nil when there is nothing to show.
  let content: Content?
  private let chart: LineChart

  init(_ chart: LineChart, room: PlotSize, on canvas: Canvas) {
    self.chart = chart
    plot = Rect(x: 0, y: 0, width: room.width, height: room.height)
    heading = canvas.block(chart.title, width: room.width, Theme.panelTitle)
    content = chart.mappings.map {
      Self.content(chart, $0, Rect(x: 0, y: 0, width: room.width, height: room.height), canvas)
    }
    var around = Insets()
    if let content {
      around = content.x.insets.union(content.y.insets)
      around.right = max(around.right, (content.annotations.references.map(\.rect.maxX).max() ?? 0) - plot.maxX)
      if let legend = content.legend, !legend.inside {
        around.bottom = legend.box.maxY - plot.maxY
        around.left = max(around.left, -legend.box.x)
        around.right = max(around.right, legend.box.maxX - plot.maxX)
      }
      if !content.notes.isEmpty { around.bottom += Theme.gap + content.notes.height }
    }
    insets = around
  }

  private static func content(
    _ chart: LineChart, _ mappings: (x: AxisMapping, y: AxisMapping), _ plot: Rect, _ canvas: Canvas
  ) -> Content {
    let x = AxisLayout(mappings.x, label: chart.x.label, edge: .bottom, length: plot.width, on: canvas)
    let y = AxisLayout(mappings.y, label: chart.y.label, edge: .left, length: plot.height, on: canvas)
    let geometry = ChartGeometry(chart, x: mappings.x, y: mappings.y, plot: plot)
    let annotations = ChartAnnotations(chart, geometry, y: y, plot: plot, on: canvas)
    let notes = (geometry.notes + annotations.notes).joined(separator: "; ")
    let legend = LegendLayout(chart, on: canvas).map { legend in
      if chart.legend == .automatic, let free = legend.freePlace(in: plot, annotations.obstacles) {
        return PlacedLegend(
          layout: legend, arrangement: legend.column, corner: Point(free.x, free.y), inside: true)
      }
      let rows = legend.rows(within: plot.width)
      return PlacedLegend(
        layout: legend, arrangement: rows,
        corner: Point(plot.centre.x - rows.size.width / 2, plot.maxY + x.insets.bottom + 1), inside: false)
    }
    return Content(
      x: x, y: y, geometry: geometry, annotations: annotations,
      notes: canvas.block(notes, width: plot.width, Theme.note), legend: legend)
  }

  func draw(on canvas: Canvas) throws {
    guard let content else {
      canvas.fill(plot, Theme.vacant)
      canvas.frame(plot, Theme.frame)
      canvas.text("no data", at: plot.centre, .centre, Theme.message)
      return
    }
    content.x.drawGrid(in: plot, on: canvas)
    content.y.drawGrid(in: plot, on: canvas)
    canvas.clipped(to: plot) {
      drawBands(content.geometry, on: canvas)
      content.annotations.drawReferenceLines(in: plot, on: canvas)
      drawLines(content.geometry, on: canvas)
    }
    canvas.frame(plot, Theme.frame)
    drawMarkers(content.geometry, on: canvas)
    content.annotations.drawTexts(on: canvas)
    content.x.draw(around: plot, on: canvas)
    content.y.draw(around: plot, on: canvas)
    if let legend = content.legend {
      legend.layout.draw(legend.arrangement, at: legend.corner, framed: legend.inside, on: canvas)
    }
    content.notes.draw(
      on: canvas, top: Point(plot.x, plot.maxY + insets.bottom - content.notes.height), aligned: .left)
  }

  private func drawBands(_ geometry: ChartGeometry, on canvas: Canvas) {
    for (band, area) in zip(chart.bands, geometry.areas) {
      for piece in area where piece.count > 1 {
        canvas.polygon(
          piece.map(\.high) + piece.reversed().map(\.low), fill: band.colour, opacity: Self.bandOpacity)
      }
    }
  }

  private func drawLines(_ geometry: ChartGeometry, on canvas: Canvas) {
    for (series, trace) in zip(chart.series, geometry.traces) {
      guard let line = series.style.line else { continue }
      let pen = Pen(colour: series.style.colour, width: line.width, dash: line.dash, opacity: series.style.opacity)
      for piece in trace.pieces {
        canvas.polyline(piece, pen)
        // A point between two gaps has no line; without a marker it would vanish.
        if piece.count == 1, series.style.marker == nil, let point = piece.first {
          canvas.disc(point, radius: line.width, fill: series.style.colour, opacity: series.style.opacity)
        }
      }
    }
  }

  private func drawMarkers(_ geometry: ChartGeometry, on canvas: Canvas) {
    for (series, trace) in zip(chart.series, geometry.traces) {
      guard let marker = series.style.marker else { continue }
      for mark in trace.marks {
        canvas.marker(marker, at: mark.place, series.style.colour, opacity: series.style.opacity)
      }
    }
  }
}
