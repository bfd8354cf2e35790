public import Solvers
public import Tensors

/// Steady incompressible flow on a square torus as data, residual and linearisation, in vorticity form:
///
///     u·∇ω = ν ∆ω + g,    u = ∂ψ/∂y,  v = −∂ψ/∂x,  −∆ψ = ω,
///
/// with `ω = ∂v/∂x − ∂u/∂y` and `g = ∂f_y/∂x − ∂f_x/∂y` for a body force f per unit of mass. Vorticity and forcing have zero
/// mean: the mean of a curl is zero, and the mean flow is taken to be zero, as a mean force would drive it without bound.
///
/// Pseudo-spectral on an n × n grid of [0, L)², x contiguous, with the modes that ``Dealiasing`` keeps. The unknowns are
/// vectors of ``TorusModes``, whose dot product is the L² inner product over L²; the residual is that of the kept modes,
///
///     F(ω) = ν ∆ω + g − P(u·∇ω),
///
/// which is `dω/dt` of the unsteady flow. Without aliasing the discrete convection conserves energy and enstrophy,
/// `⟨u·∇ω, ψ⟩ = ⟨u·∇ω, ω⟩ = 0`, as the continuous one does. A residual or a product with the Jacobian takes four transforms.
public struct SteadyNavierStokes: NonlinearSystem, Sendable {
  /// ν.
  public let viscosity: Double
  /// The kept modes.
  public let modes: TorusModes
  /// g as a vector.
  public let forcing: Tensor<Double>
  /// The root mean square of g.
  public let referenceNorm: Double
  private let convection: Convection
  /// k².
  private let squares: Tensor<Double>

  /// The problem with the curl of its force given on the grid, [n, n].
  ///
  /// - Throws: ``NavierStokesError`` for a viscosity that is not positive, a forcing that is not finite or not on a square
  ///   grid, a grid that is too small.
  public init(
    forcing: Tensor<Double>, viscosity: Double, extent: Double = 2 * .pi, dealiasing: Dealiasing = .twoThirds,
    sample: Int? = nil
  ) throws(NavierStokesError) {
    guard forcing.shape.count == 2, forcing.shape[0] == forcing.shape[1] else { throw .shape(forcing.shape) }
    let n = forcing.shape[0]
    guard dealiasing.largestWavenumber(points: n) >= 1, n >= 4 else { throw .gridTooSmall(points: n) }
    try Self.check(forcing, sample)
    let convection = Convection(TorusModes(grid: n, extent: extent, dealiasing: dealiasing))
    try self.init(forcing: convection.transform.vector(of: forcing), viscosity: viscosity, convection)
  }

  /// The problem with the two components of its force given on the grid, [n, n] each; their means are not used.
  ///
  /// - Throws: ``NavierStokesError`` as for the curl.
  public init(
    force: (x: Tensor<Double>, y: Tensor<Double>), viscosity: Double, extent: Double = 2 * .pi,
    dealiasing: Dealiasing = .twoThirds, sample: Int? = nil
  ) throws(NavierStokesError) {
    guard force.x.shape.count == 2, force.x.shape[0] == force.x.shape[1], force.x.shape == force.y.shape else {
      throw .shape(force.x.shape)
    }
    let n = force.x.shape[0]
    guard dealiasing.largestWavenumber(points: n) >= 1, n >= 4 else { throw .gridTooSmall(points: n) }
    try Self.check(force.x, sample)
    try Self.check(force.y, sample)
    let modes = TorusModes(grid: n, extent: extent, dealiasing: dealiasing)
    let convection = Convection(modes)
    let (x, y) = (convection.transform.vector(of: force.x), convection.transform.vector(of: force.y))
    try self.init(forcing: modes.curl(x, y), viscosity: viscosity, convection)
  }

  /// The problem with the curl of its force given as a vector of `modes`.
  ///
  /// - Throws: ``NavierStokesError`` for a viscosity that is not positive or a forcing that is not finite.
  public init(modes: TorusModes, forcing: Tensor<Double>, viscosity: Double) throws(NavierStokesError) {
    try self.init(forcing: forcing, viscosity: viscosity, Convection(modes))
  }

  private init(forcing: Tensor<Double>, viscosity: Double, _ convection: Convection) throws(NavierStokesError) {
    guard viscosity > 0 && viscosity < .infinity else { throw .viscosity(viscosity) }
    let modes = convection.transform.modes
    precondition(forcing.shape == modes.shape, "a forcing \(forcing.shape) in modes \(modes.shape)")
    guard forcing.isFinite else { throw .forcing(value: .nan, row: 0, column: 0, sample: nil) }
    self.init(viscosity: viscosity, forcing: forcing, convection: convection)
  }

  private init(viscosity: Double, forcing: Tensor<Double>, convection: Convection) {
    self.viscosity = viscosity
    self.forcing = forcing
    self.convection = convection
    modes = convection.transform.modes
    referenceNorm = forcing.norm
    squares = modes.plane { kx, ky in kx * kx + ky * ky }
  }

