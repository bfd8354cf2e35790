public import Tensors

/// The discrete equations of a bounded flow: Galerkin's method with polynomials of degree N in each direction.
///
/// The stream function is `ψ = corner flows + lift + Σ c_{ab} φ_a(y) φ_b(x)` with the `CornerFlow` of each jump in the wall
/// velocity, a polynomial that meets the rest of the boundary values (`BoundaryLift`) and clamped polynomials φ
/// (`ClampedBasis`). Against every test function `χ = φ_d(y) φ_c(x)`,
///
///     R_{dc} = ν ∫ ∆ψ ∆χ + ∫ ∆ψ (∂ψ/∂y ∂χ/∂x − ∂ψ/∂x ∂χ/∂y),
///
/// the weak form of `ν ∆²ψ + ∇·(u ω) = 0`. The corner flows are biharmonic and clamped test functions do not see them in
/// the viscous term; the convective term is integrated by Gauss's rule of 3N/2 + 1 points a direction, exact but for the
/// corner flows. The velocity is a curl, so its divergence is zero up to rounding, and the convective term neither makes nor
/// takes kinetic energy (test with the homogeneous ψ).
///
/// What remains singular at a corner with a jump is ψ ~ r² there, a bounded vorticity, so errors fall algebraically, with
/// an order of about three for figures of the cavity; without jumps they fall exponentially. Unknowns: (N − 3)²; the Jacobian is dense.
public struct BoundedFlowDiscretization: Sendable {
  /// The problem.
  public let flow: BoundedFlow
  /// N.
  public let degree: Int
  /// The shape of the unknowns c, (N − 3, N − 3), axes (y, x).
  public var shape: [Int] { [basisY.count, basisX.count] }
  /// The largest prescribed speed.
  public let speed: Double

  let lift: BoundaryLift
  let basisX: ClampedBasis
  let basisY: ClampedBasis
  /// `∫ ∆lift ∆χ`.
  private let liftedViscous: Tensor<Double>
  /// ∂ψ/∂x, ∂ψ/∂y and ∆ψ of lift and corner flows at the quadrature points.
  let lifted: Gradients
  /// Of the quadrature, [y, x].
  private let weights: Tensor<Double>
  private let jacobianPlan: JacobianPlan

  /// Values at the quadrature points, [y, x].
  struct Gradients: Sendable {
    var x: Tensor<Double>
    var y: Tensor<Double>
    var laplacian: Tensor<Double>
  }

  /// - Throws: ``BoundedFlowError`` for a degree outside ``BoundedFlowSolver/degrees``, wall velocities that are not finite
  ///   or do not balance.
  public init(_ flow: BoundedFlow, degree: Int) throws(BoundedFlowError) {
    guard BoundedFlowSolver.degrees.contains(degree) else { throw .degree(degree) }
    self.flow = flow
    self.degree = degree
    lift = try BoundaryLift(flow, degree: degree)
    speed = lift.speed
    basisX = ClampedBasis(degree: degree, extent: flow.domain.width)
    basisY = ClampedBasis(degree: degree, extent: flow.domain.height)
    jacobianPlan = JacobianPlan(basisX: basisX, basisY: basisY)

    let (basisX, basisY, lift) = (basisX, basisY, lift)
    func polynomial(_ orderY: Int, _ orderX: Int) -> Tensor<Double> {
      basisY.legendre[orderY].matrixProduct(lift.coefficients).matrixProduct(basisX.legendre[orderX], .rightTransposed)
    }
    let laplacian = polynomial(0, 2) + polynomial(2, 0)
    weights = Tensor(
      shape: laplacian.shape, elements: basisY.weights.flatMap { y in basisX.weights.map { x in y * x } })
    let weighted = laplacian * weights
    liftedViscous = Self.tested(weighted, basisY, 2, basisX, 0) + Self.tested(weighted, basisY, 0, basisX, 2)

    let jets = basisY.points.flatMap { y in
      basisX.points.map { x in lift.corners.reduce(StreamFunctionJet()) { $0 + $1.jet(x: x, y: y) } }
    }
    func corners(_ value: (StreamFunctionJet) -> Double) -> Tensor<Double> {
      Tensor(shape: laplacian.shape, elements: jets.map(value))
    }
    lifted = Gradients(
      x: polynomial(0, 1) + corners(\.x), y: polynomial(1, 0) + corners(\.y),
      laplacian: laplacian + corners { -$0.vorticity })
  }

