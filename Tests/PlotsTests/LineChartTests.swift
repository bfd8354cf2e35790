import Foundation
import Plots
import Tensors
import Testing

@Suite struct LineChartTests {
  private func drawn(_ chart: LineChart) throws -> (picture: Picture, geometry: FigureGeometry) {
    let (png, geometry) = try Figure(panels: [[.lineChart(chart)]]).drawn()
    return (Picture(png: png), geometry)
  }

  /// Where a point of a chart belongs, computed from its axes alone.
  private func place(_ x: Double, _ y: Double, _ chart: LineChart, _ plot: Rect) throws -> Point {
    let mappings = try #require(chart.mappings)
    return Point(
      plot.x + (try #require(mappings.x.fraction(of: x))) * plot.width,
      plot.maxY - (try #require(mappings.y.fraction(of: y))) * plot.height)
  }

  @Test func aPointIsDrawnWhereItsCoordinatesSay() throws {
    let chart = LineChart(
      x: Axis("x", range: 0...4), y: Axis("y", scale: .logarithmic, range: 1e-4...1),
      series: [Series(nil, x: [1], y: [1e-1], style: .markers(0))])
    let (picture, geometry) = try drawn(chart)
    let plot = geometry.plots[0]
    let at = Point(plot.x + plot.width / 4, plot.y + plot.height / 4)
    #expect(picture[at] == Palette.colour(0).packed)
    for (dx, dy) in [(6.0, 5.0), (-6, 5), (6, -5), (-6, -5)] {
      #expect(picture[Point(at.x + dx, at.y + dy)] != Palette.colour(0).packed)
    }
  }

  @Test func aLineRunsStraightBetweenItsPoints() throws {
    var chart = LineChart(
      x: Axis("x", range: 0...1), y: Axis("y", range: 0...1),
      series: [Series(nil, x: [0, 1], y: [0, 1], style: SeriesStyle(Palette.colour(1), line: LineStyle(width: 3)))])
    chart.size = PlotSize(width: 200, height: 200)
    let (picture, geometry) = try drawn(chart)
    let plot = geometry.plots[0]
    for f in [0.13, 0.37, 0.5, 0.9] {
      #expect(picture[Point(plot.x + f * 200, plot.maxY - f * 200)] == Palette.colour(1).packed)
      #expect(picture[Point(plot.x + f * 200, plot.y + f * 200 + (f == 0.5 ? 20 : 0))] != Palette.colour(1).packed)
    }
  }

  @Test func pointsWithoutAPlaceInterruptTheLineAndAreCounted() throws {
    let chart = LineChart(
      x: Axis("x"), y: Axis("y", scale: .logarithmic),
      series: [
        Series(nil, x: [1, 2, 3, 4, 5], y: [1, 0, -2, .nan, 1], style: SeriesStyle(.ink, line: LineStyle(width: 4)))
      ])
    let (picture, geometry) = try drawn(chart)
    let texts = geometry.texts.map(\.text).joined(separator: " ")
    #expect(texts.contains("2 points ≤ 0 are not on the log scale"))
    #expect(texts.contains("1 point is not finite"))
    let between = try place(3.2, 1, chart, geometry.plots[0])
    #expect(picture[between] != Colour.ink.packed)
  }

  @Test func pointsBeyondGivenAxesAreCounted() throws {
    let chart = LineChart(
      x: Axis("x", range: 0...2), y: Axis("y"), series: [Series(nil, x: [1, 2, 3], y: [1, 2, 3], style: .markers(0))])
    #expect(try drawn(chart).geometry.texts.contains { $0.text.contains("1 point lies beyond the axes") })
  }

  @Test func aChartWithoutDataSaysSo() throws {
    let empty = LineChart(x: Axis("x"), y: Axis("y"), series: [])
    #expect(try drawn(empty).geometry.texts.map(\.text) == ["no data"])
    let hopeless = LineChart(
      x: Axis("x"), y: Axis("y", scale: .logarithmic), series: [Series("a", x: [1], y: [0], style: .line(0))])
    #expect(try drawn(hopeless).geometry.texts.map(\.text) == ["no data"])
  }

  /// Three of four corners are taken; and a case in which all are.
  @Test(arguments: [false, true]) func theLegendCoversNoData(_ full: Bool) throws {
    let x = (0...60).map { Double($0) / 60 }
    var series = [
      Series("falling", x: x, y: x.map { 1 - 0.95 * $0 }, style: .line(0)),
      Series("rising at the end", x: x, y: x.map { pow($0, 6) }, style: .line(1)),
    ]
    if full {
      series.append(Series("everywhere", x: x, y: x.map { 0.5 + 0.5 * sin(60 * $0) }, style: .lineWithMarkers(2)))
    }
    let chart = LineChart(x: Axis("x"), y: Axis("y"), series: series)
    let geometry = try drawn(chart).geometry
    let plot = geometry.plots[0]
    for label in series.compactMap(\.label) {
      let text = try #require(geometry.texts.first { $0.text == label })
      // The sample of the line stands to the left of its name.
      let entry = Rect(x: text.box.x - 27, y: text.box.y, width: text.box.width + 27, height: text.box.height)
      #expect(plot.contains(entry) == !full)
      for curve in series {
        let points = try zip(curve.x, curve.y).map { try place($0, $1, chart, plot) }
        for (a, b) in zip(points, points.dropFirst()) { #expect(entry.overlap(Segment(start: a, end: b)) == 0) }
      }
    }
  }

  @Test func theLabelOfAReferenceLineStandsAtItsHeight() throws {
    let chart = LineChart(
      x: Axis("x"), y: Axis("y", scale: .logarithmic),
      series: [Series("a", x: [0, 1], y: [1, 1e-6], style: .line(0))],
      references: [ReferenceLine("tolerance", at: 1e-3), ReferenceLine("impossible", at: -1)])
    let geometry = try drawn(chart).geometry
    let label = try #require(geometry.texts.first { $0.text == "tolerance" })
    let height = try place(0, 1e-3, chart, geometry.plots[0]).y
    #expect(abs(label.box.maxY - height) < 8)
    #expect(geometry.texts.contains { $0.text.contains("impossible (−1) has no place on the axis") })
  }

  @Test func labelsOfCrowdedPointsKeepClearOfEachOtherAndOfTheMarkers() throws {
    let stream = RandomStream(seed: 11, purpose: .test)
    let requests = (0..<14).map { i in
      let (u, v) = (stream.normal(at: UInt64(2 * i)), stream.normal(at: UInt64(2 * i + 1)))
      return LabelPlacer.Request(
        point: Point(150 + 60 * u, 120 + 40 * v), radius: 4, size: PlotSize(width: 70, height: 10))
    }
    var obstacles = Obstacles()
    obstacles.rects = requests.map { Rect(x: $0.point.x - 4, y: $0.point.y - 4, width: 8, height: 8) }
    let bounds = Rect(x: 0, y: 0, width: 420, height: 300)
    let places = LabelPlacer(bounds: bounds, obstacles: obstacles).places(for: requests)
    let rects = try places.map { try #require($0).rect }
    for (i, rect) in rects.enumerated() {
      #expect(bounds.contains(rect) && obstacles.coveredArea(rect) == 0)
      #expect(rects[..<i].allSatisfy { $0.overlap(rect) == 0 })
    }
  }

  @Test func aLabelWithoutRoomIsLeftOutAndCounted() throws {
    let long = String(repeating: "wide ", count: 30)
    var chart = LineChart(
      x: Axis("x"), y: Axis("y"), series: [Series(nil, x: [0], y: [0], style: .markers(0), pointLabels: [long])])
    chart.size = PlotSize(width: 150, height: 100)
    #expect(try drawn(chart).geometry.texts.contains { $0.text.contains("1 label left out") })
  }

  @Test func overlapOfSegmentsWithRectanglesIsTheirLengthInside() {
    let rect = Rect(x: 0, y: 0, width: 4, height: 3)
    #expect(rect.overlap(Segment(start: Point(-4, -3), end: Point(8, 6))) == 5)
    #expect(rect.overlap(Segment(start: Point(1, 1), end: Point(1, 10))) == 2)
    #expect(rect.overlap(Segment(start: Point(5, 0), end: Point(5, 3))) == 0)
  }
}
