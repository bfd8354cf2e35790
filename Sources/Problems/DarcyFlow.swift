public import Solvers
public import Tensors

/// Steady flow through a porous medium, `−∇·(a ∇u) + σ u = f` on a rectangle, as data and residual.
///
/// Poisson's equation has a = 1, σ = 0; the screened one, or the Helmholtz equation with a definite sign, σ > 0.
///
/// Second-order conservative finite volumes on a grid whose vertices include the boundary; a periodic axis does not store
/// its right end. Permeability a and source f are given at the vertices, axes (y, x), y growing with the row; the face
/// between two vertices has a mean of their permeabilities. Each unknown has the cell around its vertex as control volume,
/// hx·hy inside and a half (at a corner a quarter) of it on a side where u is not prescribed. Its equation, divided by hx·hy,
///
///     Σ_faces a_face (w_face/h²) (u − u_neighbour) + w σ u = w f + Σ_sides (w_face/h) q,
///
/// has w and w_face, the parts of a whole cell and of a whole face, 1 inside and ½ on such sides; h is the spacing across
/// the face and q the flux through a side: the given one (Neumann), or `g − β u` (Robin). Values given on a side (Dirichlet)
/// are moved to the right-hand side. The operator is symmetric with positive conductances, whatever the conditions.
public struct DarcyFlow: Sendable {
  /// What of the continuous problem is not a field, and how it becomes discrete.
  public struct Setting: Hashable, Sendable {
    /// The domain.
    public var domain: Rectangle
    /// The conditions on its sides.
    public var boundary: BoundaryConditions
    /// σ ≥ 0.
    public var reaction: Double
    /// The mean on faces.
    public var faceMean: FaceMean

    /// The unit square with `u = 0` around it, no reaction and harmonic means, unless told otherwise.
    public init(
      domain: Rectangle = .unitSquare, boundary: BoundaryConditions = .zeroDirichlet, reaction: Double = 0,
      faceMean: FaceMean = .harmonic
    ) {
      self.domain = domain
      self.boundary = boundary
      self.reaction = reaction
      self.faceMean = faceMean
    }
  }

  /// f.
  public enum Source: Sendable {
    /// The same everywhere.
    case constant(Double)
    /// At the vertices, [ny, nx].
    case field(Tensor<Double>)
  }

  /// f, as it was given.
  public let source: Source
  /// The operator at the unknowns, per unit of area.
  public let stencil: FivePointOperator
  /// `w f` plus what the boundary contributes, at the unknowns.
  public let rightHandSide: Tensor<Double>
  /// What was taken from f so that source and fluxes add up to zero, where nothing fixes a constant; else 0.
  public let removedSource: Double
  let discretization: DarcyDiscretization

  /// a at the vertices, [ny, nx].
  public var permeability: Tensor<Double> { discretization.permeability }
  /// Domain, conditions and discretisation.
  public var setting: Setting { discretization.setting }

  /// - Parameters:
  ///   - permeability: a at the vertices, [ny, nx], at least 3 × 3.
  ///   - source: f.
  ///   - setting: domain, conditions and discretisation.
  ///   - sample: the sample that error messages name.
  /// - Throws: ``DarcyError`` for a grid that is too small, a permeability that is not positive and finite, a source that
  ///   is not finite, conditions that do not fit; and `incompatible` when nothing fixes a constant and source and fluxes
  ///   differ from zero by more, relative to their size, than a few squared spacings: what the quadrature of compatible
  ///   data leaves is of second order, and is taken from f.
  public init(
    permeability: Tensor<Double>, source: Source, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    try Self.check(permeability, setting, sample)
    if case .field(let field) = source {
      precondition(field.shape == permeability.shape, "source \(field.shape), permeability \(permeability.shape)")
      if let bad = field.firstVertex(where: { !$0.isFinite }) {
        throw .source(value: bad.value, row: bad.row, column: bad.column, sample: sample)
      }
    }
    let discretization = DarcyDiscretization(permeability, setting)
    var rightHandSide = discretization.rightHandSide(source)
    removedSource = try discretization.makeCompatible(&rightHandSide, sample)
    self.source = source
    self.discretization = discretization
    self.rightHandSide = rightHandSide
    stencil = discretization.stencil()
  }

  /// The problem with f given at the vertices.
  public init(
    permeability: Tensor<Double>, source: Tensor<Double>, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    try self.init(permeability: permeability, source: .field(source), setting: setting, sample: sample)
  }

  /// The problem with the same finite source everywhere.
  public init(
    permeability: Tensor<Double>, source: Double = 1, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    precondition(source.isFinite, "a source must be finite, found \(source)")
    try self.init(permeability: permeability, source: .constant(source), setting: setting, sample: sample)
  }

  /// The same problem seen on every second vertex, for error estimates; nil where an axis has an odd number of cells, or
  /// too few.
  public func coarsened(sample: Int? = nil) throws(DarcyError) -> DarcyFlow? {
    let axes = discretization.axes
    for axis in [axes.y, axes.x] {
      let cells = axis.isPeriodic ? axis.vertices : axis.vertices - 1
      guard cells % 2 == 0, cells >= (axis.isPeriodic ? 6 : 4) else { return nil }
    }
    var coarse = setting
    coarse.boundary = setting.boundary.keepingEvery(2)
    let source: Source =
      switch source {
      case .constant(let value): .constant(value)
      case .field(let field): .field(field.keepingEvery(2))
      }
    return try DarcyFlow(permeability: permeability.keepingEvery(2), source: source, setting: coarse, sample: sample)
  }

  private static func check(_ permeability: Tensor<Double>, _ setting: Setting, _ sample: Int?) throws(DarcyError) {
    precondition(permeability.shape.count == 2, "a permeability has axes (y, x), found shape \(permeability.shape)")
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    guard rows >= 3 && columns >= 3 else { throw .gridTooSmall(rows: rows, columns: columns) }
    try setting.boundary.check(permeability.shape)
    guard setting.reaction >= 0 && setting.reaction.isFinite else { throw .reaction(value: setting.reaction) }
    if let bad = permeability.firstVertex(where: { !($0 > 0 && $0 < .infinity) }) {
      throw .permeability(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
  }
}
