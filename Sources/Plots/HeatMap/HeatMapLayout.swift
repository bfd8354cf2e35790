/// A heat map with the places of its parts.
struct HeatMapLayout: PanelLayout {
  let insets: Insets
  let plot: Rect
  private let map: HeatMap
  private let title: TextBlock
  private let titleLift: Double
  private let x: AxisLayout
  private let y: AxisLayout
  private let bar: ColourBar?

  /// - Parameter room: the space for the plot itself, which keeps its aspect and is centred in it.
  init(_ map: HeatMap, room: PlotSize, on canvas: Canvas) {
    self.map = map
    let width = min(room.width, room.height * map.domain.aspect)
    let height = width / map.domain.aspect
    plot = Rect(x: (room.width - width) / 2, y: (room.height - height) / 2, width: width, height: height)
    title = canvas.block(map.title, width: width, Theme.panelTitle)
    x = AxisLayout(
      AxisMapping(scale: .linear, range: map.domain.x), label: map.domain.xLabel, edge: .bottom, length: width,
      labelled: map.labelled.contains(.x), on: canvas)
    y = AxisLayout(
      AxisMapping(scale: .linear, range: map.domain.y), label: map.domain.yLabel, edge: .left, length: height,
      labelled: map.labelled.contains(.y), on: canvas)
    bar = map.barLabel == nil ? nil : ColourBar(map, height: height, on: canvas)
    let around = x.insets.union(y.insets).union(bar?.insets ?? Insets())
    titleLift = max(y.insets.top, Theme.gap + 1)
    let top = max(around.top, title.isEmpty ? 0 : titleLift + title.height)
    insets = Insets(
      left: max(0, around.left - plot.x), right: max(0, around.right - (room.width - plot.maxX)),
      top: max(0, top - plot.y), bottom: max(0, around.bottom - (room.height - plot.maxY)))
  }

  func draw(on canvas: Canvas) throws {
    title.draw(
      on: canvas, top: Point(plot.x + plot.width / 2, plot.y - titleLift - title.height), aligned: .centre)
    if map.grid.isEmpty {
      canvas.fill(plot, Colour(hex: 0xF4F5F6))
      canvas.text("no data", at: plot.centre, .centre, Theme.message)
    } else {
      let colours = ColourLookup(map)
      try canvas.image(plot) { columns, rows in
        map.grid.resampled(columns: columns, rows: rows, map.domain.placement).map(colours.packed)
      }
      if map.grid.missing == map.grid.values.count {
        canvas.text("no finite values", at: plot.centre, .centre, Theme.message, halo: true)
      }
    }
    canvas.frame(plot, Theme.frame)
    x.draw(around: plot, on: canvas)
    y.draw(around: plot, on: canvas)
    if !map.grid.isEmpty { try bar?.draw(beside: plot, on: canvas) }
  }
}
