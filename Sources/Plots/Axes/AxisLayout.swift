/// One axis along an edge of a plot: its ticks, chosen so that labels do not touch, and the room it needs.
struct AxisLayout {
  enum Edge { case bottom, left }

  let mapping: AxisMapping
  let ticks: Ticks
  private let edge: Edge
  private let length: Double
  private let labelled: Bool
  private let label: TextBlock
  private let widths: [Double]
  private let tickHeight: Double
  private let factorWidth: Double

  /// An axis of a given length; when not `labelled`, ticks alone are drawn.
  init(_ mapping: AxisMapping, label: String, edge: Edge, length: Double, labelled: Bool = true, on canvas: Canvas) {
    self.mapping = mapping
    self.edge = edge
    self.length = length
    self.labelled = labelled
    self.label = canvas.block(labelled ? label : "", width: length, Theme.axisLabel)
    let style = Theme.tickLabel
    tickHeight = canvas.metrics(of: style).lineHeight
    var count = max(2, Int(length / (edge == .left ? 30 : 36)))
    var ticks = mapping.ticks(atMost: count)
    var widths = ticks.major.map { canvas.width(of: $0.label, style) }
    while count > 2, !Self.fit(ticks, widths, tickHeight, mapping, edge, length) {
      count -= 1
      ticks = mapping.ticks(atMost: count)
      widths = ticks.major.map { canvas.width(of: $0.label, style) }
    }
    self.ticks = ticks
    self.widths = widths
    factorWidth = ticks.factorLabel.map { canvas.width(of: $0, style) } ?? 0
  }

  private static func fit(
    _ ticks: Ticks, _ widths: [Double], _ height: Double, _ mapping: AxisMapping, _ edge: Edge, _ length: Double
  ) -> Bool {
    let places = ticks.major.map { (mapping.fraction(of: $0.value) ?? 0) * length }
    return places.indices.dropLast().allSatisfy { i in
      let distance = places[i + 1] - places[i]
      return edge == .left ? distance >= height : distance >= (widths[i] + widths[i + 1]) / 2 + 7
    }
  }

  private var labelDepth: Double { label.isEmpty ? 0 : Theme.gap + label.height }
  private var tickDepth: Double { Theme.tickLength + (labelled ? Theme.gap : 0) }
  /// The factor of a bottom axis shares the label's line where both fit.
  private var factorTakesLine: Bool {
    factorWidth > 0 && (label.isEmpty || (length - label.width) / 2 < factorWidth + 10)
  }

  /// The room outside the plot.
  var insets: Insets {
    guard labelled else { return edge == .bottom ? Insets(bottom: tickDepth) : Insets(left: tickDepth) }
    let places = ticks.major.map { (mapping.fraction(of: $0.value) ?? 0) * length }
    switch edge {
    case .bottom:
      let left = zip(places, widths).map { $1 / 2 - $0 }.max() ?? 0
      let right = zip(places, widths).map { $0 + $1 / 2 - length }.max() ?? 0
      return Insets(
        left: max(0, left), right: max(0, right),
        bottom: tickDepth + tickHeight + (factorTakesLine ? tickHeight : 0) + labelDepth)
    case .left:
      let top = places.map { $0 + tickHeight / 2 - length }.max() ?? 0
      return Insets(
        left: tickDepth + (widths.max() ?? 0) + labelDepth, right: 0,
        top: factorWidth > 0 ? tickHeight + Theme.gap : max(0, top), bottom: 0)
    }
  }

  /// The place of a number along the axis of `plot`.
  func place(_ value: Double, in plot: Rect) -> Double? {
    guard let fraction = mapping.fraction(of: value) else { return nil }
    return edge == .bottom ? plot.x + fraction * plot.width : plot.maxY - fraction * plot.height
  }

  /// Draws grid lines across the plot.
  func drawGrid(in plot: Rect, on canvas: Canvas) {
    for (values, pen) in [(ticks.minor, Theme.minorGrid), (ticks.major.map(\.value), Theme.grid)] {
      for place in values.compactMap({ self.place($0, in: plot) }) {
        switch edge {
        case .bottom: canvas.crispLine(Point(place, plot.y), Point(place, plot.maxY), pen)
        case .left: canvas.crispLine(Point(plot.x, place), Point(plot.maxX, place), pen)
        }
      }
    }
  }

  /// Draws ticks, their labels and the axis label outside the plot.
  func draw(around plot: Rect, on canvas: Canvas) {
    for value in ticks.minor { drawTick(value, Theme.minorTickLength, plot, canvas) }
    for mark in ticks.major {
      drawTick(mark.value, Theme.tickLength, plot, canvas)
      guard labelled, let place = place(mark.value, in: plot) else { continue }
      switch edge {
      case .bottom: canvas.text(mark.label, at: Point(place, plot.maxY + tickDepth), .topCentre, Theme.tickLabel)
      case .left: canvas.text(mark.label, at: Point(plot.x - tickDepth, place), .right, Theme.tickLabel)
      }
    }
    guard labelled else { return }
    let outward = tickDepth + (edge == .bottom ? tickHeight : widths.max() ?? 0) + Theme.gap
    switch edge {
    case .bottom:
      let top = plot.maxY + outward + (factorTakesLine ? tickHeight : 0)
      label.draw(on: canvas, top: Point(plot.x + plot.width / 2, top), aligned: .centre)
      if let factor = ticks.factorLabel {
        canvas.text(
          factor, at: Point(plot.maxX, plot.maxY + outward), TextAnchor(horizontal: .right, vertical: .top),
          Theme.tickLabel)
      }
    case .left:
      label.drawUpwards(on: canvas, left: Point(plot.x - outward - label.height, plot.y + plot.height / 2))
      if let factor = ticks.factorLabel {
        canvas.text(
          factor, at: Point(plot.x, plot.y - Theme.gap), TextAnchor(horizontal: .left, vertical: .bottom),
          Theme.tickLabel)
      }
    }
  }

  private func drawTick(_ value: Double, _ size: Double, _ plot: Rect, _ canvas: Canvas) {
    guard let place = place(value, in: plot) else { return }
    switch edge {
    case .bottom: canvas.crispLine(Point(place, plot.maxY), Point(place, plot.maxY + size), Theme.frame)
    case .left: canvas.crispLine(Point(plot.x - size, place), Point(plot.x, place), Theme.frame)
    }
  }
}
