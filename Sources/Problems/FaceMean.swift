/// How the permeability of a face follows from those of the two vertices beside it.
public enum FaceMean: String, Hashable, Sendable, CaseIterable {
  /// `2ab/(a + b)`, the permeability of two layers in series: the flux through a jump midway between the vertices is right.
  case harmonic
  /// `(a + b)/2`, which the published Darcy sets used (Li et al. 2021, arXiv:2010.08895).
  case arithmetic

  /// The mean of two permeabilities.
  public func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .harmonic: 2 * (a * b) / (a + b)
    case .arithmetic: 0.5 * (a + b)
    }
  }

  /// `scale · mean(a, b)` for `count` pairs.
  func fill(
    _ out: UnsafeMutablePointer<Double>, count: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    scale: Double
  ) {
    // The choice is made once, so that each loop vectorises.
    switch self {
    case .harmonic: for i in 0..<count { out[i] = 2 * scale * (a[i] * b[i]) / (a[i] + b[i]) }
    case .arithmetic: for i in 0..<count { out[i] = 0.5 * scale * (a[i] + b[i]) }
    }
  }
}
