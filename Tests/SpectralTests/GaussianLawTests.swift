import Spectral
import Tensors
import Testing

@Suite struct GaussianLawTests {
  /// Unit variance against the published scale on a large box: the variance in the plane, `1/(4π(α − 1))`, less the part of
  /// the constant mode, `amplitude(0)²/A = 1/(τ² A)` of the published scale.
  @Test(arguments: [1.5, 2, 3.5])
  func thePublishedScaleHasTheVarianceOfThePlane(alpha: Double) {
    let (tau, side) = (10.0, 10.0)
    let stream = RandomStream(seed: 0, purpose: .test)
    func value(_ scale: GaussianLaw.Scale) -> Double {
      GaussianRandomField(
        GaussianLaw(alpha: alpha, tau: tau, scale: scale), shape: (8, 8), basis: .periodic, extents: (side, side)
      ).sample(from: stream)[3, 2]
    }
    let ratio = value(.published) / value(.unitVariance)
    let expected = 1 / (4 * .pi * (alpha - 1)) - 1 / (tau * tau * side * side)
    // The covariance of images one side away is of order exp(−100).
    #expect(abs(ratio * ratio / expected - 1) < 1e-4)
  }
}
