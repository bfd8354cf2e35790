/// A place in points (1/72 inch), x to the right, y downwards.
package struct Point: Sendable, Equatable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A width and a height in points.
public struct PlotSize: Sendable, Equatable {
  /// Points from left to right.
  public var width: Double
  /// Points from top to bottom.
  public var height: Double

  /// A size in points (1/72 inch).
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

/// Room needed around a plot for ticks, labels, titles and legends, in points.
package struct Insets: Sendable, Equatable {
  package var left = 0.0
  package var right = 0.0
  package var top = 0.0
  package var bottom = 0.0

  /// The larger of both on every side.
  func union(_ other: Insets) -> Insets {
    Insets(
      left: max(left, other.left), right: max(right, other.right), top: max(top, other.top),
      bottom: max(bottom, other.bottom))
  }
}

/// A straight line between two places.
package struct Segment: Sendable, Equatable {
  package var start: Point
  package var end: Point

  package init(start: Point, end: Point) {
    self.start = start
    self.end = end
  }
}

/// An upright rectangle in points.
package struct Rect: Sendable, Equatable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  package var maxX: Double { x + width }
  package var maxY: Double { y + height }
  package var centre: Point { Point(x + width / 2, y + height / 2) }

  package func expanded(by margin: Double) -> Rect {
    Rect(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  package func moved(by offset: Point) -> Rect { Rect(x: x + offset.x, y: y + offset.y, width: width, height: height) }

  package func contains(_ other: Rect) -> Bool {
    other.x >= x && other.y >= y && other.maxX <= maxX && other.maxY <= maxY
  }

  /// How far a place is from the nearest part of the rectangle, 0 inside.
  package func distance(to point: Point) -> Double {
    let (dx, dy) = (max(x - point.x, point.x - maxX, 0), max(y - point.y, point.y - maxY, 0))
    return (dx * dx + dy * dy).squareRoot()
  }

  /// The area both rectangles cover.
  package func overlap(_ other: Rect) -> Double {
    max(0, min(maxX, other.maxX) - max(x, other.x)) * max(0, min(maxY, other.maxY) - max(y, other.y))
  }

  /// The length of the part of a segment that lies inside (Liang & Barsky 1984, parametric clipping).
  package func overlap(_ segment: Segment) -> Double {
    let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
    var (enter, leave) = (0.0, 1.0)
    for (p, q) in [
      (-dx, segment.start.x - x), (dx, maxX - segment.start.x), (-dy, segment.start.y - y),
      (dy, maxY - segment.start.y),
    ] {
      if p == 0 {
        if q < 0 { return 0 }
      } else if p < 0 {
        enter = max(enter, q / p)
      } else {
        leave = min(leave, q / p)
      }
    }
    return enter < leave ? (leave - enter) * (dx * dx + dy * dy).squareRoot() : 0
  }
}
