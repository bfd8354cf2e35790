/// The key of a heat map: which colour stands for which number, and what its special colours mean.
struct ColourBar {
  /// A field of few values is keyed by one swatch each.
  static let fewValues = 6

  private enum Key {
    case swatches([Double])
    case gradient(Ticks, ClosedRange<Double>, below: Bool, above: Bool)
    case nothing
  }

  private static let thickness = 9.0
  private static let distance = 8.0
  private static let swatch = 9.0
  private static let tick = 2.5

  let insets: Insets
  private let key: Key
  private let colours: ColourLookup
  private let missingLabel: String?
  private let label: TextBlock
  private let labelsWidth: Double
  private let height: Double

  init(_ map: HeatMap, height: Double, on canvas: Canvas) {
    self.height = height
    colours = ColourLookup(map)
    missingLabel = map.grid.missingLabel
    let style = Theme.tickLabel
    let lineHeight = canvas.metrics(of: style).lineHeight
    key = Self.key(of: map, height: height - (missingLabel == nil ? 0 : Self.swatch + 6), lineHeight: lineHeight)
    var labels = [missingLabel].compactMap { $0 }
    var top = 0.0
    switch key {
    case .swatches(let values): labels += values.map { NumberLabel.short($0, digits: 4) }
    case .gradient(let ticks, _, _, _):
      labels += ticks.major.map(\.label)
      if ticks.exponent != 0 { top = lineHeight + Theme.gap }
    case .nothing: break
    }
    labelsWidth = labels.map { canvas.width(of: $0, style) }.max() ?? 0
    label = canvas.block(map.barLabel ?? "", width: height, Theme.axisLabel)
    insets = Insets(
      right: Self.distance + Self.thickness + Self.tick + Theme.gap + labelsWidth
        + (label.isEmpty ? 0 : Theme.gap + label.height), top: max(top, lineHeight / 2))
  }

  private static func key(of map: HeatMap, height: Double, lineHeight: Double) -> Key {
    guard let range = map.range else { return .nothing }
    let few = map.grid.distinctValues(atMost: fewValues)
    let constant = range.lowerBound == range.upperBound
    if let few, !few.isEmpty, map.colours.ends == .data || constant { return .swatches(few) }
    guard !constant, let data = map.grid.values.finiteRange else {
      return constant ? .swatches([range.lowerBound]) : .nothing
    }
    let count = max(2, Int(height / max(24, lineHeight * 1.6)))
    return .gradient(
      .linear(range, atMost: count), range, below: data.lowerBound < range.lowerBound,
      above: data.upperBound > range.upperBound)
  }

  /// Draws the key to the right of a plot.
  func draw(beside plot: Rect, on canvas: Canvas) throws {
    var bar = Rect(
      x: plot.maxX + Self.distance, y: plot.y, width: Self.thickness, height: plot.height)
    let labelX = bar.maxX + Self.tick + Theme.gap
    if let missingLabel {
      let box = Rect(x: bar.x, y: bar.maxY - Self.swatch, width: Self.thickness, height: Self.swatch)
      canvas.fill(box, .missing)
      canvas.frame(box, Theme.frame)
      canvas.text(missingLabel, at: Point(labelX, box.centre.y), .left, Theme.tickLabel)
      bar.height -= Self.swatch + 6
    }
    switch key {
    case .swatches(let values): drawSwatches(values, bar, labelX, canvas)
    case .gradient(let ticks, let range, let below, let above):
      try drawGradient(ticks, range, bar, labelX, (below, above), canvas)
    case .nothing: break
    }
    label.drawUpwards(on: canvas, left: Point(labelX + labelsWidth + Theme.gap, plot.y + plot.height / 2))
  }

  private func drawSwatches(_ values: [Double], _ bar: Rect, _ labelX: Double, _ canvas: Canvas) {
    let step = min(22, bar.height / Double(values.count))
    let side = min(Self.swatch + 3, step)
    for (i, value) in values.reversed().enumerated() {
      let box = Rect(x: bar.x, y: bar.y + Double(i) * step, width: Self.thickness, height: side)
      canvas.fill(box, Colour(hex: colours.packed(value)))
      canvas.frame(box, Theme.frame)
      canvas.text(
        NumberLabel.short(value, digits: 4), at: Point(labelX, box.centre.y), .left, Theme.tickLabel)
    }
  }

  private func drawGradient(
    _ ticks: Ticks, _ range: ClosedRange<Double>, _ bar: Rect, _ labelX: Double, _ beyond: (below: Bool, above: Bool),
    _ canvas: Canvas
  ) throws {
    // Arrowheads stand for values beyond the ends, as in most plotting programs.
    var body = bar
    if beyond.above {
      body.y += Self.swatch
      body.height -= Self.swatch
      let base = [Point(body.x, body.y), Point(body.x + body.width / 2, bar.y), Point(body.maxX, body.y)]
      canvas.polygon(base, fill: Colour(hex: colours.packed(range.upperBound)), outline: Theme.frame)
    }
    if beyond.below {
      body.height -= Self.swatch
      let base = [Point(body.x, body.maxY), Point(body.x + body.width / 2, bar.maxY), Point(body.maxX, body.maxY)]
      canvas.polygon(base, fill: Colour(hex: colours.packed(range.lowerBound)), outline: Theme.frame)
    }
    let width = range.upperBound - range.lowerBound
    try canvas.image(body) { columns, rows in
      (0..<rows).flatMap { row in
        let fraction = 1 - (Double(row) + 0.5) / Double(rows)
        return [UInt32](repeating: colours.packed(range.lowerBound + fraction * width), count: columns)
      }
    }
    canvas.frame(body, Theme.frame)
    for mark in ticks.major {
      let y = body.maxY - range.fraction(of: mark.value) * body.height
      canvas.crispLine(Point(body.maxX, y), Point(body.maxX + Self.tick, y), Theme.frame)
      canvas.text(mark.label, at: Point(labelX, y), .left, Theme.tickLabel)
    }
    if let factor = ticks.factorLabel {
      let place = Point(bar.x, bar.y - Theme.gap)
      canvas.text(factor, at: place, TextAnchor(horizontal: .left, vertical: .bottom), Theme.tickLabel)
    }
  }
}

/// From the values of a heat map to screen colours.
struct ColourLookup {
  private let map: ColourMap
  private let range: ClosedRange<Double>?

  init(_ heatMap: HeatMap) {
    map = heatMap.colours.map
    range = heatMap.range
  }

  func packed(_ value: Double) -> UInt32 {
    guard let range, value.isFinite else { return Colour.missing.packed }
    // A single number has no range; it takes the colour in the middle.
    guard range.lowerBound < range.upperBound else { return map.packed(at: 0.5) }
    return map.packed(at: range.fraction(of: value))
  }
}