  private static func check(_ field: Tensor<Double>, _ sample: Int?) throws(NavierStokesError) {
    if let bad = field.firstVertex(where: { !$0.isFinite }) {
      throw .forcing(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
  }

  /// The same flow with another viscosity.
  func with(viscosity: Double) -> SteadyNavierStokes {
    SteadyNavierStokes(viscosity: viscosity, forcing: forcing, convection: convection)
  }

  /// The same flow with another forcing, a vector.
  func with(forcing: Tensor<Double>) -> SteadyNavierStokes {
    SteadyNavierStokes(viscosity: viscosity, forcing: forcing, convection: convection)
  }

  /// The same problem on another grid of the same torus; a coarser one does not see the short waves of the forcing.
  public func resampled(to grid: Int) -> SteadyNavierStokes {
    guard grid != modes.grid else { return self }
    let other = TorusModes(grid: grid, extent: modes.extent, dealiasing: modes.dealiasing)
    return SteadyNavierStokes(
      viscosity: viscosity, forcing: modes.moved(forcing, to: other), convection: Convection(other))
  }

  /// `F(ω)`, a vector.
  public func residual(at vorticity: Tensor<Double>) -> Tensor<Double> {
    var result = convection.convection(convection.velocity(of: vorticity))
    addDiffusion(of: vorticity, shift: 0, source: forcing, to: &result)
    return result
  }

  /// `u·∇ω`, a vector.
  public func convection(of vorticity: Tensor<Double>) -> Tensor<Double> {
    convection.convection(convection.velocity(of: vorticity))
  }

  /// `v ↦ ν ∆v − P(u·∇v + δu·∇ω) − σ v`, preconditioned by its exact inverse on the longest waves and by the inverse of
  /// `ν ∆ − σ` on the others.
  public func linearization(at vorticity: Tensor<Double>, shift: Double) -> LinearizedSystem {
    let velocity = convection.velocity(of: vorticity)
    let inverse = ViscousInverse(self, vorticity, shift: shift)
    return LinearizedSystem(
      product: { change in
        var result = convection.derivative(velocity, convection.velocity(of: change))
        addDiffusion(of: change, shift: shift, source: nil, to: &result)
        return result
      }, preconditioner: { inverse($0) })
  }

  /// The velocity on the grid, [n, n] each.
  public func velocity(of vorticity: Tensor<Double>) -> (u: Tensor<Double>, v: Tensor<Double>) {
    let both = convection.velocity(of: vorticity)
    let shape = [modes.grid, modes.grid]
    return both.withUnsafeBuffer { both in
      (
        Tensor(shape: shape, elements: Array(both.prefix(both.count / 2))),
        Tensor(shape: shape, elements: Array(both.suffix(both.count / 2)))
      )
    }
  }

  /// `‖u‖` as a root mean square over the torus.
  public func rootMeanSquareVelocity(of vorticity: Tensor<Double>) -> Double {
    let count = modes.band.count
    return vorticity.withUnsafeBuffer { omega in
      squares.withUnsafeBuffer { squares in
        (0..<count).reduce(0) { sum, i in
          guard squares[i] > 0 else { return sum }
          return sum + (omega[i] * omega[i] + omega[count + i] * omega[count + i]) / squares[i]
        }
      }
    }.squareRoot()
  }

  /// A field of the grid as a vector, without its mean and the modes that are not kept.
  public func vector(of field: Tensor<Double>) -> Tensor<Double> { convection.transform.vector(of: field) }

  /// A vector as a field on the grid, [n, n].
  public func field(of vector: Tensor<Double>) -> Tensor<Double> { convection.transform.field(of: vector) }

  /// The flow without convection, `−ν ∆ω = g`.
  public var stokesFlow: Tensor<Double> {
    var result = forcing
    result.withUnsafeMutableBuffer { out in
      squares.withUnsafeBuffer { squares in
        for i in 0..<out.count where squares[i % squares.count] > 0 {
          out[i] /= viscosity * squares[i % squares.count]
        }
      }
    }
    return result
  }

  /// `‖F(ω)‖ / ‖g‖`, or `‖F(ω)‖` when g is zero.
  public func relativeResidual(of vorticity: Tensor<Double>) -> Double {
    let norm = residual(at: vorticity).norm
    return referenceNorm > 0 ? norm / referenceNorm : norm
  }

  /// `result ← source − (ν k² + σ) change − result`.
  private func addDiffusion(
    of change: Tensor<Double>, shift: Double, source: Tensor<Double>?, to result: inout Tensor<Double>
  ) {
    let count = modes.band.count
    result.withUnsafeMutableBuffer { out in
      change.withUnsafeBuffer { change in
        squares.withUnsafeBuffer { squares in
          for plane in 0..<2 {
            let offset = plane * count
            for i in 0..<count {
              out[offset + i] = -out[offset + i] - (viscosity * squares[i] + shift) * change[offset + i]
            }
          }
        }
      }
    }
    if let source { result.add(source) }
  }
}
