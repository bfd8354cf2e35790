import Foundation

/// The eigenfunctions of −∆ on a rectangle from which a ``GaussianRandomField`` is made, without the constant one.
///
/// Each is a product of one function of x and one of y, whose mean squares are 1.
struct GaussianModes: Hashable, Sendable {
  /// Which functions, along (y, x).
  let bases: [GaussianRandomField.Basis]
  /// Lengths along (y, x).
  let extents: [Double]

  /// The wavenumber that a step of one in k is along an axis.
  private func unit(_ axis: Int) -> Double {
    switch bases[axis] {
    case .neumann: .pi / extents[axis]
    case .periodic: 2 * .pi / extents[axis]
    }
  }

  /// λ of the wavenumbers (ky, kx).
  func eigenvalue(_ ky: Int, _ kx: Int) -> Double {
    func square(_ k: Int, _ axis: Int) -> Double {
      Double((bases[axis] == .periodic ? 4 : 1) * k * k) / (extents[axis] * extents[axis])
    }
    return .pi * .pi * (square(kx, 1) + square(ky, 0))
  }

  /// How many functions of an axis have the wavenumber k.
  private func multiplicity(_ k: Int, _ axis: Int) -> Double { bases[axis] == .periodic && k > 0 ? 2 : 1 }

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
  /// Modes with wavenumbers up to a radius R are summed. The rest is an integral, for they lie in the plane of wavenumbers
  /// with density `area/4π` a unit of λ; what its edge leaves out is some 10⁻⁵ of the sum for the roughest fields.
  private func squaredAmplitudes(_ law: GaussianLaw) -> Double {
    let area = extents[0] * extents[1]
    let radius = (4 * .pi * Self.summed / area).squareRoot()
    var sum = 0.0
    for ky in 0...Int(radius / unit(0)) {
      let along = (radius * radius - pow(Double(ky) * unit(0), 2)).squareRoot()
      for kx in 0...Int(along / unit(1)) where kx + ky > 0 {
        let count = multiplicity(ky, 0) * multiplicity(kx, 1)
        sum += count * pow(law.amplitude(eigenvalue: eigenvalue(ky, kx)), 2)
      }
    }
    let (alpha, tau) = (law.alpha, law.tau)
    let rest = area / (4 * .pi) * pow(radius * radius + tau * tau, 1 - alpha) / (alpha - 1)
    return sum + pow(tau, 2 * alpha - 2) * rest
  }
}
