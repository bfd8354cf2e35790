/// A side of a rectangle.
public enum RectangleSide: String, Hashable, Sendable, CaseIterable {
  /// y = 0.
  case south
  /// y = height.
  case north
  /// x = 0.
  case west
  /// x = width.
  case east
}

/// Why no bounded flow can be computed from the given data.
public enum BoundedFlowError: Error, Equatable {
  /// A viscosity that is not a positive number.
  case viscosity(Double)
  /// A Reynolds number that is not a positive number.
  case reynoldsNumber(Double)
  /// A wall velocity that is infinite or NaN.
  case wallVelocity(side: RectangleSide, position: Double)
  /// More fluid is prescribed to leave than to enter, relative to speed × circumference.
  case netFlux(relative: Double)
  /// A polynomial degree for which there is no room or no memory.
  case degree(Int)
}

extension BoundedFlowError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .viscosity(let value):
      "the viscosity is \(value), expected a finite number above 0; correct it"
    case .reynoldsNumber(let value):
      "the Reynolds number is \(value), expected a finite number above 0; correct it"
    case .wallVelocity(let side, let position):
      "the velocity on the \(side.rawValue) side at position \(position) is not finite, expected two numbers; correct it there"
    case .netFlux(let relative):
      "the walls let out \(relative) of speed × circumference more than they let in, expected 0 for an incompressible "
        + "fluid; balance inflow and outflow"
    case .degree(let degree):
      "the polynomial degree is \(degree), expected \(BoundedFlowSolver.degrees.lowerBound) to "
        + "\(BoundedFlowSolver.degrees.upperBound); choose one in that range"
    }
  }
}
