import Foundation

/// The eigenfunctions of −∆ on a rectangle from which a ``GaussianRandomField`` is made, without the constant one.
///
/// Each is a product of one function of x and one of y, whose mean squares are 1.
struct GaussianModes: Hashable, Sendable {
  let basis: GaussianRandomField.Basis
  /// Lengths along (y, x).
  let extents: [Double]

  /// The wavenumber that a step of one in k is along an axis.
  private func unit(_ axis: Int) -> Double {
    switch basis {
    case .neumann: .pi / extents[axis]
    case .periodic: 2 * .pi / extents[axis]
    }
  }

  /// λ of the wavenumbers (ky, kx).
  func eigenvalue(_ ky: Int, _ kx: Int) -> Double {
    let squares = Double(kx * kx) / (extents[1] * extents[1]) + Double(ky * ky) / (extents[0] * extents[0])
    switch basis {
    case .neumann: return .pi * .pi * squares
    case .periodic: return 4 * .pi * .pi * squares
    }
  }

  /// What ``GaussianLaw/amplitude(eigenvalue:)`` is multiplied by for functions of mean square 1.
  func scale(_ law: GaussianLaw) -> Double {
    switch law.scale {
    // Functions of unit norm are those of unit mean square over the root of the area.
    case .published: 1 / (extents[0] * extents[1]).squareRoot()
    case .unitVariance: 1 / squaredAmplitudes(law).squareRoot()
    }
  }

  /// The eigenvalues that are summed one by one; beyond them the sum is an integral.
  private static let summed = 131_072.0

  /// `Σ amplitude²` over all modes but the constant, α > 1.
  ///
  /// Modes with wavenumbers up to a radius R are summed. The rest is an integral: modes lie in the plane of wavenumbers
  /// with density `area/4π` a unit of λ, and, for Neumann conditions, those on the two axes count whole although half of
  /// their cells lies outside the quadrant that the integral covers.
  private func squaredAmplitudes(_ law: GaussianLaw) -> Double {
    let area = extents[0] * extents[1]
    let radius = (4 * .pi * Self.summed / area).squareRoot()
    var sum = 0.0
    for ky in 0...Int(radius / unit(0)) {
      let along = (radius * radius - pow(Double(ky) * unit(0), 2)).squareRoot()
      for kx in 0...Int(along / unit(1)) where kx + ky > 0 {
        // Signs of both wavenumbers, on a periodic domain.
        let count = basis == .periodic ? (kx > 0 ? 2.0 : 1) * (ky > 0 ? 2 : 1) : 1
        sum += count * pow(law.amplitude(eigenvalue: eigenvalue(ky, kx)), 2)
      }
    }
    let (alpha, tau) = (law.alpha, law.tau)
    let rest = area / (4 * .pi) * pow(radius * radius + tau * tau, 1 - alpha) / (alpha - 1)
    // ∫_R^∞ (p² + τ²)^−α dp, τ moved to R: the modes on the axes are few.
    let axes = pow(radius * radius + tau * tau, 0.5 - alpha) / (2 * alpha - 1)
    let edge = basis == .neumann ? 0.5 * (1 / unit(0) + 1 / unit(1)) * axes : 0
    return sum + pow(tau, 2 * alpha - 2) * (rest + edge)
  }
}
