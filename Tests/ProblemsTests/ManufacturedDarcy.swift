import Foundation
import Problems
import Solvers
import Tensors

/// A smooth solution of `−∇·(a∇u) + σu = f` with everything that it implies, by hand.
struct ManufacturedDarcy: Sendable {
  /// a and its derivatives.
  let a, ax, ay: @Sendable (Double, Double) -> Double
  /// u and its derivatives.
  let u, ux, uy, laplacian: @Sendable (Double, Double) -> Double

  func source(_ reaction: Double) -> @Sendable (Double, Double) -> Double {
    { -(ax($0, $1) * ux($0, $1) + ay($0, $1) * uy($0, $1) + a($0, $1) * laplacian($0, $1)) + reaction * u($0, $1) }
  }

  /// Neither periodic nor symmetric.
  static let bounded = ManufacturedDarcy(
    a: { 1 + $0 / 2 + sin($1) / 3 }, ax: { _, _ in 0.5 }, ay: { cos($1) / 3 },
    u: { sin(3 * $0 + 0.4) * cos(2 * $1 + 0.2) + $0 * $0 },
    ux: { 3 * cos(3 * $0 + 0.4) * cos(2 * $1 + 0.2) + 2 * $0 }, uy: { -2 * sin(3 * $0 + 0.4) * sin(2 * $1 + 0.2) },
    laplacian: { -13 * sin(3 * $0 + 0.4) * cos(2 * $1 + 0.2) + 2 })

  /// Of period 1 along both axes, with mean zero.
  static let periodic: ManufacturedDarcy = {
    let k = 2 * Double.pi
    return ManufacturedDarcy(
      a: { 1 + 0.4 * sin(k * $0) * cos(k * $1) }, ax: { 0.4 * k * cos(k * $0) * cos(k * $1) },
      ay: { -0.4 * k * sin(k * $0) * sin(k * $1) }, u: { sin(k * $0 + 0.3) * cos(k * $1 + 0.5) },
      ux: { k * cos(k * $0 + 0.3) * cos(k * $1 + 0.5) }, uy: { -k * sin(k * $0 + 0.3) * sin(k * $1 + 0.5) },
      laplacian: { -2 * k * k * sin(k * $0 + 0.3) * cos(k * $1 + 0.5) })
  }()

  /// Of period 1 along x only.
  static let channel: ManufacturedDarcy = {
    let k = 2 * Double.pi
    return ManufacturedDarcy(
      a: { 1 + 0.4 * sin(k * $0) + $1 / 3 }, ax: { x, _ in 0.4 * k * cos(k * x) }, ay: { _, _ in 1.0 / 3 },
      u: { sin(k * $0 + 0.3) * exp($1) }, ux: { k * cos(k * $0 + 0.3) * exp($1) }, uy: { sin(k * $0 + 0.3) * exp($1) },
      laplacian: { (1 - k * k) * sin(k * $0 + 0.3) * exp($1) })
  }()

  /// A kind of condition whose data follow from the solution.
  enum Kind: Sendable { case dirichlet, neumann, robin, periodic }

  /// The data on a side for a condition of a kind: `point` gives (x, y) of vertex k, `outward` the normal.
  private func condition(
    _ kind: Kind, _ vertices: Int, _ outward: (Double, Double), _ point: (Int) -> (Double, Double)
  ) -> BoundaryCondition {
    let coefficient = 1.5
    func values(_ f: (Double, Double) -> Double) -> BoundaryValues {
      .vertices((0..<vertices).map { f(point($0).0, point($0).1) })
    }
    func flux(_ x: Double, _ y: Double) -> Double { a(x, y) * (outward.0 * ux(x, y) + outward.1 * uy(x, y)) }
    switch kind {
    case .dirichlet: return .dirichlet(values(u))
    case .neumann: return .neumann(values(flux))
    case .robin: return .robin(coefficient: coefficient, value: values { flux($0, $1) + coefficient * u($0, $1) })
    case .periodic: return .periodic
    }
  }

  /// The conditions of kinds (west, east, south, north) on a rectangle of `shape` = (ny, nx) vertices.
  func conditions(_ kinds: [Kind], _ shape: (Int, Int), on domain: Rectangle) -> BoundaryConditions {
    let hx = domain.width / Double(kinds[0] == .periodic ? shape.1 : shape.1 - 1)
    let hy = domain.height / Double(kinds[2] == .periodic ? shape.0 : shape.0 - 1)
    return BoundaryConditions(
      west: condition(kinds[0], shape.0, (-1, 0)) { (0, Double($0) * hy) },
      east: condition(kinds[1], shape.0, (1, 0)) { (domain.width, Double($0) * hy) },
      south: condition(kinds[2], shape.1, (0, -1)) { (Double($0) * hx, 0) },
      north: condition(kinds[3], shape.1, (0, 1)) { (Double($0) * hx, domain.height) })
  }

  /// A function at the vertices, where a periodic axis leaves out its right end.
  static func field(
    _ f: (Double, Double) -> Double, _ kinds: [Kind], _ shape: (Int, Int), on domain: Rectangle
  ) -> Tensor<Double> {
    let hx = domain.width / Double(kinds[0] == .periodic ? shape.1 : shape.1 - 1)
    let hy = domain.height / Double(kinds[2] == .periodic ? shape.0 : shape.0 - 1)
    return Tensor(shape: [shape.0, shape.1]) { out in
      for i in 0..<shape.0 { for j in 0..<shape.1 { out[i * shape.1 + j] = f(Double(j) * hx, Double(i) * hy) } }
    }
  }

  /// The problem on a grid.
  func flow(
    _ kinds: [Kind], _ shape: (Int, Int), on domain: Rectangle = .unitSquare, reaction: Double = 0,
    faceMean: FaceMean = .harmonic
  ) throws -> DarcyFlow {
    try DarcyFlow(
      permeability: Self.field(a, kinds, shape, on: domain),
      source: Self.field(source(reaction), kinds, shape, on: domain),
      setting: DarcyFlow.Setting(
        domain: domain, boundary: conditions(kinds, shape, on: domain), reaction: reaction, faceMean: faceMean))
  }
}
