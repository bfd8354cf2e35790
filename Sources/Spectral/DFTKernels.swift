import CKernels
import Tensors

/// The Fourier kernels of `CKernels` for one scalar type, as values; arguments are as documented in `CKernelsDFT.h`.
struct DFTKernels<Scalar: TensorScalar>: Sendable {
  typealias In = UnsafePointer<Scalar>
  typealias Out = UnsafeMutablePointer<Scalar>

  /// (n, pairs, columns, table, x, ldx, out, ldo).
  let analysis: @Sendable (Int, Int, Int, In, In, Int, Out, Int) -> Void
  /// (n, pairs, columns, table, x, ldx, out, ldo).
  let synthesis: @Sendable (Int, Int, Int, In, In, Int, Out, Int) -> Void
  /// (nonnegative, negative, width, x, ldx, imaginary, out).
  let combine: @Sendable (Int, Int, Int, In, Int, Int, Out) -> Void
  /// (nonnegative, negative, width, x, pairs, out, ldo, imaginary).
  let split: @Sendable (Int, Int, Int, In, Int, Out, Int, Int) -> Void

  /// The kernels for `Scalar`, which is `Float` or `Double`.
  static var standard: DFTKernels {
    guard let kernels = (single as? DFTKernels) ?? (double as? DFTKernels) else {
      preconditionFailure("there are Fourier kernels for Float and Double only")
    }
    return kernels
  }
}

private let single = DFTKernels<Float>(
  analysis: ck_dft_analysis_f32, synthesis: ck_dft_synthesis_f32, combine: ck_dft_combine_f32, split: ck_dft_split_f32)
private let double = DFTKernels<Double>(
  analysis: ck_dft_analysis_f64, synthesis: ck_dft_synthesis_f64, combine: ck_dft_combine_f64, split: ck_dft_split_f64)
