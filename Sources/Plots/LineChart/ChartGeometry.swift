/// The data of a chart as places in its plot, and what of it has none.
struct ChartGeometry {
  /// One series in points.
  struct Trace {
    /// Pieces of the line, interrupted where a point has no place.
    var pieces: [[Point]]
    /// Places inside the plot that carry a marker or label, with their index in the series.
    var marks: [(index: Int, place: Point)]
  }

  /// One band in points, piece by piece as (upper, lower) pairs.
  typealias Area = [[(high: Point, low: Point)]]

  private(set) var traces: [Trace] = []
  private(set) var areas: [Area] = []
  private(set) var notPositive = 0
  private(set) var notFinite = 0
  private(set) var beyond = 0

  init(_ chart: LineChart, x: AxisMapping, y: AxisMapping, plot: Rect) {
    func place(_ u: Double, _ v: Double) -> Point? {
      guard let fx = x.fraction(of: u), let fy = y.fraction(of: v) else { return nil }
      return Point(plot.x + fx * plot.width, plot.maxY - fy * plot.height)
    }
    for series in chart.series {
      var trace = Trace(pieces: [[]], marks: [])
      for (i, (u, v)) in zip(series.x, series.y).enumerated() {
        guard let point = place(u, v) else {
          if u.isFinite && v.isFinite { notPositive += 1 } else { notFinite += 1 }
          if trace.pieces.last?.isEmpty == false { trace.pieces.append([]) }
          continue
        }
        trace.pieces[trace.pieces.count - 1].append(point)
        if plot.expanded(by: 1e-6).contains(Rect(x: point.x, y: point.y, width: 0, height: 0)) {
          trace.marks.append((i, point))
        } else {
          beyond += 1
        }
      }
      traces.append(trace)
    }
    for band in chart.bands {
      var area: Area = [[]]
      for (u, (low, high)) in zip(band.x, zip(band.low, band.high)) {
        if let lower = place(u, low), let upper = place(u, high) {
          area[area.count - 1].append((upper, lower))
        } else if area.last?.isEmpty == false {
          area.append([])
        }
      }
      areas.append(area)
    }
  }

  /// What was left out, in words; empty when nothing was.
  var notes: [String] {
    func note(_ count: Int, _ one: String, _ many: String) -> String? {
      count == 0 ? nil : count == 1 ? "1 " + one : "\(count) " + many
    }
    return [
      note(notPositive, "point ≤ 0 is not on the log scale", "points ≤ 0 are not on the log scale"),
      note(notFinite, "point is not finite", "points are not finite"),
      note(beyond, "point lies beyond the axes", "points lie beyond the axes"),
    ].compactMap { $0 }
  }

  /// What labels and the legend must not cover.
  func obstacles(_ chart: LineChart) -> Obstacles {
    var obstacles = Obstacles()
    for (trace, series) in zip(traces, chart.series) {
      if series.style.line != nil { trace.pieces.forEach { obstacles.add(polyline: $0) } }
      if let marker = series.style.marker {
        for mark in trace.marks { obstacles.rects.append(Rect(around: mark.place, side: marker.size)) }
      }
    }
    for area in areas {
      for piece in area {
        obstacles.add(polyline: piece.map(\.high))
        obstacles.add(polyline: piece.map(\.low))
        obstacles.segments += piece.map { Segment(start: $0.high, end: $0.low) }
      }
    }
    return obstacles
  }
}

extension Rect {
  init(around centre: Point, side: Double) {
    self.init(x: centre.x - side / 2, y: centre.y - side / 2, width: side, height: side)
  }
}
