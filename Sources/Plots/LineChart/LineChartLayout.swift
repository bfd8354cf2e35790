/// A chart with the places of its parts.
struct LineChartLayout: PanelLayout {
  static let bandOpacity = 0.18
  private static let outsideGap = 10.0

  let insets: Insets
  let plot: Rect
  private(set) var geometry: ChartGeometry?
  /// The legend's box and whether it lies inside the plot.
  private(set) var legendBox: Rect?
  private(set) var pointLabels: [(placement: LabelPlacer.Placement, text: String, style: TextStyle)] = []
  private(set) var referenceLabels: [(rect: Rect, line: ReferenceLine, y: Double)] = []
  private let chart: LineChart
  private let title: TextBlock
  private let titleLift: Double
  private let x: AxisLayout?
  private let y: AxisLayout?
  private let legend: LegendLayout?
  private let notes: TextBlock

  init(_ chart: LineChart, room: PlotSize, on canvas: Canvas) {
    self.chart = chart
    plot = Rect(x: 0, y: 0, width: room.width, height: room.height)
    title = canvas.block(chart.title, width: room.width, Theme.panelTitle)
    guard let mappings = chart.mappings else {
      (x, y, legend, geometry) = (nil, nil, nil, nil)
      notes = canvas.block("", width: room.width, Theme.note)
      titleLift = Theme.gap + 1
      insets = Insets(top: title.isEmpty ? 0 : title.height + titleLift)
      return
    }
    let x = AxisLayout(mappings.x, label: chart.x.label, edge: .bottom, length: room.width, on: canvas)
    let y = AxisLayout(mappings.y, label: chart.y.label, edge: .left, length: room.height, on: canvas)
    let geometry = ChartGeometry(chart, x: mappings.x, y: mappings.y, plot: plot)
    var notes = geometry.notes
    var obstacles = geometry.obstacles(chart)

    var referenceLabels: [(rect: Rect, line: ReferenceLine, y: Double)] = []
    for line in chart.references {
      guard let height = y.place(line.value, in: plot), height >= plot.y, height <= plot.maxY else {
        notes.append("\(line.label) (\(NumberLabel.short(line.value))) has no place on the axis")
        continue
      }
      let size = PlotSize(
        width: canvas.width(of: line.label, Theme.pointLabel),
        height: canvas.metrics(of: Theme.pointLabel).lineHeight)
      let rect = Self.place(label: size, at: height, plot, obstacles)
      referenceLabels.append((rect, line, height))
      obstacles.rects.append(rect)
      obstacles.segments.append(Segment(start: Point(plot.x, height), end: Point(plot.maxX, height)))
    }

    let (labels, omitted) = Self.place(labelsOf: chart, geometry, plot, obstacles, canvas)
    if omitted > 0 { notes.append("\(omitted) label\(omitted == 1 ? "" : "s") left out for want of room") }
    for label in labels {
      obstacles.rects.append(label.placement.rect)
      if let leader = label.placement.leader { obstacles.segments.append(leader) }
    }

    var right = max(0, (referenceLabels.map(\.rect.maxX).max() ?? 0) - plot.maxX)
    legend = LegendLayout(chart, on: canvas)
    if let legend {
      if chart.legend == .automatic { legendBox = legend.freePlace(in: plot, obstacles) }
      if legendBox == nil {
        legendBox = Rect(
          x: plot.maxX + right + Self.outsideGap, y: plot.y, width: legend.size.width, height: legend.size.height)
        right += Self.outsideGap + legend.size.width
      }
    }
    self.notes = canvas.block(notes.joined(separator: "; "), width: room.width, Theme.note)
    var around = x.insets.union(y.insets)
    titleLift = around.top + Theme.gap + 1
    if !title.isEmpty { around.top = titleLift + title.height }
    if !self.notes.isEmpty { around.bottom += Theme.gap + self.notes.height }
    around.right = max(around.right, right)
    around.bottom = max(around.bottom, (legendBox?.maxY ?? 0) - plot.maxY)
    insets = around
    (self.x, self.y, self.geometry) = (x, y, geometry)
    (self.pointLabels, self.referenceLabels) = (labels, referenceLabels)
  }

