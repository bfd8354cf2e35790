public import Solvers

/// Numbers along one side of a rectangle.
public enum BoundaryValues: Hashable, Sendable {
  /// The same everywhere on the side.
  case constant(Double)
  /// One a vertex of the side, both corners included, by ascending coordinate.
  case vertices([Double])

  /// The number at a vertex of the side.
  subscript(vertex: Int) -> Double {
    switch self {
    case .constant(let value): value
    case .vertices(let values): values[vertex]
    }
  }

  /// How many there are; nil when one stands for all.
  var count: Int? {
    guard case .vertices(let values) = self else { return nil }
    return values.count
  }

  /// The number that is not finite, if there is one.
  var broken: Double? {
    switch self {
    case .constant(let value): value.isFinite ? nil : value
    case .vertices(let values): values.first { !$0.isFinite }
    }
  }

  /// Those of every `step`-th vertex.
  func keepingEvery(_ step: Int) -> BoundaryValues {
    guard case .vertices(let values) = self else { return self }
    return .vertices(stride(from: 0, to: values.count, by: step).map { values[$0] })
  }
}

extension BoundaryValues: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The same number everywhere.
  public init(floatLiteral value: Double) { self = .constant(value) }
  /// The same number everywhere.
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

/// What is prescribed on one side of a rectangle; n is the outward normal, a the permeability.
public enum BoundaryCondition: Hashable, Sendable {
  /// `u` has these values.
  case dirichlet(BoundaryValues)
  /// `a ∂u/∂n` has these values: what flows in, for each unit of length.
  case neumann(BoundaryValues)
  /// `a ∂u/∂n + β u = g`: exchange with an environment, `coefficient` β ≥ 0, `value` g.
  case robin(coefficient: Double, value: BoundaryValues)
  /// Joined to the opposite side.
  case periodic

  /// The numbers on the side; nil where it is joined.
  var values: BoundaryValues? {
    switch self {
    case .dirichlet(let values), .neumann(let values), .robin(_, let values): values
    case .periodic: nil
    }
  }

  var isDirichlet: Bool {
    if case .dirichlet = self { return true }
    return false
  }

  /// Whether a constant does not satisfy the homogeneous condition.
  var fixesConstants: Bool {
    switch self {
    case .dirichlet: true
    case .robin(let coefficient, _): coefficient > 0
    case .neumann, .periodic: false
    }
  }

  func keepingEvery(_ step: Int) -> BoundaryCondition {
    switch self {
    case .dirichlet(let values): .dirichlet(values.keepingEvery(step))
    case .neumann(let values): .neumann(values.keepingEvery(step))
    case .robin(let coefficient, let values): .robin(coefficient: coefficient, value: values.keepingEvery(step))
    case .periodic: .periodic
    }
  }
}

/// A condition for each side of a rectangle; where two Dirichlet sides meet, the corner belongs to west or east.
public struct BoundaryConditions: Hashable, Sendable, Codable {
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

  /// Whether a constant may be added to a solution, where nothing but the conditions could forbid it.
  public var leaveConstantsFree: Bool { ![west, east, south, north].contains(where: \.fixesConstants) }

  /// The axes whose sides are joined.
  public var joined: Joined { [isPeriodicInX ? .x : .none, isPeriodicInY ? .y : .none] }
  /// Whether west and east are joined.
  public var isPeriodicInX: Bool { west == .periodic }
  /// Whether south and north are joined.
  public var isPeriodicInY: Bool { south == .periodic }

  /// The conditions on a grid of every `step`-th vertex.
  func keepingEvery(_ step: Int) -> BoundaryConditions {
    BoundaryConditions(
      west: west.keepingEvery(step), east: east.keepingEvery(step), south: south.keepingEvery(step),
      north: north.keepingEvery(step))
  }

  /// Checks the conditions against each other and a grid of `shape` = [ny, nx] vertices.
  func check(_ shape: [Int]) throws(DarcyError) {
    guard (west == .periodic) == (east == .periodic) else { throw .unpairedPeriodic("west and east") }
    guard (south == .periodic) == (north == .periodic) else { throw .unpairedPeriodic("south and north") }
    let sides = [
      ("west", west, shape[0]), ("east", east, shape[0]), ("south", south, shape[1]), ("north", north, shape[1]),
    ]
    for (name, condition, vertices) in sides {
      if let count = condition.values?.count, count != vertices {
        throw .boundaryCount(side: name, found: count, expected: vertices)
      }
      if let value = condition.values?.broken { throw .boundaryValue(side: name, value: value) }
      if case .robin(let coefficient, _) = condition, !(coefficient >= 0 && coefficient.isFinite) {
        throw .robinCoefficient(side: name, value: coefficient)
      }
    }
  }
}
