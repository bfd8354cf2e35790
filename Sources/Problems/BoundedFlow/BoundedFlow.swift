/// The velocity prescribed on the four sides of a rectangle, each a function of the coordinate along the side.
///
/// The two values at a corner may differ, as where a sliding lid meets a wall at rest. On one side the velocity must be smooth, and
/// where it is continuous at a corner, `∂u/∂x` along the horizontal side and `∂v/∂y` along the vertical one must add up to
/// zero there, as in any incompressible flow: the discretisation is only as accurate as these hold.
public struct WallVelocities: Sendable {
  /// y = 0, a function of x.
  public var south: @Sendable (Double) -> Velocity
  /// y = height, a function of x.
  public var north: @Sendable (Double) -> Velocity
  /// x = 0, a function of y.
  public var west: @Sendable (Double) -> Velocity
  /// x = width, a function of y.
  public var east: @Sendable (Double) -> Velocity

  /// One function a side; walls at rest unless told otherwise.
  public init(
    south: @escaping @Sendable (Double) -> Velocity = { _ in .zero },
    north: @escaping @Sendable (Double) -> Velocity = { _ in .zero },
    west: @escaping @Sendable (Double) -> Velocity = { _ in .zero },
    east: @escaping @Sendable (Double) -> Velocity = { _ in .zero }
  ) {
    self.south = south
    self.north = north
    self.west = west
    self.east = east
  }

  /// The values that a velocity field has on the sides of a domain.
  public init(of field: @escaping @Sendable (_ x: Double, _ y: Double) -> Velocity, on domain: Rectangle) {
    self.init(
      south: { field($0, 0) }, north: { field($0, domain.height) }, west: { field(0, $0) },
      east: { field(domain.width, $0) })
  }

  subscript(side: RectangleSide) -> @Sendable (Double) -> Velocity {
    switch side {
    case .south: south
    case .north: north
    case .west: west
    case .east: east
    }
  }
}

/// Steady incompressible flow in a rectangle with prescribed boundary velocities, as data.
///
///     (u·∇)u = −∇p + ν ∆u,  ∇·u = 0,
///
/// in the stream function: `u = ∂ψ/∂y`, `v = −∂ψ/∂x`, `ω = ∂v/∂x − ∂u/∂y = −∆ψ`, and so `u·∇ω = ν ∆ω`, which is
/// `ν ∆²ψ + ∇·(u ω) = 0` with ψ and its normal derivative given on the sides. ψ is 0 at the corner (0, 0). Units are the
/// caller's: ν has those of length × velocity. The residual is that of ``BoundedFlowDiscretization``.
public struct BoundedFlow: Sendable {
  /// The domain.
  public let domain: Rectangle
  /// ν.
  public let viscosity: Double
  /// What is prescribed on its sides.
  public let walls: WallVelocities

  /// - Throws: ``BoundedFlowError/viscosity(_:)``.
  public init(domain: Rectangle = .unitSquare, viscosity: Double, walls: WallVelocities) throws(BoundedFlowError) {
    guard viscosity > 0, viscosity.isFinite else { throw .viscosity(viscosity) }
    self.domain = domain
    self.viscosity = viscosity
    self.walls = walls
  }
}

/// The lid-driven cavity: the unit square, three walls at rest, the lid at y = 1 sliding along x.
///
/// Without units: the square's side and the lid's speed are 1, and `ν = 1/Re`. With the lid moving towards +x the primary vortex
/// turns clockwise: ψ, which is 0 on all walls, is negative in it (−0.11894 at Re 1000; Botella & Peyret 1998, Computers &
/// Fluids 27, 421, whose lid moves the other way).
public struct LidDrivenCavity: Hashable, Sendable {
  /// Which way the lid slides.
  public enum Lid: String, Hashable, Sendable, CaseIterable {
    /// Towards larger x.
    case towardsEast
    /// Towards smaller x, the mirror image.
    case towardsWest
  }

  /// Re = lid speed × side / ν.
  public let reynolds: Double
  /// Which way the lid slides.
  public let lid: Lid

  /// - Throws: ``BoundedFlowError/reynoldsNumber(_:)``.
  public init(reynolds: Double, lid: Lid = .towardsEast) throws(BoundedFlowError) {
    guard reynolds > 0, reynolds.isFinite, (1 / reynolds).isFinite, 1 / reynolds > 0 else {
      throw .reynoldsNumber(reynolds)
    }
    self.reynolds = reynolds
    self.lid = lid
  }

  /// The flow as a bounded flow.
  ///
  /// - Throws: nothing for a Reynolds number that ``init(reynolds:lid:)`` admitted.
  public func flow() throws(BoundedFlowError) -> BoundedFlow {
    let speed = lid == .towardsEast ? 1.0 : -1.0
    return try BoundedFlow(
      viscosity: 1 / reynolds, walls: WallVelocities(north: { _ in Velocity(u: speed, v: 0) }))
  }
}