  /// A place for the label of a horizontal line: just above or below it at an end or in the middle, else to the right of
  /// the plot.
  private static func place(label size: PlotSize, at height: Double, _ plot: Rect, _ obstacles: Obstacles) -> Rect {
    let columns = [plot.maxX - size.width - 5, plot.x + 5, plot.centre.x - size.width / 2]
    for top in [height - size.height - 0.5, height + 1.5] {
      for left in columns {
        let rect = Rect(x: left, y: top, width: size.width, height: size.height)
        if plot.contains(rect), obstacles.leavesFree(rect.expanded(by: 1)) { return rect }
      }
    }
    var outside = Rect(
      x: plot.maxX + Theme.gap + 1, y: height - size.height / 2, width: size.width, height: size.height)
    while !obstacles.leavesFree(outside), outside.maxY < plot.maxY + size.height * 8 { outside.y += size.height / 2 }
    return outside
  }

  private static func place(
    labelsOf chart: LineChart, _ geometry: ChartGeometry, _ plot: Rect, _ obstacles: Obstacles, _ canvas: Canvas
  ) -> (labels: [(placement: LabelPlacer.Placement, text: String, style: TextStyle)], omitted: Int) {
    var requests: [LabelPlacer.Request] = []
    var texts: [(text: String, style: TextStyle)] = []
    for (series, trace) in zip(chart.series, geometry.traces) where !series.pointLabels.isEmpty {
      var style = Theme.pointLabel
      style.colour = series.style.colour.darkened
      for mark in trace.marks where !series.pointLabels[mark.index].isEmpty {
        let text = series.pointLabels[mark.index]
        let size = PlotSize(
          width: canvas.width(of: text, style), height: canvas.metrics(of: style).lineHeight * 0.9)
        let radius = (series.style.marker?.size ?? 2) / 2
        requests.append(LabelPlacer.Request(point: mark.place, radius: radius, size: size))
        texts.append((text, style))
      }
    }
    let places = LabelPlacer(bounds: plot, obstacles: obstacles).places(for: requests)
    let labels = zip(places, texts).compactMap { place, label in place.map { ($0, label.text, label.style) } }
    return (labels, requests.count - labels.count)
  }

  func draw(on canvas: Canvas) throws {
    title.draw(on: canvas, top: Point(plot.centre.x, plot.y - titleLift - title.height), aligned: .centre)
    guard let x, let y, let geometry else {
      canvas.fill(plot, Colour(hex: 0xF4F5F6))
      canvas.frame(plot, Theme.frame)
      canvas.text("no data", at: plot.centre, .centre, Theme.message)
      return
    }
    x.drawGrid(in: plot, on: canvas)
    y.drawGrid(in: plot, on: canvas)
    canvas.clipped(to: plot) { drawCurves(geometry, on: canvas) }
    canvas.frame(plot, Theme.frame)
    for (series, trace) in zip(chart.series, geometry.traces) {
      guard let marker = series.style.marker else { continue }
      for mark in trace.marks {
        canvas.marker(marker, at: mark.place, series.style.colour, opacity: series.style.opacity)
      }
    }
    drawLabels(on: canvas)
    x.draw(around: plot, on: canvas)
    y.draw(around: plot, on: canvas)
    notes.draw(on: canvas, top: Point(plot.x, plot.maxY + x.insets.bottom + Theme.gap), aligned: .left)
    if let legend, let legendBox { legend.draw(in: legendBox, framed: plot.contains(legendBox), on: canvas) }
  }

  private func drawCurves(_ geometry: ChartGeometry, on canvas: Canvas) {
    for (band, area) in zip(chart.bands, geometry.areas) {
      for piece in area where piece.count > 1 {
        canvas.polygon(
          piece.map(\.high) + piece.reversed().map(\.low), fill: band.colour, opacity: Self.bandOpacity)
      }
    }
    for (_, line, height) in referenceLabels {
      canvas.crispLine(
        Point(plot.x, height), Point(plot.maxX, height), Pen(colour: line.colour, width: 1, dash: .dashed))
    }
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

  private func drawLabels(on canvas: Canvas) {
    for (rect, line, _) in referenceLabels {
      var style = Theme.pointLabel
      style.colour = line.colour
      canvas.text(line.label, at: Point(rect.x, rect.centre.y), .left, style, halo: true)
    }
    for label in pointLabels {
      if let leader = label.placement.leader {
        canvas.polyline([leader.start, leader.end], Pen(colour: label.style.colour, width: 0.5, opacity: 0.7))
      }
    }
    for label in pointLabels {
      let rect = label.placement.rect
      canvas.text(label.text, at: Point(rect.x, rect.centre.y), .left, label.style, halo: true)
    }
  }
}
