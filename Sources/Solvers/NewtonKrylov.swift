public import Tensors

/// An inexact Newton method whose linear systems are solved by GMRES, with a backtracking line search.
///
/// A step solves `F′(x) s = −F(x)` to the precision that ``ForcingTerm`` asks for, then is shortened until
///
///     ‖F(x + s)‖ ≤ (1 − t (1 − η)) ‖F(x)‖,     t = 10⁻⁴,
///
/// (Eisenstat & Walker 1994, "Globally convergent inexact Newton methods", doi:10.1137/0804022; the factor minimises a
/// parabola through `‖F‖²` and its slope, and lies between 0.1 and 0.5.) Residuals are those of the points themselves. The
/// solve ends as
/// - `converged` when `‖F(x)‖` meets the tolerance relative to the system's reference;
/// - `stagnated` when no step length lowers the residual, or ``patience`` steps with a line search did not halve it;
/// - `diverged` when, without a line search, the residual exceeds ``divergence`` times its first value;
/// - `nonfinite` when the start, or every step length that was tried, gave a value that is not a number;
/// - `iterationLimit` otherwise.
public struct NewtonKrylov: Hashable, Sendable {
  /// The part of the decrease predicted for a step that must be there.
  private static let sufficientDecrease = 1e-4
  /// The least and the largest factor by which one backtracking shortens a step.
  private static let shortening = 0.1...0.5
  /// Steps in which the residual must at least halve.
  public static let patience = 12
  /// Growth of the residual that ends a solve without a line search.
  public static let divergence = 1e6

  /// What `F(x)` must reach.
  public let tolerance: Tolerance
  /// The most steps.
  public let stepLimit: Int
  /// The precision of the linear solves.
  public let forcing: ForcingTerm
  /// The length of a cycle of GMRES.
  public let restart: Int
  /// The most iterations of GMRES in one step.
  public let linearIterationLimit: Int
  /// How often a step may be shortened; 0 for full steps whatever they do.
  public let backtrackLimit: Int

  /// - Parameters:
  ///   - tolerance: what `F(x)` must reach.
  ///   - stepLimit: the most steps, at least 1.
  ///   - forcing: the precision of the linear solves.
  ///   - restart: the length of a cycle of GMRES.
  ///   - linearIterationLimit: the most iterations of GMRES in one step.
  ///   - backtrackLimit: how often a step may be shortened; 0 for no line search.
  public init(
    tolerance: Tolerance = Tolerance(relative: 1e-8), stepLimit: Int = 50, forcing: ForcingTerm = ForcingTerm(),
    restart: Int = 60, linearIterationLimit: Int = 120, backtrackLimit: Int = 10
  ) {
    precondition(stepLimit >= 1, "a solve needs at least one step, found a limit of \(stepLimit)")
    precondition(backtrackLimit >= 0, "a step is shortened a number of times, found \(backtrackLimit)")
    self.tolerance = tolerance
    self.stepLimit = stepLimit
    self.forcing = forcing
    self.restart = restart
    self.linearIterationLimit = linearIterationLimit
    self.backtrackLimit = backtrackLimit
  }

  /// Solves `F(x) = 0` from `start`.
  public func solve(_ system: some NonlinearSystem, from start: Tensor<Double>) -> NonlinearSolution {
    var state = NewtonState(system, tolerance, start)
    var last: (eta: Double, reduction: Double)?
    while state.termination == nil {
      guard state.steps < stepLimit else {
        state.termination = .iterationLimit
        break
      }
      let before = state.norm
      let eta = forcing.next(after: last, norm: before, target: state.target)
      let gmres = GMRES(
        tolerance: Tolerance(relative: eta), restart: restart, iterationLimit: linearIterationLimit)
      let step = state.solveLinear(system.linearization(at: state.point, shift: 0), gmres)
      guard step.termination != .nonfinite else {
        state.termination = .nonfinite
        break
      }
      advance(&state, system, step)
      last = (eta, state.norm / before)
      // Without a line search the residual may rise for a while.
      if state.termination == nil && backtrackLimit > 0 && state.isStagnant(over: Self.patience) {
        state.termination = .stagnated
      }
    }
    return state.solution
  }

  /// Takes the step, shortened as the line search asks.
  private func advance(_ state: inout NewtonState, _ system: some NonlinearSystem, _ step: LinearSolution) {
    var (factor, eta) = (1.0, min(step.statistics.residual, 1))
    // ½ d‖F‖²/dλ at 0 over ‖F‖²: the residual of GMRES is orthogonal to F′ s.
    let slope = -(1 - eta * eta)
    var sawFinite = false
    for attempt in 0...backtrackLimit {
      var trial = state.point
      trial.add(step.solution, scaledBy: factor)
      let residual = system.residual(at: trial)
      let norm = residual.norm
      state.residualEvaluations += 1
      sawFinite = sawFinite || norm.isFinite
      if backtrackLimit == 0 || norm <= (1 - Self.sufficientDecrease * (1 - eta)) * state.norm {
        state.move(to: trial, residual, norm)
        if norm > Self.divergence * state.firstNorm { state.termination = .diverged }
        return
      }
      guard attempt < backtrackLimit else { break }
      let shorter = Self.shortening.clamped(Self.minimiser(norm / state.norm, slope: slope * factor))
      factor *= shorter
      eta = 1 - shorter * (1 - eta)
    }
    state.termination = sawFinite ? .stagnated : .nonfinite
  }

  /// Where the parabola with value 1 and derivative `2 slope` at 0 and value `ratio²` at 1 is least.
  private static func minimiser(_ ratio: Double, slope: Double) -> Double {
    let curvature = ratio * ratio - 1 - 2 * slope
    return curvature > 0 ? -slope / curvature : shortening.upperBound
  }
}

extension ClosedRange<Double> {
  /// The nearest number of the range; the lower end for NaN.
  fileprivate func clamped(_ value: Double) -> Double {
    value >= lowerBound ? Swift.min(value, upperBound) : lowerBound
  }
}
