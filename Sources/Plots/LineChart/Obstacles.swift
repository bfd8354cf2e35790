/// Drawn things that text should not lie on.
package struct Obstacles: Sendable {
  package var rects: [Rect] = []
  package var segments: [Segment] = []

  package init() {}

  package mutating func add(polyline points: [Point]) {
    segments += zip(points, points.dropFirst()).map { Segment(start: $0, end: $1) }
  }

  /// Whether a rectangle touches nothing.
  package func leavesFree(_ rect: Rect) -> Bool {
    !rects.contains { $0.overlap(rect) > 0 } && !segments.contains { rect.overlap($0) > 0 }
  }

  /// How much of the rectangle's area is shared with other rectangles.
  package func coveredArea(_ rect: Rect) -> Double { rects.reduce(0) { $0 + $1.overlap(rect) } }

  /// The length of lines that run through the rectangle.
  package func crossedLength(_ rect: Rect) -> Double { segments.reduce(0) { $0 + rect.overlap($1) } }
}
