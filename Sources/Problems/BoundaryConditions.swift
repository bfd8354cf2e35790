/// What is prescribed on one side of a rectangle.
public enum BoundaryCondition: Hashable, Sendable {
  /// `u` has this value.
  case dirichlet(Double)
}

/// A condition for each side of a rectangle; where two Dirichlet sides meet, the corner belongs to west or east.
public struct BoundaryConditions: Hashable, Sendable {
  /// x = 0.
  public var west: BoundaryCondition
  /// x = width.
  public var east: BoundaryCondition
  /// y = 0, the first row of an array.
  public var south: BoundaryCondition
  /// y = height, the last row of an array.
  public var north: BoundaryCondition

  /// One condition a side.
  public init(west: BoundaryCondition, east: BoundaryCondition, south: BoundaryCondition, north: BoundaryCondition) {
    self.west = west
    self.east = east
    self.south = south
    self.north = north
  }

  /// The same condition on every side.
  public init(everywhere condition: BoundaryCondition) {
    self.init(west: condition, east: condition, south: condition, north: condition)
  }

  /// `u = 0` on every side.
  public static let zeroDirichlet = BoundaryConditions(everywhere: .dirichlet(0))
}
