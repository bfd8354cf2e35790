/// How small a residual must be: `rms(residual) ≤ absolute + relative · rms(reference)`, for each sample alone.
///
/// `rms(v)² = (1/N) Σ vᵢ²` over the N entries of one sample, so a number means the same on a 32² and on a 256² grid.
/// For a fixed point `z = f(z)` the residual is `f(z) − z` and the reference is `f(z)`; for a linear system `A x = b`
/// the residual is `b − A x` and the reference is `b`. The residual is never damped or preconditioned, and it belongs to
/// the point that is returned.
public struct Tolerance: Hashable, Sendable {
  /// The part that does not depend on the reference, in units of the unknown.
  public let absolute: Double
  /// The part proportional to the reference, without unit.
  public let relative: Double

  /// Both parts default to zero; with both zero only an exact solution is accepted.
  public init(absolute: Double = 0, relative: Double = 0) {
    precondition(
      absolute >= 0 && relative >= 0 && absolute.isFinite && relative.isFinite,
      "a tolerance must be finite and not negative, found absolute \(absolute) and relative \(relative)")
    self.absolute = absolute
    self.relative = relative
  }

  /// The largest residual accepted, both as root mean squares.
  public func threshold(reference: Double) -> Double { absolute + relative * reference }

  /// Whether `residual` is small enough; a NaN is not.
  public func accepts(residual: Double, reference: Double) -> Bool { residual <= threshold(reference: reference) }
}

extension Tolerance: CustomStringConvertible {
  /// For messages.
  public var description: String { "rms(residual) ≤ \(absolute) + \(relative) · rms(reference)" }
}
