public import Tensors

/// A flow in a rectangle as a function of the point: a polynomial stream function and the flows of its corners.
///
/// `u = ∂ψ/∂y`, `v = −∂ψ/∂x`, `ω = ∂v/∂x − ∂u/∂y = −∆ψ`; ψ is 0 at (0, 0). Every value is the expansion's own, not an
/// interpolation. In a corner where the wall velocity jumps, the velocity is that of the vertical wall, and the vorticity,
/// which is infinite there, that of the polynomial alone.
public struct BoundedFlowField: Sendable {
  /// The domain.
  public let domain: Rectangle
  private let polynomials: LegendrePolynomials
  /// Legendre coefficients, [N + 1, N + 1], axes (y, x).
  private let coefficients: Tensor<Double>
  private let corners: [CornerFlow]

  init(_ equations: BoundedFlowDiscretization, point: Tensor<Double>) {
    domain = equations.flow.domain
    polynomials = LegendrePolynomials(degree: equations.degree)
    corners = equations.lift.corners
    var coefficients = equations.legendreCoefficients(of: point)
    let origin = corners.reduce(0) { $0 + $1.jet(x: 0, y: 0).value }
    coefficients[0, 0] -= origin
    self.coefficients = coefficients
  }

  /// ψ.
  public func streamFunction(x: Double, y: Double) -> Double { jet(x: x, y: y).value }

  /// (u, v).
  public func velocity(x: Double, y: Double) -> Velocity { jet(x: x, y: y).velocity }

  /// ω.
  public func vorticity(x: Double, y: Double) -> Double { jet(x: x, y: y).vorticity }

  /// All fields on a grid of vertices, [rows, columns] each, the first row at y = 0.
  public func sampled(rows: Int, columns: Int) -> BoundedFlowSamples {
    precondition(rows >= 2 && columns >= 2, "a grid has at least 2 × 2 vertices, found \(columns) × \(rows)")
    let xs = (0..<columns).map { domain.width * (Double($0) / Double(columns - 1)) }
    let ys = (0..<rows).map { domain.height * (Double($0) / Double(rows - 1)) }
    let (byX, byY) = (basis(xs, extent: domain.width), basis(ys, extent: domain.height))
    func polynomial(_ p: Int, _ q: Int) -> Tensor<Double> {
      byY[p].matrixProduct(coefficients).matrixProduct(byX[q], .rightTransposed)
    }
    var psi = polynomial(0, 0)
    var u = polynomial(1, 0)
    var v = polynomial(0, 1).scaled(by: -1)
    var vorticity = (polynomial(0, 2) + polynomial(2, 0)).scaled(by: -1)
    for (i, y) in ys.enumerated() where !corners.isEmpty {
      for (j, x) in xs.enumerated() {
        let jet = corners.reduce(StreamFunctionJet()) { $0 + $1.jet(x: x, y: y) }
        psi[i, j] += jet.value
        u[i, j] += jet.velocity.u
        v[i, j] += jet.velocity.v
        vorticity[i, j] += jet.vorticity
      }
    }
    return BoundedFlowSamples(streamFunction: psi, u: u, v: v, vorticity: vorticity)
  }

  func jet(x: Double, y: Double) -> StreamFunctionJet {
    let byX = basis([x], extent: domain.width)
    let byY = basis([y], extent: domain.height)
    func polynomial(_ p: Int, _ q: Int) -> Double {
      byY[p].matrixProduct(coefficients).matrixProduct(byX[q], .rightTransposed).scalar
    }
    let smooth = StreamFunctionJet(
      value: polynomial(0, 0), x: polynomial(0, 1), y: polynomial(1, 0), xx: polynomial(0, 2), xy: polynomial(1, 1),
      yy: polynomial(2, 0))
    return corners.reduce(smooth) { $0 + $1.jet(x: x, y: y) }
  }

  /// Derivatives 0, 1, 2 of the Legendre polynomials at points of [0, extent], [points, N + 1] each.
  private func basis(_ points: [Double], extent: Double) -> [Tensor<Double>] {
    let jets = points.map { polynomials.values(at: 2 * ($0 / extent) - 1, order: 2) }
    return (0...2).map { k in
      let scale = (0..<k).reduce(1.0) { product, _ in product * 2 / extent }
      return Tensor(
        shape: [points.count, polynomials.degree + 1], elements: jets.flatMap { $0[k].map { scale * $0 } })
    }
  }

  /// See ``BoundedFlowStatistics/wallError``.
  func wallError(of flow: BoundedFlow, speed: Double) -> Double {
    guard speed > 0 else { return 0 }
    let count = 2 * polynomials.degree
    var worst = 0.0
    for side in RectangleSide.allCases {
      for k in 0..<count {
        let fraction = (Double(k) + 0.5) / Double(count)
        let point = side.point(at: fraction, of: domain)
        let wanted = flow.walls[side](fraction * side.length(in: domain))
        worst = max(worst, (velocity(x: point.x, y: point.y) - wanted).speed)
      }
    }
    return worst / speed
  }
}

/// The fields of a flow at the vertices of a uniform grid that includes the boundary, [ny, nx] each.
public struct BoundedFlowSamples: Sendable {
  /// ψ.
  public let streamFunction: Tensor<Double>
  /// The velocity along x.
  public let u: Tensor<Double>
  /// The velocity along y.
  public let v: Tensor<Double>
  /// ω.
  public let vorticity: Tensor<Double>
}
