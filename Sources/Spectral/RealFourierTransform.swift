import CFFTW
import Tensors

/// The unnormalised sum of real Fourier modes in two axes (FFTW's HC2R), in place.
///
/// Along an axis of n values, `Y[j] = X[0] + 2 Σ_{k=1}^{k < n/2} (X[k] cos(2πjk/n) − X[n−k] sin(2πjk/n))`, and
/// `+ (−1)ʲ X[n/2]` for even n.
struct RealFourierTransform: Sendable {
  private let plan: FFTWPlan

  /// Plans the transform for `shape` = (ny, nx) points, right edges not stored.
  init(shape: (Int, Int)) {
    plan = FFTWPlan(.double) {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.0 * shape.1) { buffer in
        fftw_plan_r2r_2d(
          Int32(shape.0), Int32(shape.1), buffer.baseAddress, buffer.baseAddress, FFTW_HC2R, FFTW_HC2R,
          FFTWPlanner.flags)
      }
    }
  }

  /// Transforms one field of the planned shape.
  func apply(_ field: inout Tensor<Double>) {
    field.withUnsafeMutableBuffer { fftw_execute_r2r(plan.handle, $0.baseAddress, $0.baseAddress) }
  }
}
