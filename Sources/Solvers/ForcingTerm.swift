import Foundation

/// How precisely an inexact Newton method solves for each step: `‖F + F′ s‖ ≤ η ‖F‖`.
///
/// Choice 2 of Eisenstat & Walker 1996, "Choosing the forcing terms in an inexact Newton method",
/// doi:10.1137/0917003:
///
///     η_k = γ (‖F_k‖ / ‖F_{k−1}‖)^α                                          (2.6)
///
/// with their safeguard `η_k ← max(η_k, γ η_{k−1}^α)` wherever `γ η_{k−1}^α > 0.1`, so that one lucky step does not ask
/// for a precise solve far from the solution. Against solving beyond the tolerance τ of the whole iteration,
/// `η_k ← max(η_k, τ / (2‖F_k‖))` (Kelley 1995, "Iterative methods for linear and nonlinear equations", section 6.3).
/// With α = 2 convergence is quadratic for γ < 1.
public struct ForcingTerm: Hashable, Sendable {
  /// The safeguard holds where it asks for less precision than this.
  private static let safeguardThreshold = 0.1
  /// The part of the tolerance that a linear solve aims at.
  private static let share = 0.5

  /// η of the first step.
  public let initial: Double
  /// The largest η.
  public let maximum: Double
  /// γ.
  public let gamma: Double
  /// α.
  public let alpha: Double

  /// Numbers between 0 and 1, α between 1 and 2.
  public init(initial: Double = 0.1, maximum: Double = 0.5, gamma: Double = 0.9, alpha: Double = 2) {
    precondition(initial > 0 && initial < 1 && maximum > 0 && maximum < 1, "η is between 0 and 1")
    precondition(gamma > 0 && gamma <= 1, "γ is between 0 and 1, found \(gamma)")
    precondition(alpha > 1 && alpha <= 2, "α is between 1 and 2, found \(alpha)")
    self.initial = initial
    self.maximum = maximum
    self.gamma = gamma
    self.alpha = alpha
  }

  /// η of the next step.
  ///
  /// - Parameters:
  ///   - last: η of the step before and the factor by which that step changed `‖F‖`; nil for the first step.
  ///   - norm: `‖F‖` now.
  ///   - target: what `‖F‖` must reach.
  func next(after last: (eta: Double, reduction: Double)?, norm: Double, target: Double) -> Double {
    var eta = initial
    if let last {
      let safeguard = gamma * pow(last.eta, alpha)
      eta = gamma * pow(last.reduction, alpha)
      if safeguard > Self.safeguardThreshold { eta = max(eta, safeguard) }
    }
    return min(maximum, max(min(maximum, eta), Self.share * target / norm))
  }
}
