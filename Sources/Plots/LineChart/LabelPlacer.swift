import Foundation

/// Finds places for labels beside the points they name, so that no label lies on a marker or another label.
///
/// Each label tries places on rings around its point and takes the cheapest; crossing lines and distance cost, touching
/// markers, labels or the rim is forbidden. Sweeps are repeated, so that early labels make way for late ones. A label for
/// which nothing is left gets no place. The result depends on the input alone.
package struct LabelPlacer {
  package struct Request {
    package var point: Point
    package var radius: Double
    package var size: PlotSize

    package init(point: Point, radius: Double, size: PlotSize) {
      self.point = point
      self.radius = radius
      self.size = size
    }
  }

  package struct Placement: Equatable {
    package var rect: Rect
    /// A thin line from the point, when the label is too far to be read as its neighbour.
    package var leader: Segment?
  }

  private static let gaps = [1.5, 6, 13, 22, 34, 50, 70, 95, 125]
  private static let directions = 16
  private static let sweeps = 4
  /// Beyond this gap a leader is drawn.
  private static let neighbour = 7.0
  /// A point of length of crossed line costs as much as so many points of distance.
  private static let crossingCost = 1.5
  private static let leaderHitCost = 60.0
  /// A label that lies nearer to another labelled point than to its own is misread.
  private static let misreadCost = 40.0
  private static let padding = 1.5

  private let bounds: Rect
  private let obstacles: Obstacles

  package init(bounds: Rect, obstacles: Obstacles) {
    self.bounds = bounds
    self.obstacles = obstacles
  }

  /// A place for each label, nil where there is none.
  package func places(for requests: [Request]) -> [Placement?] {
    var places = [Placement?](repeating: nil, count: requests.count)
    for _ in 0..<Self.sweeps {
      let before = places
      for i in requests.indices {
        let others = requests.indices.filter { $0 != i }
        places[i] = best(
          requests[i], beside: others.compactMap { places[$0] }, among: others.map { requests[$0].point })
      }
      if places == before { break }
    }
    return places
  }

  private func best(_ request: Request, beside others: [Placement], among points: [Point]) -> Placement? {
    var cheapest: (cost: Double, placement: Placement)?
    for (ring, gap) in Self.gaps.enumerated() {
      if let cheapest, cheapest.cost < gap { break }
      for direction in 0..<Self.directions {
        let placement = candidate(request, gap: gap, direction: direction)
        guard let crossing = cost(placement, beside: others) else { continue }
        let own = placement.rect.distance(to: request.point)
        let misread =
          placement.leader == nil
          && points.contains { placement.rect.distance(to: $0) < 1.5 * own + Self.neighbour - 1 }
        // The last term prefers, all else equal, the right side, as readers do.
        let cost =
          gap + crossing + (misread ? Self.misreadCost : 0) + (direction == 0 ? 0 : 0.6) + Double(ring) * 0.1
        if cost < cheapest?.cost ?? .infinity { cheapest = (cost, placement) }
      }
    }
    return cheapest?.placement
  }

  private func candidate(_ request: Request, gap: Double, direction: Int) -> Placement {
    let angle = 2 * Double.pi * Double(direction) / Double(Self.directions)
    let (dx, dy) = (cos(angle), -sin(angle))
    let largest = max(abs(dx), abs(dy))
    let reach = request.radius + gap
    let centre = Point(
      request.point.x + dx * reach + dx / largest * request.size.width / 2,
      request.point.y + dy * reach + dy / largest * request.size.height / 2)
    let rect = Rect(
      x: centre.x - request.size.width / 2, y: centre.y - request.size.height / 2, width: request.size.width,
      height: request.size.height)
    guard gap > Self.neighbour else { return Placement(rect: rect, leader: nil) }
    let end = Point(
      min(max(request.point.x, rect.x), rect.maxX), min(max(request.point.y, rect.y + 2), rect.maxY - 2))
    let length =
      ((end.x - request.point.x) * (end.x - request.point.x) + (end.y - request.point.y) * (end.y - request.point.y))
      .squareRoot()
    let start = Point(
      request.point.x + (end.x - request.point.x) / length * (request.radius + 1),
      request.point.y + (end.y - request.point.y) / length * (request.radius + 1))
    return Placement(rect: rect, leader: Segment(start: start, end: end))
  }

  /// What a place costs; nil when it is forbidden.
  private func cost(_ placement: Placement, beside others: [Placement]) -> Double? {
    let rect = placement.rect.expanded(by: Self.padding)
    guard bounds.contains(rect), obstacles.coveredArea(rect) == 0,
      !others.contains(where: { $0.rect.overlap(rect) > 0 })
    else { return nil }
    var cost = Self.crossingCost * obstacles.crossedLength(rect)
    for other in others {
      if let leader = other.leader, rect.overlap(leader) > 0 { cost += Self.leaderHitCost }
      if let leader = placement.leader, other.rect.overlap(leader) > 0 { cost += Self.leaderHitCost }
    }
    if let leader = placement.leader {
      cost += Self.leaderHitCost * Double(obstacles.rects.count { $0.overlap(leader) > 0 })
    }
    return cost
  }
}
