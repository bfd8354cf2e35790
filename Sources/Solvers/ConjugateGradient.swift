public import Tensors

/// Conjugate gradients for symmetric positive definite five-point operators, preconditioned by multigrid.
///
/// Hestenes & Stiefel 1952, doi:10.6028/jres.049.044, on the reduced system (`ReducedSystem`) in double precision, with
/// one multigrid cycle (`Multigrid` or `AlgebraicMultigrid`) as the preconditioner. When the residual of the recurrence
/// meets the tolerance, `b − A x` is computed anew from the fluxes; if that does not meet it, the iteration solves for the
/// rest, and ends as `stagnated` when that no longer halves it: the residual of a solution rounded to double precision
/// cannot be smaller than about `ε ‖A‖ ‖x‖`. A rectangle one unknown wide is solved directly.
///
/// With ``Preconditioner/automatic`` a solve begins with the geometric cycle. Where the residual falls slowly, which shows
/// within two to six iterations, it goes on with the algebraic one from the solution so far. What decides is the
/// convergence itself, since no local measure of the coefficient tells the media apart: isolated cells of low conductance
/// are harmless in any number, a few thin channels of high conductance are not.
///
/// Joined axes are unrolled (`UnrolledAxis`), for about twice the time of open ones; a joined axis shorter than 8
/// unknowns is solved directly.
///
/// Limits: up to a contrast of 10⁶, wherever the coefficient jumps, a relative residual of 1e-8 takes at most 16 iterations
/// on 257² unknowns and 18 on 1025², those before the change included (7 or 8 at contrast 1). A solve that changes takes
/// ten to twenty times as long as one that does not need to. At 10⁶ and beyond the tolerance may be below what double
/// precision resolves.
///
/// Memory: 14 doubles an unknown of a large rectangle in a workspace beside operator, right-hand side and solution; 21
/// with ``Precision/double``; 14 to 18 more once an operator has asked for the algebraic cycle; see ``Workspace/byteCount``.
public struct ConjugateGradient: Hashable, Sendable {
  /// The arithmetic of the geometric preconditioner; the solution is always in double precision.
  public enum Precision: Hashable, Sendable {
    /// Single, unless the conductances differ by more than ``singleContrast`` an unknown's mean conductance to
    /// the value 0 is below ``singleAnchor``.
    case automatic
    /// Half the memory traffic of double precision.
    case single
    /// For conductances that differ by many orders of magnitude.
    case double
  }

  /// The cycle of multigrid that every iteration begins with.
  public enum Preconditioner: Hashable, Sendable {
    /// Geometric; algebraic from where on that is found to be slow.
    case automatic
    /// `Multigrid` on every second row and column, which suits coefficients that vary on the scale of several cells.
    case geometric
    /// `AlgebraicMultigrid` on points chosen by the couplings, which suits all coefficients; its set-up costs as much
    /// time as about 100 iterations with the geometric one.
    case algebraic
  }

  /// The ratio of conductances up to which rounding in single precision costs no iterations: at 10⁴ a 421² problem needs
  /// as many as in double precision, at 10⁵ half as many more.
  public static let singleContrast = 1e4
  /// The mean conductance of an unknown to the value 0, as a part of four times the largest conductance, down to which
  /// single precision serves, unless there is none: below, the rounding of the coarse operators, some 1e-7 of their
  /// diagonals, is no longer small beside their smallest eigenvalue.
  public static let singleAnchor = 1e-5
  /// The recurrence aims at this part of the tolerance, since the true residual is slightly larger.
  private static let margin = 0.9
  /// The reduction after which a singular system starts again from the true residual: rounding gives the residual a part
  /// that no solution has, some 1e-16 of its first norm, and what answers it grows without end once it dominates.
  private static let singularReduction = 1e-11
  /// The contrast below which the geometric preconditioner is not watched: it needs at most 12 iterations even where
  /// layers or random cells change at every cell by a factor of 10.
  private static let slowContrast = 20.0
  /// A correction that leaves more than this part of the true residual has reached what double precision resolves.
  private static let stagnation = 0.5

  /// What `b − A x` must reach.
  public let tolerance: Tolerance
  /// The most iterations.
  public let iterationLimit: Int
  /// The arithmetic of the preconditioner.
  public let precision: Precision
  /// The preconditioner.
  public let preconditioner: Preconditioner

  /// - Parameters:
  ///   - tolerance: what `b − A x` must reach.
  ///   - iterationLimit: the most iterations, at least 1.
  ///   - precision: the arithmetic of the geometric preconditioner; the algebraic one has its own.
  ///   - preconditioner: the preconditioner.
  public init(
    tolerance: Tolerance = Tolerance(relative: 1e-8), iterationLimit: Int = 200, precision: Precision = .automatic,
    preconditioner: Preconditioner = .automatic
  ) {
    precondition(iterationLimit >= 1, "a solve needs at least one iteration, found a limit of \(iterationLimit)")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    self.precision = precision
    self.preconditioner = preconditioner
  }

  /// Solves `A x = b` from zero; `b` has the shape [rows, columns] of the operator.
  public func solve(_ a: FivePointOperator, rightHandSide b: Tensor<Double>) -> LinearSolution {
    var workspace = Workspace(rows: a.rows, columns: a.columns, joined: a.joined)
    return solve(a, rightHandSide: b, in: &workspace)
  }

