import Foundation

/// The covariance `τ^(2α−2) (−∆ + τ²)^(−α)` of a Gaussian random field.
///
/// Its fields have about α − 1 derivatives in two dimensions, and features of length 1/τ. The scale is that of the
/// usual Darcy data sets (Li et al. 2021, "Fourier neural operator", arXiv:2010.08895, appendix A.3), which take α = 2
/// and τ = 3.
public struct GaussianLaw: Hashable, Sendable {
  /// The power of the inverse operator; the field is continuous for α > 1.
  public let alpha: Double
  /// The inverse correlation length, in units of the inverse length of the domain.
  public let tau: Double

  /// The law of the usual Darcy data sets unless told otherwise; both numbers must be positive.
  public init(alpha: Double = 2, tau: Double = 3) {
    precondition(
      alpha > 0 && tau > 0 && alpha.isFinite && tau.isFinite,
      "a Gaussian law needs positive α and τ, found \(alpha) and \(tau)")
    self.alpha = alpha
    self.tau = tau
  }

  /// The standard deviation of the coefficient of an eigenfunction of −∆ with the given eigenvalue.
  public func amplitude(eigenvalue: Double) -> Double {
    pow(tau, alpha - 1) * pow(eigenvalue + tau * tau, -alpha / 2)
  }
}
