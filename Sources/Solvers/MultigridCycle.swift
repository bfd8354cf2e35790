/// A symmetric multigrid cycle for the reduced system of a five-point operator, as the preconditioner of
/// ``ConjugateGradient``.
protocol MultigridCycle: Sendable {
  /// Builds the hierarchy and the couplings of the reduced system, all of the operator times the unit of its scaling.
  ///
  /// The coarsest operator of a singular operator is pinned: the residuals it meets have zero sum, so that its solution
  /// differs from one of the singular system by a constant alone, which the operator maps to 0.
  ///
  /// - Returns: whether the coarsest operator is positive definite, as it must be.
  mutating func setUp(_ a: FivePointOperator, _ scaling: Scaling, _ system: inout ReducedSystem) -> Bool

  /// `x += step·p`, `r −= step·q`, and the scaled residual for the next cycle; returns the square of the residual's norm
  /// in unscaled unknowns.
  mutating func update(_ system: inout ReducedSystem, step: Double, scale: Double) -> Double

  /// One cycle on the scaled residual of the last update; returns the product of residual and result.
  mutating func cycle() -> Double

  /// `p = scale·z + keep·p`, z the result of the last cycle.
  mutating func direct(_ system: inout ReducedSystem, scale: Double, keep: Double)
}
