public import Tensors

/// Implicit Euler steps of `dx/dt = F(x)` towards a steady state, which grow as the residual falls.
///
/// A step of length δ is one step of Newton's method for the implicit Euler equation, `(I/δ − F′(x)) s = F(x)`; with
/// switched evolution relaxation (Mulder & van Leer 1985, doi:10.1016/0021-9991(85)90148-2),
///
///     δ_k = δ_{k−1} ‖F(x_{k−1})‖ / ‖F(x_k)‖,
///
/// it turns into Newton's method near a solution (Kelley & Keyes 1998, doi:10.1137/S0036142996304796, who prove
/// convergence where the solution is stable in time). A change of δ in one step is limited to a factor ``growth``; a step
/// that gives a value which is not a number or raises the residual beyond ``rise`` times is taken again ten times
/// shorter. The residual may rise on the way. The solve ends as `stagnated` when δ vanishes or ``patience`` steps bring no
/// smaller residual than any before, and otherwise as ``NewtonKrylov`` does.
public struct PseudoTransient: Hashable, Sendable {
  /// The largest factor by which one step changes δ.
  public static let growth = 10.0
  /// The largest factor by which one step may raise the residual.
  public static let rise = 10.0
  /// Steps in which the residual must fall below what it was before them.
  public static let patience = 40
  /// δ over its first value at which shorter steps are no use.
  private static let shortest = 1e-8

  /// What `F(x)` must reach.
  public let tolerance: Tolerance
  /// The most steps.
  public let stepLimit: Int
  /// The first δ, in units of time.
  public let firstStep: Double
  /// `‖(I/δ − F′) s − F‖ / ‖F‖` of a linear solve.
  public let linearTolerance: Double
  /// The length of a cycle of GMRES, and the most iterations.
  public let restart: Int

  /// - Parameters:
  ///   - tolerance: what `F(x)` must reach.
  ///   - stepLimit: the most steps, at least 1.
  ///   - firstStep: the first δ; the time in which the solution changes is a good one.
  ///   - linearTolerance: of the linear solves.
  ///   - restart: the length of a cycle of GMRES, and the most iterations.
  public init(
    tolerance: Tolerance = Tolerance(relative: 1e-8), stepLimit: Int = 200, firstStep: Double,
    linearTolerance: Double = 0.1, restart: Int = 60
  ) {
    precondition(stepLimit >= 1, "a solve needs at least one step, found a limit of \(stepLimit)")
    precondition(firstStep > 0, "a step in time is positive, found \(firstStep)")
    self.tolerance = tolerance
    self.stepLimit = stepLimit
    self.firstStep = firstStep
    self.linearTolerance = linearTolerance
    self.restart = restart
  }

  /// Solves `F(x) = 0` from `start`.
  public func solve(_ system: some NonlinearSystem, from start: Tensor<Double>) -> NonlinearSolution {
    var state = NewtonState(system, tolerance, start)
    let gmres = GMRES(tolerance: Tolerance(relative: linearTolerance), restart: restart, iterationLimit: restart)
    var length = firstStep
    var attempts = 0
    while state.termination == nil {
      guard attempts < stepLimit else {
        state.termination = .iterationLimit
        break
      }
      attempts += 1
      let step = state.solveLinear(system.linearization(at: state.point, shift: 1 / length), gmres)
      let trial = state.point + step.solution
      let residual = system.residual(at: trial)
      let (norm, before) = (residual.norm, state.norm)
      state.residualEvaluations += 1
      if norm.isFinite && norm <= Self.rise * before {
        state.move(to: trial, residual, norm)
        length *= min(Self.growth, max(1 / Self.growth, before / norm))
      } else {
        length /= Self.growth
      }
      guard state.termination == nil else { break }
      if length < Self.shortest * firstStep {
        state.termination = norm.isFinite ? .stagnated : .nonfinite
      } else if state.stepsSinceBest >= Self.patience {
        state.termination = .stagnated
      }
    }
    return state.solution
  }
}