  /// Solves `A x = b` from zero in memory that is already there.
  public func solve(
    _ a: FivePointOperator, rightHandSide b: Tensor<Double>, in workspace: inout Workspace
  ) -> LinearSolution {
    precondition(b.shape == [a.rows, a.columns], "an operator of \([a.rows, a.columns]), a right-hand side \(b.shape)")
    let b = a.isSingular ? b.withoutMean() : b
    precondition(
      workspace.grid == a.grid,
      "a workspace for \(workspace.grid.rows) × \(workspace.grid.columns) unknowns, an operator of \([a.rows, a.columns])"
    )
    let scaling = Scaling(a)
    let threshold = tolerance.threshold(reference: b.rootMeanSquare)
    var progress = LinearProgress(
      reference: b.norm, target: threshold * Double(b.count).squareRoot(), limit: iterationLimit)
    workspace.solution.withUnsafeMutableBuffer { $0.update(repeating: 0) }
    if progress.termination == nil {
      if workspace.layout == nil {
        solveDirectly(a, b, &workspace, &progress)
      } else {
        correct(a, b, scaling, &workspace, &progress)
      }
    }
    return LinearSolution(
      solution: a.grid.interior(of: workspace.solution), termination: progress.termination ?? .iterationLimit,
      statistics: LinearStatistics(
        iterations: progress.iterations, residual: progress.relative(progress.rest),
        backwardError: workspace.backwardError(progress.rest, scaling, b), trace: progress.trace))
  }

  /// Solves with the preconditioner that is asked for.
  private func correct(
    _ a: FivePointOperator, _ b: Tensor<Double>, _ scaling: Scaling, _ workspace: inout Workspace,
    _ progress: inout LinearProgress
  ) {
    if preconditioner != .algebraic {
      progress.isWatched = preconditioner == .automatic && scaling.contrast >= Self.slowContrast
      if precision == .single || (precision == .automatic && scaling.suitsSingle) {
        workspace.withSingle { correct(a, b, scaling, &$0, &$1, &progress) }
      } else {
        workspace.withDouble { correct(a, b, scaling, &$0, &$1, &progress) }
      }
      guard progress.termination == nil else { return }
      progress.isWatched = false
    }
    workspace.withAlgebraic { correct(a, b, scaling, &$0, &$1, &progress) }
  }

  /// Solves for the true residual until it meets the tolerance, or is found to fall slowly.
  private func correct(
    _ a: FivePointOperator, _ b: Tensor<Double>, _ scaling: Scaling, _ workspace: inout Workspace,
    _ multigrid: inout some MultigridCycle, _ progress: inout LinearProgress
  ) {
    let unrolling = workspace.unrolling
    let operand = unrolling?.unrolled(a) ?? a
    guard workspace.withSystem({ multigrid.setUp(operand, scaling, &$0) }) == true else {
      progress.termination = a.isFinite ? .stagnated : .nonfinite
      return
    }
    var right =
      progress.iterations == 0
      ? Right(values: b, origin: 0, stride: a.columns)
      : Right(values: workspace.residual, origin: a.grid.origin, stride: a.grid.stride)
    while progress.termination == nil {
      let operandRight = unrolling?.unrolled(right) ?? right
      workspace.withSystem { system in
        system.reduce(operandRight, unit: scaling.unit)
        iterate(&system, &multigrid, scaling, &progress)
      }
      workspace.expand(operandRight, unit: scaling.unit)
      let before = progress.rest
      progress.rest = workspace.finish(a, b)
      guard progress.termination == nil else { break }
      if !progress.rest.isFinite {
        progress.termination = .nonfinite
      } else if progress.rest <= progress.target {
        progress.termination = .converged
      } else if progress.isSlow {
        return
      } else if progress.rest > Self.stagnation * before {
        progress.termination = .stagnated
      }
      right = Right(values: workspace.residual, origin: a.grid.origin, stride: a.grid.stride)
    }
  }

  /// Iterates on the reduced system until the residual of the recurrence is below the target, or as far as one goes.
  private func iterate(
    _ system: inout ReducedSystem, _ multigrid: inout some MultigridCycle, _ scaling: Scaling,
    _ progress: inout LinearProgress
  ) {
    var (rho, step, residual) = (0.0, 0.0, progress.rest)
    let aim = max(Self.margin * progress.target, scaling.isSingular ? Self.singularReduction * residual : 0)
    while true {
      // Brings the residual near one for the preconditioner; a power of two, so that it does not round.
      let scale = Double(sign: .plus, exponent: -(residual * scaling.unit).exponent, significand: 1)
      residual = multigrid.update(&system, step: step, scale: scale).squareRoot() / scaling.unit
      if rho > 0 || progress.trace.isEmpty { progress.trace.append(progress.relative(residual)) }
      guard residual.isFinite else {
        progress.termination = .nonfinite
        return
      }
      if residual <= aim || progress.isSlow { return }
      guard progress.iterations < progress.limit else {
        progress.termination = .iterationLimit
        return
      }
      let product = multigrid.cycle() / (scale * scale)
      multigrid.direct(&system, scale: 1 / scale, keep: rho > 0 ? product / rho : 0)
      let curvature = system.apply()
      guard product > 0 && curvature > 0 else {
        progress.termination = product.isNaN || curvature.isNaN ? .nonfinite : .stagnated
        return
      }
      step = product / curvature
      rho = product
      progress.iterations += 1
    }
  }

  /// Factors a rectangle that is too thin for a coarser level.
  private func solveDirectly(
    _ a: FivePointOperator, _ b: Tensor<Double>, _ workspace: inout Workspace, _ progress: inout LinearProgress
  ) {
    progress.trace = [1]
    let order = BandOrder(rows: a.rows, columns: a.columns, joined: a.joined)
    guard let factor = BandedCholesky(a.band(order)) else {
      progress.termination = a.isFinite ? .stagnated : .nonfinite
      return
    }
    a.grid.pad(order.solution(b) { factor.solve(&$0) }, into: &workspace.solution)
    progress.rest = workspace.finish(a, b)
    progress.termination =
      !progress.rest.isFinite ? .nonfinite : progress.rest <= progress.target ? .converged : .stagnated
  }
}
