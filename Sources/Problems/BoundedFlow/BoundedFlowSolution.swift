public import Solvers
import Tensors

/// What a solve of a bounded flow reached.
public struct BoundedFlowSolution: Sendable {
  /// The flow that was found, whatever the verdict on it.
  public let field: BoundedFlowField
  /// Why the iteration stopped; `Termination.stagnated` when the Reynolds number could not be raised any further, be it
  /// that Newton's method fails or that the degree does not resolve what it finds.
  public let termination: Termination
  /// The numbers behind the verdict.
  public let statistics: BoundedFlowStatistics

  init(
    _ equations: BoundedFlowDiscretization, point: Tensor<Double>, termination: Termination, reynolds: Double,
    _ ascent: ReynoldsContinuation
  ) {
    field = BoundedFlowField(equations, point: point)
    self.termination = termination
    statistics = BoundedFlowStatistics(
      iterations: ascent.iterations,
      residual: equations.relativeResidual(of: point, viscosity: equations.flow.viscosity),
      reachedReynolds: reynolds, wallError: field.wallError(of: equations.flow, speed: equations.speed),
      unresolvedShare: equations.unresolvedShare(of: point), trace: ascent.trace)
  }
}

/// What happened in a solve of a bounded flow.
public struct BoundedFlowStatistics: Hashable, Sendable {
  /// Newton steps on all degrees and Reynolds numbers together.
  public let iterations: Int
  /// The relative residual of the returned point for the flow that was asked for, computed anew; see
  /// ``BoundedFlowDiscretization/relativeResidual(of:viscosity:)``.
  public let residual: Double
  /// The largest Reynolds number, `speed × larger extent / ν`, that was solved to its tolerance; 0 for Stokes flow.
  public let reachedReynolds: Double
  /// The largest difference from a prescribed wall velocity over the largest prescribed speed, between the interpolation points.
  public let wallError: Double
  /// The share of the highest quarter of modes in the velocity, as L² norms: an indicator of what the degree leaves out.
  ///
  /// It is far above the error of the flow away from singular corners: 0.009 for the cavity at Re 1000 and degree 48, whose
  /// figures are then right to 2e-5. From 0.05 on expect errors of a percent; above 0.15 a flow is not accepted.
  public let unresolvedShare: Double
  /// Every residual evaluated inside Newton's method, in order.
  public let trace: [BoundedFlowStep]
}

/// One evaluation inside Newton's method.
public struct BoundedFlowStep: Hashable, Sendable {
  /// The Reynolds number of the stage.
  public let reynolds: Double
  /// The polynomial degree of the stage.
  public let degree: Int
  /// The relative residual.
  public let residual: Double
}