  /// R for the coefficients c, of shape ``shape``.
  public func residual(of c: Tensor<Double>, viscosity: Double) -> Tensor<Double> {
    let terms = terms(of: c, viscosity: viscosity)
    return terms.viscous + terms.lift + terms.convection
  }

  /// `‖R‖ / (‖viscous part of the unknowns‖ + ‖viscous part of the lift‖ + ‖convective part‖)`, Euclidean norms over the
  /// test functions; 0 when all vanish. Rounding leaves about 1e-15.
  public func relativeResidual(of c: Tensor<Double>, viscosity: Double) -> Double {
    let terms = terms(of: c, viscosity: viscosity)
    let scale = terms.viscous.norm + terms.lift.norm + terms.convection.norm
    let residual = (terms.viscous + terms.lift + terms.convection).norm
    return scale > 0 || !residual.isFinite ? residual / scale : residual
  }

  /// ∂R/∂c, [n, n] with n the number of unknowns; the exact derivative of ``residual(of:viscosity:)``.
  public func jacobian(at c: Tensor<Double>, viscosity: Double) -> Tensor<Double> {
    let field = gradients(of: c)
    return jacobianPlan.jacobian(
      Gradients(x: weighted(field.x), y: weighted(field.y), laplacian: weighted(field.laplacian)), viscosity: viscosity)
  }

  /// The coefficients of Stokes flow, `ν → ∞`; nil only if the wall velocities overflow.
  func stokes() -> Tensor<Double>? {
    let point = try? LUFactorization(jacobianPlan.jacobian(nil, viscosity: 1)).solve(liftedViscous.scaled(by: -1))
    return point.flatMap { $0.isFinite ? $0 : nil }
  }

  /// The Legendre coefficients of lift and unknowns together, [N + 1, N + 1].
  func legendreCoefficients(of c: Tensor<Double>) -> Tensor<Double> {
    lift.coefficients + basisY.coefficients.matrixProduct(c, .leftTransposed).matrixProduct(basisX.coefficients)
  }

  /// See ``BoundedFlowStatistics/unresolvedShare``.
  func unresolvedShare(of c: Tensor<Double>) -> Double {
    let (rows, columns) = (shape[0], shape[1])
    var low = c
    low.withUnsafeMutableBuffer { values in
      for i in 0..<rows {
        for j in 0..<columns where 4 * max(i, j) >= 3 * max(rows, columns) { values[i * columns + j] = 0 }
      }
    }
    let (all, kept) = (gradients(of: c), gradients(of: low))
    let (dx, dy) = (all.x - kept.x, all.y - kept.y)
    let energy = weighted(all.x).dot(all.x) + weighted(all.y).dot(all.y)
    let missing = weighted(dx).dot(dx) + weighted(dy).dot(dy)
    return energy > 0 ? (missing / energy).squareRoot() : 0
  }

  private func weighted(_ field: Tensor<Double>) -> Tensor<Double> { field * weights }

  private func terms(
    of c: Tensor<Double>, viscosity: Double
  ) -> (viscous: Tensor<Double>, lift: Tensor<Double>, convection: Tensor<Double>) {
    precondition(c.shape == shape, "coefficients \(c.shape) of a space of \(shape)")
    func product(_ orderY: Int, _ orderX: Int) -> Tensor<Double> {
      basisY.products[orderY].matrixProduct(c).matrixProduct(basisX.products[orderX])
    }
    var viscous = product(2, 0) + product(0, 2)
    viscous.add(product(1, 1), scaledBy: 2)
    let field = gradients(of: c)
    let laplacian = weighted(field.laplacian)
    let convection =
      Self.tested(laplacian * field.y, basisY, 0, basisX, 1) - Self.tested(laplacian * field.x, basisY, 1, basisX, 0)
    return (viscous.scaled(by: viscosity), liftedViscous.scaled(by: viscosity), convection)
  }
}
