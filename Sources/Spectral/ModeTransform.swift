import CFFTW
import Tensors

/// The unnormalised sum of the modes of a ``GaussianRandomField``, in place.
///
/// Along an axis of n values with Neumann modes it is FFTW's REDFT00,
/// `Y[j] = X[0] + (−1)ʲ X[n−1] + 2 Σ_{k=1}^{n−2} X[k] cos(πjk/(n−1))`, with periodic ones its HC2R,
/// `Y[j] = X[0] + 2 Σ_{k=1}^{k < n/2} (X[k] cos(2πjk/n) − X[n−k] sin(2πjk/n))`, and `+ (−1)ʲ X[n/2]` for even n.
struct ModeTransform: Sendable {
  private let plan: FFTWPlan

  /// Plans the transform for `shape` = (ny, nx) points.
  init(shape: (Int, Int), bases: (GaussianRandomField.Basis, GaussianRandomField.Basis)) {
    func kind(_ basis: GaussianRandomField.Basis) -> fftw_r2r_kind {
      switch basis {
      case .neumann: FFTW_REDFT00
      case .periodic: FFTW_HC2R
      }
    }
    plan = FFTWPlan(.double) {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.0 * shape.1) { buffer in
        fftw_plan_r2r_2d(
          Int32(shape.0), Int32(shape.1), buffer.baseAddress, buffer.baseAddress, kind(bases.0), kind(bases.1),
          FFTWPlanner.flags)
      }
    }
  }

  /// Transforms one field of the planned shape.
  func apply(_ field: inout Tensor<Double>) {
    field.withUnsafeMutableBuffer { fftw_execute_r2r(plan.handle, $0.baseAddress, $0.baseAddress) }
  }
}
