/// A velocity in the plane.
public struct Velocity: Hashable, Sendable {
  /// Along x.
  public var u: Double
  /// Along y.
  public var v: Double

  /// Both components.
  public init(u: Double, v: Double) {
    self.u = u
    self.v = v
  }

  /// No motion.
  public static let zero = Velocity(u: 0, v: 0)

  /// Component by component.
  public static func + (left: Velocity, right: Velocity) -> Velocity {
    Velocity(u: left.u + right.u, v: left.v + right.v)
  }

  /// Component by component.
  public static func - (left: Velocity, right: Velocity) -> Velocity {
    Velocity(u: left.u - right.u, v: left.v - right.v)
  }

  /// `√(u² + v²)`.
  public var speed: Double { (u * u + v * v).squareRoot() }

  /// Whether both components are numbers.
  public var isFinite: Bool { u.isFinite && v.isFinite }
}
