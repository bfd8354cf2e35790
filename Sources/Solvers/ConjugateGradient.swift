public import Tensors

/// Conjugate gradients for symmetric positive definite five-point operators, preconditioned by multigrid.
///
/// Hestenes & Stiefel 1952, doi:10.6028/jres.049.044, on the reduced system (``ReducedSystem``) in double precision, with
/// one multigrid cycle (``Multigrid``) as the preconditioner. When the residual of the recurrence meets the tolerance,
/// `b − A x` is computed anew from the fluxes; if that does not meet it, the iteration solves for the rest, and ends as
/// `stagnated` when that no longer halves it: the residual of a solution rounded to double precision cannot be smaller
/// than about `ε ‖A‖ ‖x‖`. A rectangle one unknown wide is solved directly.
///
/// Joined axes are unrolled (``UnrolledAxis``), for about twice the time of open ones; a joined axis shorter than 8
/// unknowns is solved directly.
///
/// Limits: the iterations depend little on size and contrast where inclusions are a few cells wide. Media that change at
/// every cell by more than a factor of about 100 have clusters of strongly coupled unknowns without a coarse point among
/// them, which neither relaxation nor coarse levels reach: hundreds of iterations at 10⁴ and no end at 10⁶.
///
/// Memory: 14 doubles an unknown of a large rectangle in a workspace beside operator, right-hand side and solution; 21
/// with ``Precision/double``; see ``Workspace/byteCount``.
public struct ConjugateGradient: Hashable, Sendable {
  /// The arithmetic of the preconditioner; the solution is always in double precision.
  public enum Precision: Hashable, Sendable {
    /// Single, unless the conductances differ by more than ``singleContrast`` an unknown's mean conductance to
    /// the value 0 is below ``singleAnchor``.
    case automatic
    /// Half the memory traffic of double precision.
    case single
    /// For conductances that differ by many orders of magnitude.
    case double
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
  /// A correction that leaves more than this part of the true residual has reached what double precision resolves.
  private static let stagnation = 0.5

  /// What `b − A x` must reach.
  public let tolerance: Tolerance
  /// The most iterations.
  public let iterationLimit: Int
  /// The arithmetic of the preconditioner.
  public let precision: Precision

  /// - Parameters:
  ///   - tolerance: what `b − A x` must reach.
  ///   - iterationLimit: the most iterations, at least 1.
  ///   - precision: the arithmetic of the preconditioner.
  public init(
    tolerance: Tolerance = Tolerance(relative: 1e-8), iterationLimit: Int = 200, precision: Precision = .automatic
  ) {
    precondition(iterationLimit >= 1, "a solve needs at least one iteration, found a limit of \(iterationLimit)")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    self.precision = precision
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
      } else if precision == .single || (precision == .automatic && scaling.suitsSingle) {
        workspace.withSingle { correct(a, b, scaling, &$0, &$1, &progress) }
      } else {
        workspace.withDouble { correct(a, b, scaling, &$0, &$1, &progress) }
      }
    }
    return LinearSolution(
      solution: a.grid.interior(of: workspace.solution), termination: progress.termination ?? .iterationLimit,
      statistics: LinearStatistics(
        iterations: progress.iterations, residual: progress.relative(progress.rest),
        backwardError: workspace.backwardError(progress.rest, scaling, b), trace: progress.trace))
  }

  /// Solves for the true residual until it meets the tolerance.
  private func correct<Scalar>(
    _ a: FivePointOperator, _ b: Tensor<Double>, _ scaling: Scaling, _ workspace: inout Workspace,
    _ multigrid: inout Multigrid<Scalar>, _ progress: inout LinearProgress
  ) {
    let unrolling = workspace.unrolling
    let operand = unrolling?.unrolled(a) ?? a
    guard workspace.withSystem({ multigrid.setUp(operand, scaling, &$0) }) == true else {
      progress.termination = a.isFinite ? .stagnated : .nonfinite
      return
    }
    var right = Right(values: b, origin: 0, stride: a.columns)
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
      } else if progress.rest > Self.stagnation * before {
        progress.termination = .stagnated
      }
      right = Right(values: workspace.residual, origin: a.grid.origin, stride: a.grid.stride)
    }
  }

  /// Iterates on the reduced system until the residual of the recurrence is below the target, or as far as one goes.
  private func iterate<Scalar>(
    _ system: inout ReducedSystem, _ multigrid: inout Multigrid<Scalar>, _ scaling: Scaling,
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
      if residual <= aim { return }
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

/// What a solve has done so far.
private struct LinearProgress {
  /// The norm of the right-hand side.
  let reference: Double
  /// The norm that the residual must reach.
  let target: Double
  let limit: Int
  var iterations = 0
  var trace: [Double] = []
  /// The norm of the true residual of the solution so far.
  var rest: Double
  var termination: Termination?

  init(reference: Double, target: Double, limit: Int) {
    self.reference = reference
    self.target = target
    self.limit = limit
    rest = reference
    if reference == 0 { trace = [0] }
    termination = !reference.isFinite ? .nonfinite : reference <= target ? .converged : nil
  }

  func relative(_ residual: Double) -> Double { reference > 0 ? residual / reference : 0 }
}
