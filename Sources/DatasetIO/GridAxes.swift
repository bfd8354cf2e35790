/// How the points of an axis lie on its interval.
public enum GridKind: String, Sendable, CaseIterable {
  /// Points on both edges: `lower + i·(upper − lower)/(count − 1)`; cells at the edges are half as wide.
  case vertex
  /// Points from the left edge on, the right one not stored because it is the left one: `lower + i·(upper − lower)/count`.
  case periodic
  /// Points in the middle of `count` equal cells.
  case centred
}

/// Equally spaced points on an interval.
public struct GridAxis: Sendable, Equatable {
  /// The number of points.
  public var count: Int
  /// Where the domain begins.
  public var lower: Double
  /// Where the domain ends.
  public var upper: Double
  /// How the points lie on it.
  public var kind: GridKind

  /// - Precondition: `lower < upper`; at least one point, two on a vertex grid.
  public init(count: Int, from lower: Double = 0, to upper: Double = 1, kind: GridKind) {
    precondition(lower < upper, "an axis needs a positive length, found \(lower) to \(upper)")
    precondition(count >= (kind == .vertex ? 2 : 1), "\(count) points do not make a \(kind.rawValue) axis")
    self.count = count
    self.lower = lower
    self.upper = upper
    self.kind = kind
  }

  /// The distance of neighbouring points.
  public var spacing: Double { (upper - lower) / Double(kind == .vertex ? count - 1 : count) }

  /// Where the points are.
  public var coordinates: [Double] {
    let offset = kind == .centred ? 0.5 : 0
    let intervals = Double(kind == .vertex ? count - 1 : count)
    // One rounding a point, and the last vertex exactly on the edge.
    return (0..<count).map { lower + (upper - lower) * ((Double($0) + offset) / intervals) }
  }

  /// The cell around each point, its two ends in turn (`count`·2 numbers); together they cover one domain length.
  public var bounds: [Double] {
    let h = spacing
    let points = coordinates
    return points.flatMap { point -> [Double] in
      let low = point - h / 2
      let high = point + h / 2
      return kind == .vertex ? [max(low, lower), min(high, upper)] : [low, high]
    }
  }
}

/// The two axes of a field, y before x as they are stored.
public struct GridAxes: Sendable, Equatable {
  /// The slow axis: rows.
  public var y: GridAxis
  /// The fast axis: points within a row.
  public var x: GridAxis

  /// A rectangle.
  public init(y: GridAxis, x: GridAxis) {
    self.y = y
    self.x = x
  }

  /// The same axis in both directions.
  public init(square axis: GridAxis) { self.init(y: axis, x: axis) }
}
