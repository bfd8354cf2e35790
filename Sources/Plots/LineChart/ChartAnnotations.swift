/// The texts inside a chart's plot, each where it covers no data and no other text.
struct ChartAnnotations {
  struct ReferenceLabel {
    var line: ReferenceLine
    /// The height of the line in the plot.
    var height: Double
    var rect: Rect
  }

  struct PointLabel {
    var text: String
    var style: TextStyle
    var placement: LabelPlacer.Placement
  }

  private(set) var references: [ReferenceLabel] = []
  private(set) var points: [PointLabel] = []
  /// What found no place, in words.
  private(set) var notes: [String] = []
  /// Data and placed texts, which a legend must not cover.
  private(set) var obstacles: Obstacles

  init(_ chart: LineChart, _ geometry: ChartGeometry, y: AxisLayout, plot: Rect, on canvas: Canvas) {
    obstacles = geometry.obstacles(chart)
    placeReferences(chart.references, y, plot, canvas)
    placePointLabels(chart, geometry, plot, canvas)
  }

  private mutating func placeReferences(_ lines: [ReferenceLine], _ y: AxisLayout, _ plot: Rect, _ canvas: Canvas) {
    let lineHeight = canvas.metrics(of: Theme.pointLabel).lineHeight
    for line in lines {
      guard let height = y.place(line.value, in: plot), height >= plot.y, height <= plot.maxY else {
        notes.append("\(line.label) (\(NumberLabel.short(line.value))) has no place on the axis")
        continue
      }
      let size = PlotSize(width: canvas.width(of: line.label, Theme.pointLabel), height: lineHeight)
      let rect = place(size, at: height, plot)
      references.append(ReferenceLabel(line: line, height: height, rect: rect))
      obstacles.rects.append(rect)
      obstacles.segments.append(Segment(start: Point(plot.x, height), end: Point(plot.maxX, height)))
    }
  }

  /// Just above or below the line, at an end or in the middle; else to the right of the plot.
  private func place(_ size: PlotSize, at height: Double, _ plot: Rect) -> Rect {
    let columns = [plot.maxX - size.width - 5, plot.x + 5, plot.centre.x - size.width / 2]
    for top in [height - size.height - 0.5, height + 1.5] {
      for left in columns {
        let rect = Rect(x: left, y: top, width: size.width, height: size.height)
        if plot.contains(rect), obstacles.leavesFree(rect.expanded(by: 1)) { return rect }
      }
    }
    var outside = Rect(
      x: plot.maxX + Theme.gap + 1, y: height - size.height / 2, width: size.width, height: size.height)
    // Every step leaves one of finitely many earlier labels behind.
    while obstacles.coveredArea(outside) > 0 { outside.y += size.height / 4 }
    return outside
  }

  private mutating func placePointLabels(
    _ chart: LineChart, _ geometry: ChartGeometry, _ plot: Rect, _ canvas: Canvas
  ) {
    var requests: [LabelPlacer.Request] = []
    var labels: [(text: String, style: TextStyle)] = []
    for (series, trace) in zip(chart.series, geometry.traces) where !series.pointLabels.isEmpty {
      var style = Theme.pointLabel
      style.colour = series.style.colour.darkened
      // Without the empty space above and below the letters, which labels may share.
      let height = canvas.metrics(of: style).lineHeight * 0.9
      for mark in trace.marks where !series.pointLabels[mark.index].isEmpty {
        let text = series.pointLabels[mark.index]
        labels.append((text, style))
        requests.append(
          LabelPlacer.Request(
            point: mark.place, radius: (series.style.marker?.size ?? 2) / 2,
            size: PlotSize(width: canvas.width(of: text, style), height: height)))
      }
    }
    let places = LabelPlacer(bounds: plot, obstacles: obstacles).places(for: requests)
    for (place, label) in zip(places, labels) {
      guard let place else { continue }
      points.append(PointLabel(text: label.text, style: label.style, placement: place))
      obstacles.rects.append(place.rect)
      if let leader = place.leader { obstacles.segments.append(leader) }
    }
    let omitted = labels.count - points.count
    if omitted > 0 { notes.append("\(omitted) label\(omitted == 1 ? "" : "s") left out for want of room") }
  }

  func drawReferenceLines(in plot: Rect, on canvas: Canvas) {
    for label in references {
      canvas.crispLine(
        Point(plot.x, label.height), Point(plot.maxX, label.height),
        Pen(colour: label.line.colour, width: 1, dash: .dashed))
    }
  }

  func drawTexts(on canvas: Canvas) {
    for label in references {
      var style = Theme.pointLabel
      style.colour = label.line.colour
      canvas.text(label.line.label, at: Point(label.rect.x, label.rect.centre.y), .left, style, halo: true)
    }
    for label in points {
      guard let leader = label.placement.leader else { continue }
      canvas.polyline([leader.start, leader.end], Pen(colour: label.style.colour, width: 0.5, opacity: 0.7))
    }
    for label in points {
      let rect = label.placement.rect
      canvas.text(label.text, at: Point(rect.x, rect.centre.y), .left, label.style, halo: true)
    }
  }
}
