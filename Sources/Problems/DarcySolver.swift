public import Solvers

/// The classical solver for ``DarcyFlow``: conjugate gradients on the discrete equations, in double precision.
public struct DarcySolver: Hashable, Sendable {
  /// What `b − A u` must reach.
  public var tolerance: Tolerance
  /// The most iterations.
  public var iterationLimit: Int

  /// A relative residual of 1e-8 unless told otherwise.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8), iterationLimit: Int = 20_000) {
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// Solves from zero; a failure is a verdict in the result, not an error.
  public func solve(_ flow: DarcyFlow) -> LinearSolution {
    ConjugateGradient(tolerance: tolerance, iterationLimit: iterationLimit)
      .solve(flow.stencil, rightHandSide: flow.rightHandSide)
      .mapSolution(flow.extended)
  }
}
