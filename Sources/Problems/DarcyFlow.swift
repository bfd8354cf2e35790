public import Solvers
public import Tensors

/// Steady flow through a porous medium, `−∇·(a ∇u) = f` on a rectangle, as data and residual.
///
/// Second-order conservative finite volumes on a grid whose vertices include the boundary. Permeability a and source f
/// are given at the vertices, axes (y, x), y growing with the row; the face between two vertices has a mean of their
/// permeabilities. For an inner vertex, per unit of area,
///
///     Σ_{four faces} a_face (uᵢⱼ − u_neighbour) / h² = fᵢⱼ,
///
/// with h the spacing across the face. Values given on the boundary are moved to the right-hand side, so that the unknowns
/// are the inner vertices.
public struct DarcyFlow: Sendable {
  /// What of the continuous problem is not a field, and how it becomes discrete.
  public struct Setting: Hashable, Sendable {
    /// The domain.
    public var domain: Rectangle
    /// The conditions on its sides.
    public var boundary: BoundaryConditions
    /// The mean on faces.
    public var faceMean: FaceMean

    /// The unit square with `u = 0` around it and harmonic means, unless told otherwise.
    public init(
      domain: Rectangle = .unitSquare, boundary: BoundaryConditions = .zeroDirichlet, faceMean: FaceMean = .harmonic
    ) {
      self.domain = domain
      self.boundary = boundary
      self.faceMean = faceMean
    }
  }

  /// a at the vertices, [ny, nx].
  public let permeability: Tensor<Double>
  /// Domain, conditions and discretisation.
  public let setting: Setting
  /// The operator on the inner vertices, per unit of area.
  public let stencil: FivePointOperator
  /// f plus what the boundary values contribute, at the inner vertices, [ny − 2, nx − 2].
  public let rightHandSide: Tensor<Double>

  /// - Parameters:
  ///   - permeability: a at the vertices, [ny, nx], at least 3 × 3.
  ///   - source: f at the vertices, of the same shape; its boundary values are not used.
  ///   - setting: domain, conditions and discretisation.
  ///   - sample: the sample that error messages name.
  /// - Throws: ``DarcyError`` for a grid that is too small, a permeability that is not positive and finite, a source that
  ///   is not finite.
  public init(
    permeability: Tensor<Double>, source: Tensor<Double>, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    precondition(source.shape == permeability.shape, "source \(source.shape), permeability \(permeability.shape)")
    try Self.check(permeability, sample)
    if let bad = source.firstVertex(where: { !$0.isFinite }) {
      throw .source(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
    self.init(checked: permeability, innerSource: source.innerVertices(), setting)
  }

  /// The problem with the same finite source everywhere.
  public init(
    permeability: Tensor<Double>, source: Double = 1, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    precondition(source.isFinite, "a source must be finite, found \(source)")
    try Self.check(permeability, sample)
    let inner = permeability.shape.map { $0 - 2 }
    self.init(checked: permeability, innerSource: Tensor(shape: inner, repeating: source), setting)
  }

  private init(checked permeability: Tensor<Double>, innerSource: Tensor<Double>, _ setting: Setting) {
    self.permeability = permeability
    self.setting = setting
    stencil = Self.stencil(permeability, setting)
    rightHandSide = Self.rightHandSide(innerSource, permeability, setting)
  }

  private static func check(_ permeability: Tensor<Double>, _ sample: Int?) throws(DarcyError) {
    precondition(permeability.shape.count == 2, "a permeability has axes (y, x), found shape \(permeability.shape)")
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    guard rows >= 3 && columns >= 3 else { throw .gridTooSmall(rows: rows, columns: columns) }
    if let bad = permeability.firstVertex(where: { !($0 > 0 && $0 < .infinity) }) {
      throw .permeability(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
  }

  /// `b − A u` at the inner vertices for `u` on all vertices, [ny − 2, nx − 2], in units of f.
  ///
  /// What `u` has on the boundary is not used: the conditions hold there.
  public func residual(of u: Tensor<Double>) -> Tensor<Double> {
    precondition(u.shape == permeability.shape, "a field \(u.shape) on a grid of \(permeability.shape) vertices")
    return stencil.residual(of: u.innerVertices(), rightHandSide: rightHandSide)
  }

  /// `‖b − A u‖₂ / ‖b‖₂`, or the residual's norm itself when b is 0.
  public func relativeResidual(of u: Tensor<Double>) -> Double {
    let (residual, reference) = (residual(of: u).norm, rightHandSide.norm)
    return reference > 0 ? residual / reference : residual
  }
}
