/// A figure with the places of its parts, in points from its upper left corner.
struct FigureLayout {
  private static let margin = 16.0
  private static let columnGap = 20.0
  private static let rowGap = 16.0
  /// A title may make a figure of narrow panels this wide before it is broken.
  private static let leastContentWidth = 260.0

  let size: PlotSize
  private let panels: [(layout: any PanelLayout, origin: Point, headingTop: Double)]
  private let title: TextBlock
  private let subtitle: TextBlock
  private let footnote: TextBlock
  private let rowLabels: [(block: TextBlock, centre: Point)]

  /// The plots themselves, without what stands around them, row by row without blanks.
  var plots: [Rect] { panels.map { $0.layout.plot.moved(by: $0.origin) } }

  init(_ figure: Figure, on ruler: Canvas) {
    let columns = figure.panels.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      figure.panels.map { column < $0.count ? $0[column].plotSize.width : 0 }.max() ?? 0
    }
    let heights = figure.panels.map { $0.map(\.plotSize.height).max() ?? 0 }
    let layouts = zip(figure.panels, heights).map { row, height in
      zip(row, widths).map { $0.layout(room: PlotSize(width: $1, height: height), on: ruler) }
    }
    let columnInsets = (0..<columns).map { column in
      layouts.reduce(Insets()) { $0.union((column < $1.count ? $1[column]?.insets : nil) ?? Insets()) }
    }
    let rowInsets = layouts.map { $0.reduce(Insets()) { $0.union($1?.insets ?? Insets()) } }
    let headings = layouts.map { $0.map { $0?.heading.height ?? 0 }.max() ?? 0 }

    let labels = zip(figure.rowLabels, heights).map { ruler.block($0, width: max($1, 80), Theme.axisLabel) }
    let labelWidth = labels.map(\.height).max() ?? 0
    let left = Self.margin + (labelWidth > 0 ? labelWidth + 8 : 0)
    let panelsWidth =
      zip(widths, columnInsets).reduce(0) { $0 + $1.0 + $1.1.left + $1.1.right }
      + Double(max(0, columns - 1)) * Self.columnGap
    let wanted = ruler.block(figure.title, width: .infinity, Theme.title).width
    let content = max(left - Self.margin + panelsWidth, min(wanted, Self.leastContentWidth))
    title = ruler.block(figure.title, width: content, Theme.title)
    subtitle = ruler.block(figure.subtitle, width: content, Theme.subtitle)
    footnote = ruler.block(figure.footnote, width: content, Theme.note)

    var y = Self.margin + title.height + (title.isEmpty || subtitle.isEmpty ? 0 : 3) + subtitle.height
    if !title.isEmpty || !subtitle.isEmpty { y += 12 }
    var placed: [(any PanelLayout, Point, Double)] = []
    var placedLabels: [(TextBlock, Point)] = []
    for (row, cells) in layouts.enumerated() {
      if row > 0 { y += Self.rowGap }
      // Headings end at one height, just above the highest thing around the plots.
      let headingEnd = y + headings[row]
      if headings[row] > 0 { y = headingEnd + Theme.gap + 1 }
      y += rowInsets[row].top
      if row < labels.count {
        placedLabels.append((labels[row], Point(Self.margin, y + heights[row] / 2)))
      }
      var x = left
      for (column, cell) in cells.enumerated() {
        x += columnInsets[column].left
        // Whole points, so that plots of one figure fall on pixels alike.
        if let cell { placed.append((cell, Point(x.rounded(), y.rounded()), headingEnd - cell.heading.height)) }
        x += widths[column] + columnInsets[column].right + Self.columnGap
      }
      y += heights[row] + rowInsets[row].bottom
    }
    panels = placed
    rowLabels = placedLabels
    if !footnote.isEmpty { y += 10 + footnote.height }
    size = PlotSize(width: (content + 2 * Self.margin).rounded(.up), height: (y + Self.margin).rounded(.up))
  }

  func draw(on canvas: Canvas) throws {
    title.draw(on: canvas, top: Point(Self.margin, Self.margin), aligned: .left)
    let below = Self.margin + title.height + (title.isEmpty ? 0 : 3)
    subtitle.draw(on: canvas, top: Point(Self.margin, below), aligned: .left)
    for (block, centre) in rowLabels { block.drawUpwards(on: canvas, left: centre) }
    for (panel, origin, headingTop) in panels {
      panel.heading.draw(on: canvas, top: Point(origin.x + panel.plot.centre.x, headingTop), aligned: .centre)
      try canvas.moved(to: origin) { try panel.draw(on: canvas) }
    }
    footnote.draw(
      on: canvas, top: Point(Self.margin, size.height - Self.margin - footnote.height), aligned: .left)
  }
}
