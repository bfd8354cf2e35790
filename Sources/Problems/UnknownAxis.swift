/// The unknowns along one axis of a vertex grid: every vertex but those at an end where values are prescribed.
struct UnknownAxis: Hashable, Sendable {
  /// Stored vertices.
  let vertices: Int
  /// The distance of neighbours.
  let spacing: Double
  let isPeriodic: Bool
  /// Whether the vertex at the lower end is an unknown with half a control volume.
  let hasLowerEnd: Bool
  /// Whether that at the upper end is.
  let hasUpperEnd: Bool

  init(vertices: Int, length: Double, lower: BoundaryCondition, upper: BoundaryCondition) {
    self.vertices = vertices
    isPeriodic = lower == .periodic
    // A periodic axis does not store its right end.
    spacing = length / Double(isPeriodic ? vertices : vertices - 1)
    hasLowerEnd = !lower.isDirichlet && !isPeriodic
    hasUpperEnd = !upper.isDirichlet && !isPeriodic
  }

  /// The vertex of the first unknown.
  var first: Int { isPeriodic || hasLowerEnd ? 0 : 1 }
  /// Unknowns.
  var count: Int { (isPeriodic || hasUpperEnd ? vertices : vertices - 1) - first }
  /// The part of a whole control volume that belongs to unknown k.
  func weight(_ k: Int) -> Double { (k == 0 && hasLowerEnd) || (k == count - 1 && hasUpperEnd) ? 0.5 : 1 }
}
