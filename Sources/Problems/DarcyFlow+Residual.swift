public import Tensors

extension DarcyFlow {
  /// `b − A u` at the unknowns for `u` on all vertices, per unit of area of a whole control volume, in units of f.
  ///
  /// What `u` has where values are prescribed is not used: the conditions hold there.
  public func residual(of u: Tensor<Double>) -> Tensor<Double> {
    precondition(u.shape == permeability.shape, "a field \(u.shape) on a grid of \(permeability.shape) vertices")
    return stencil.residual(of: discretization.unknowns(of: u), rightHandSide: rightHandSide)
  }

  /// `‖b − A u‖₂ / ‖b‖₂`, or the residual's norm itself when b is 0.
  public func relativeResidual(of u: Tensor<Double>) -> Double {
    let (residual, reference) = (residual(of: u).norm, rightHandSide.norm)
    return reference > 0 ? residual / reference : residual
  }

  /// How far a field is from conserving mass: `|∫ f − ∫ σ u + Σ inflow|` over `∫ |f| + ∫ |σ u| + Σ |inflow|`.
  ///
  /// The fluxes through the sides are those of the scheme, `a_face (u_side − u)/h` where u is prescribed; the difference
  /// is zero for the solution of the discrete equations, up to rounding and the residual of the solve.
  public func fluxImbalance(of u: Tensor<Double>) -> Double {
    var (sum, size) = (0.0, 0.0)
    func add(_ term: Double) {
      sum += term
      size += abs(term)
    }
    func add(_ terms: Tensor<Double>, _ factor: Double = 1) {
      sum += factor * terms.sum()
      size += terms.withUnsafeBuffer { $0.reduce(0) { $0 + abs($1) } }
    }
    let source = discretization.weighted { row, column in
      switch self.source {
      case .constant(let value): value - removedSource
      case .field(let field): field[row, column] - removedSource
      }
    }
    add(source)
    if setting.reaction > 0 { add(discretization.weighted { setting.reaction * u[$0, $1] }, -1) }
    for side in DarcyDiscretization.Side.allCases where discretization.condition(side) != .periodic {
      let across = discretization.across(side)
      let vertex = side.isLower ? across.first : across.first + across.count - 1
      for k in 0..<discretization.along(side).count {
        let other = k + discretization.along(side).first
        let value = side.isAcrossX ? u[other, vertex] : u[vertex, other]
        add(discretization.inflow(side, at: k) - discretization.endConductance(side, at: k) * value)
      }
    }
    return size > 0 ? abs(sum) / size : 0
  }

  /// The field on all vertices that continues a solution at the unknowns; where nothing fixes a constant, its mean over
  /// the domain is zero.
  func extended(_ solution: Tensor<Double>) -> Tensor<Double> {
    guard discretization.isSingular else { return discretization.extended(solution) }
    let columns = solution.shape[1]
    let (first, weights) = (discretization.axes, discretization.weighted { _, _ in 1 })
    let mean = solution.withUnsafeBuffer { x in
      discretization.weighted { x[($0 - first.y.first) * columns + $1 - first.x.first] }.sum() / weights.sum()
    }
    return discretization.extended(solution.affine(scale: 1, shift: -mean))
  }
}

extension DarcyDiscretization {
  /// Whether a constant may be added to a solution.
  var isSingular: Bool { setting.reaction == 0 && boundary.leaveConstantsFree }

  /// What the trapezoidal rule may leave of compatible data, over the sum of the squared relative spacings: its error is
  /// `h²/12` times second derivatives, which for fields of a few waves in the domain are up to a hundred times their size.
  private static let quadrature = 8.0

  /// Takes from the source what keeps a singular problem from having a solution; returns how much.
  func makeCompatible(_ rightHandSide: inout Tensor<Double>, _ sample: Int?) throws(DarcyError) -> Double {
    guard isSingular else { return 0 }
    let (sum, size) = rightHandSide.withUnsafeBuffer { b in
      (b.reduce(0, +), b.reduce(0) { $0 + abs($1) })
    }
    guard size > 0 else { return 0 }
    let spacings = [axes.x.spacing / setting.domain.width, axes.y.spacing / setting.domain.height]
    let tolerance = Self.quadrature * spacings.reduce(0) { $0 + $1 * $1 }
    guard abs(sum) <= tolerance * size else {
      throw .incompatible(imbalance: abs(sum) / size, tolerance: tolerance, sample: sample)
    }
    let weights = weighted { _, _ in 1 }
    let excess = sum / weights.sum()
    rightHandSide.add(weights, scaledBy: -excess)
    return excess
  }
}
