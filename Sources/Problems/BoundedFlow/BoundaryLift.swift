import Tensors

/// A stream function that has the prescribed boundary velocities and nothing to do with the equation otherwise.
///
/// The sum of the ``CornerFlow`` of every corner where the velocity jumps and a polynomial of degree N in each direction. The
/// polynomial interpolates what is left of the wall velocities, which is smooth, at N Gauss–Lobatto points a side, and
/// continues it inwards by cubic Hermite blending (Gordon & Hall 1973): first from south and north, then what is still
/// missing from west and east.
struct BoundaryLift: Sendable {
  /// The singular part.
  let corners: [CornerFlow]
  /// Legendre coefficients of the polynomial, [N + 1, N + 1], axes (y, x).
  let coefficients: Tensor<Double>
  /// The largest prescribed speed found.
  let speed: Double

  /// Sampling errors leave a net flux far below this; what is below is spread evenly over the walls.
  private static let fluxTolerance = 1e-4

  init(_ flow: BoundedFlow, degree: Int) throws(BoundedFlowError) {
    let along = LegendrePolynomials(degree: degree - 1)
    let fractions = along.lobattoPoints().map { ($0 + 1) / 2 }
    let domain = flow.domain
    var samples: [RectangleSide: [Velocity]] = [:]
    for side in RectangleSide.allCases {
      let (velocity, length) = (flow.walls[side], side.length(in: domain))
      samples[side] = fractions.map { velocity($0 * length) }
      if let bad = samples[side]?.firstIndex(where: { !$0.isFinite }) {
        throw .wallVelocity(side: side, position: fractions[bad] * length)
      }
    }
    speed = samples.values.joined().map(\.speed).max() ?? 0

    var corners: [CornerFlow] = []
    for (horizontal, y, signY) in [(RectangleSide.south, 0.0, 1.0), (.north, domain.height, -1.0)] {
      for (vertical, x, signX) in [(RectangleSide.west, 0.0, 1.0), (.east, domain.width, -1.0)] {
        guard let below = vertical == .west ? samples[horizontal]?.first : samples[horizontal]?.last,
          let beside = horizontal == .south ? samples[vertical]?.first : samples[vertical]?.last
        else { continue }
        guard below != beside else { continue }
        corners.append(CornerFlow(x: x, y: y, signX: signX, signY: signY, jump: below - beside))
      }
    }
    self.corners = corners

    var sides: [RectangleSide: SmoothSide] = [:]
    for side in RectangleSide.allCases {
      let rest = zip(fractions, samples[side] ?? []).map { fraction, velocity in
        corners.reduce(velocity) { $0 - $1.velocity(on: side, at: fraction, of: domain) }
      }
      sides[side] = SmoothSide(
        u: along.coefficients(ofLobattoValues: rest.map(\.u)), v: along.coefficients(ofLobattoValues: rest.map(\.v)))
    }
    guard var south = sides[.south], var north = sides[.north], var west = sides[.west], var east = sides[.east] else {
      preconditionFailure("all four sides have been sampled")
    }
    let (width, height) = (domain.width, domain.height)
    let flux = height * (east.u[0] - west.u[0]) + width * (north.v[0] - south.v[0])
    let excess = flux / (2 * (width + height))
    guard abs(excess) <= Self.fluxTolerance * speed else { throw .netFlux(relative: excess / speed) }
    east.u[0] -= excess
    west.u[0] += excess
    north.v[0] -= excess
    south.v[0] += excess
    coefficients = Self.blend(south: south, north: north, west: west, east: east, domain, degree)
  }

  private static func blend(
    south: SmoothSide, north: SmoothSide, west: SmoothSide, east: SmoothSide, _ domain: Rectangle, _ degree: Int
  ) -> Tensor<Double> {
    let (halfWidth, halfHeight) = (domain.width / 2, domain.height / 2)
    func integrated(_ coefficients: [Double], times factor: Double, from start: Double = 0) -> [Double] {
      var result = LegendrePolynomials.integral(of: coefficients).map { factor * $0 }
      result[0] += start
      return result
    }
    func padded(_ coefficients: [Double], times factor: Double) -> [Double] { coefficients.map { factor * $0 } + [0] }
    // ψ along the sides from u = ∂ψ/∂y and v = −∂ψ/∂x; every Legendre polynomial is 1 at the end of a side.
    let southValue = integrated(south.v, times: -halfWidth)
    let westValue = integrated(west.u, times: halfHeight)
    let northValue = integrated(north.v, times: -halfWidth, from: westValue.reduce(0, +))
    let eastValue = integrated(east.u, times: halfHeight, from: southValue.reduce(0, +))
    // Values and slopes along the reference coordinate, in the order of the Hermite cubics.
    let horizontal = [
      southValue, padded(south.u, times: halfHeight), northValue, padded(north.u, times: halfHeight),
    ]
    let vertical = [westValue, padded(west.v, times: -halfWidth), eastValue, padded(east.v, times: -halfWidth)]

    let polynomials = LegendrePolynomials(degree: degree)
    let cubics = polynomials.hermiteCubics()
    let functionals = polynomials.values(at: -1, order: 1) + polynomials.values(at: 1, order: 1)
    let size = degree + 1
    var rows = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
    for (cubic, side) in zip(cubics, horizontal) {
      for i in 0..<size { for j in 0..<size { rows[i][j] += cubic[i] * side[j] } }
    }
    let missing = zip(functionals, vertical).map { functional, side in
      (0..<size).map { i in side[i] - zip(rows[i], functional).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    for (cubic, side) in zip(cubics, missing) {
      for i in 0..<size { for j in 0..<size { rows[i][j] += side[i] * cubic[j] } }
    }
    return Tensor(shape: [size, size], elements: Array(rows.joined()))
  }

  /// Legendre coefficients of the velocity along a side, the corner flows taken off.
  private struct SmoothSide {
    var u: [Double]
    var v: [Double]
  }
}

extension RectangleSide {
  var isHorizontal: Bool { self == .south || self == .north }

  func length(in domain: Rectangle) -> Double { isHorizontal ? domain.width : domain.height }

  /// The point at a fraction of the side.
  func point(at fraction: Double, of domain: Rectangle) -> (x: Double, y: Double) {
    switch self {
    case .south: (fraction * domain.width, 0)
    case .north: (fraction * domain.width, domain.height)
    case .west: (0, fraction * domain.height)
    case .east: (domain.width, fraction * domain.height)
    }
  }
}

extension CornerFlow {
  /// The velocity on a side; exact and the same up to the corner on the two sides that meet in it.
  fileprivate func velocity(on side: RectangleSide, at fraction: Double, of domain: Rectangle) -> Velocity {
    switch side {
    case .south where signY > 0, .north where signY < 0: return jump
    case .west where signX > 0, .east where signX < 0: return .zero
    default:
      let point = side.point(at: fraction, of: domain)
      return jet(x: point.x, y: point.y).velocity
    }
  }
}
