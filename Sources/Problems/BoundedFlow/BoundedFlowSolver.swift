import Tensors

/// The classical solver for ``BoundedFlow``: Newton's method on a spectral discretisation, by continuation from Stokes flow.
///
/// The exact Jacobian is factored in every step. Newton's method converges quadratically near the solution and not at all far
/// from it, so the Reynolds number `speed × larger extent / ν` rises in steps from that of Stokes flow to the wanted one; a step
/// that fails is tried again at half its length in log Re, easy steps lengthen the next. All this happens on few
/// polynomials first, where a step costs little; the full degree starts from what they reached, or anew from
/// Stokes flow where that is of no use.
public struct BoundedFlowSolver: Hashable, Sendable {
  /// N, the polynomial degree in each direction; see ``BoundedFlowDiscretization``.
  public var degree: Int
  /// What the relative residual must reach.
  public var tolerance: Double
  /// The most Newton steps, all stages together.
  public var iterationLimit: Int

  /// The degrees that make sense: from the smallest with a handful of unknowns to a Jacobian of 600 MB.
  public static let degrees = 8...96

  /// Degree 48, which gives the lid-driven cavity at Re 1000 to six digits, and a relative residual of 1e-10, unless told otherwise.
  public init(degree: Int = 48, tolerance: Double = 1e-10, iterationLimit: Int = 150) {
    precondition(tolerance >= 0, "a tolerance must not be negative, found \(tolerance)")
    precondition(iterationLimit >= 0, "an iteration limit must not be negative, found \(iterationLimit)")
    self.degree = degree
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// Solves from Stokes flow. A failure is a verdict in the result, not an error.
  ///
  /// - Throws: ``BoundedFlowError`` when the data make no problem.
  public func solve(_ flow: BoundedFlow) throws(BoundedFlowError) -> BoundedFlowSolution {
    let fine = try BoundedFlowDiscretization(flow, degree: degree)
    var ascent = ReynoldsContinuation(
      target: fine.speed * max(flow.domain.width, flow.domain.height) / flow.viscosity, tolerance: tolerance,
      iterationLimit: iterationLimit)
    var start: ReynoldsContinuation.Reached?
    if degree > Self.coarseDegree {
      let coarse = try BoundedFlowDiscretization(flow, degree: Self.coarseDegree)
      if let stokes = coarse.stokes() {
        let climb = ascent.climb(coarse, from: ReynoldsContinuation.Reached(reynolds: 0, point: stokes), isLast: false)
        start = ascent.transfer(climb.reached, to: fine)
      }
    }
    guard let origin = start ?? fine.stokes().map({ ReynoldsContinuation.Reached(reynolds: 0, point: $0) }) else {
      return BoundedFlowSolution(
        fine, point: .zeros(fine.shape), termination: .nonfinite, reynolds: 0, ascent)
    }
    let climb = ascent.climb(fine, from: origin, isLast: true)
    // A point that did not converge is the better of the two at hand.
    let points = [climb.reached.point] + (climb.lastTry.map { [$0] } ?? [])
    let residuals = points.map { fine.relativeResidual(of: $0, viscosity: flow.viscosity) }
    let best = residuals.indices.min { residuals[$0] < residuals[$1] || residuals[$1].isNaN } ?? 0
    return BoundedFlowSolution(
      fine, point: points[best], termination: climb.termination, reynolds: climb.reached.reynolds, ascent)
  }

  /// Resolves the boundary layers of the cavity up to a Reynolds number of a few thousand well enough to start from.
  private static let coarseDegree = 24
}
