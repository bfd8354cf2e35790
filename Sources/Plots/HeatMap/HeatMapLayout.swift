/// A heat map with the places of its parts.
struct HeatMapLayout: PanelLayout {
  let insets: Insets
  let plot: Rect
  let heading: TextBlock
  private let map: HeatMap
  private let x: AxisLayout
  private let y: AxisLayout
  private let bar: ColourBar?

  /// - Parameter room: the space for the plot itself, which keeps its aspect and stands at the top of it.
  init(_ map: HeatMap, room: PlotSize, on canvas: Canvas) {
    self.map = map
    let width = min(room.width, room.height * map.domain.aspect)
    let height = width / map.domain.aspect
    plot = Rect(x: (room.width - width) / 2, y: 0, width: width, height: height)
    heading = canvas.block(map.title, width: width, Theme.panelTitle)
    x = AxisLayout(
      AxisMapping(scale: .linear, range: map.domain.x), label: map.domain.xLabel, edge: .bottom, length: width,
      labelled: map.labelled.contains(.x), on: canvas)
    y = AxisLayout(
      AxisMapping(scale: .linear, range: map.domain.y), label: map.domain.yLabel, edge: .left, length: height,
      labelled: map.labelled.contains(.y), on: canvas)
    bar = map.barLabel == nil ? nil : ColourBar(map, height: height, on: canvas)
    let around = x.insets.union(y.insets).union(bar?.insets ?? Insets())
    insets = Insets(
      left: max(0, around.left - plot.x), right: max(0, around.right - (room.width - plot.maxX)),
      top: around.top, bottom: max(0, around.bottom - (room.height - plot.maxY)))
  }

  func draw(on canvas: Canvas) throws {
    if map.grid.isEmpty {
      canvas.fill(plot, Theme.vacant)
      canvas.text("no data", at: plot.centre, .centre, Theme.message)
    } else {
      let colours = ColourLookup(map)
      try canvas.image(plot) { columns, rows in
        map.grid.resampled(columns: columns, rows: rows, map.domain.placement).map(colours.packed)
      }
      if map.grid.missing == map.grid.values.count {
        canvas.text("no finite values", at: plot.centre, .centre, TextStyle(size: 10, italic: true))
      }
    }
    canvas.frame(plot, Theme.frame)
    x.draw(around: plot, on: canvas)
    y.draw(around: plot, on: canvas)
    if !map.grid.isEmpty { try bar?.draw(beside: plot, on: canvas) }
  }
}
