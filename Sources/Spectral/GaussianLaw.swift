import Foundation

/// The covariance of a Gaussian random field, a multiple of `(−∆ + τ²)^(−α)`.
///
/// In two dimensions its fields have about α − 1 derivatives, and features of length 1/τ. The published multiple has in the
/// plane the variance `1/(4π(α − 1))`, for `∫ τ^(2α−2) (|k|² + τ²)^(−α) d²k/(2π)²` is, with λ = |k|²,
/// `τ^(2α−2)/(4π) ∫₀^∞ (λ + τ²)^(−α) dλ`; on a domain much larger than 1/τ a unit variance needs `4π(α − 1)` times as much.
///
/// As JSON: `{"alpha": 2, "scale": "published", "tau": 3}`; the scale may be absent.
public struct GaussianLaw: Hashable, Sendable {
  /// What the multiple is.
  public enum Scale: String, Hashable, Sendable, Codable {
    /// `τ^(2α−2)`, that of the usual Darcy data sets (Li et al. 2021, "Fourier neural operator", arXiv:2010.08895,
    /// appendix A.3).
    case published
    /// The one with which the variance, averaged over the domain, is 1.
    case unitVariance
  }

  /// The power of the inverse operator; the field is continuous for α > 1.
  public let alpha: Double
  /// The inverse correlation length, in units of the inverse length of the domain.
  public let tau: Double
  /// The multiple.
  public let scale: Scale

  /// The law of the usual Darcy data sets unless told otherwise; both numbers must be positive, and α above 1 for a
  /// variance to exist.
  public init(alpha: Double = 2, tau: Double = 3, scale: Scale = .published) {
    if let fault = Self.fault(alpha: alpha, tau: tau, scale: scale) { preconditionFailure(fault) }
    self.alpha = alpha
    self.tau = tau
    self.scale = scale
  }

  /// What is wrong with the numbers, in a sentence.
  private static func fault(alpha: Double, tau: Double, scale: Scale) -> String? {
    guard alpha > 0 && tau > 0 && alpha.isFinite && tau.isFinite else {
      return "a Gaussian law needs positive α and τ, found \(alpha) and \(tau)"
    }
    guard scale == .published || alpha > 1 else { return "a field of unit variance needs α > 1, found \(alpha)" }
    return nil
  }

  /// The Matérn covariance of smoothness ν and correlation length ℓ, with unit variance.
  ///
  /// In the plane its spectral density is proportional to `(2ν/ℓ² + |k|²)^−(ν+1)` (Whittle 1954; Lindgren, Rue & Lindström
  /// 2011, doi:10.1111/j.1467-9868.2011.00777.x), so α = ν + 1 and τ² = 2ν/ℓ². On a bounded domain with Neumann modes the
  /// variance is larger within about ℓ of the boundary than inside.
  public static func matern(smoothness nu: Double, length: Double) -> GaussianLaw {
    precondition(
      nu > 0 && length > 0 && nu.isFinite && length.isFinite,
      "a Matérn covariance needs positive ν and ℓ, found \(nu) and \(length)")
    return GaussianLaw(alpha: nu + 1, tau: (2 * nu).squareRoot() / length, scale: .unitVariance)
  }

  /// `τ^(α−1) (λ + τ²)^(−α/2)`: the standard deviation of the coefficient of an eigenfunction of −∆ with eigenvalue λ and
  /// unit norm, in the published scale.
  public func amplitude(eigenvalue: Double) -> Double {
    pow(tau, alpha - 1) * pow(eigenvalue + tau * tau, -alpha / 2)
  }
}

extension GaussianLaw: Codable {
  private enum CodingKeys: String, CodingKey {
    case alpha
    case tau
    case scale
  }

  /// Reads a law; throws for numbers that are none.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    alpha = try values.decode(Double.self, forKey: .alpha)
    tau = try values.decode(Double.self, forKey: .tau)
    scale = try values.decodeIfPresent(Scale.self, forKey: .scale) ?? .published
    if let fault = Self.fault(alpha: alpha, tau: tau, scale: scale) {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
    }
  }
}
