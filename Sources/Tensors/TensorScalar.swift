import CKernels
public import RealModule

/// A number a tensor can hold: `Float` for training, `Double` for classical solvers and gradient checks.
///
/// The kernels are looked up here once per call over whole arrays, never per element, so generic code above needs no
/// specialisation.
public protocol TensorScalar: Real, BinaryFloatingPoint, Sendable, CustomStringConvertible {
  /// The C kernels for this scalar.
  static var kernels: Kernels<Self> { get }
}

/// The kernels of `CKernels` for one scalar type, as values; arguments are as documented in `CKernels.h`.
public struct Kernels<Scalar: TensorScalar>: Sendable {
  /// Elements a kernel reads.
  public typealias In = UnsafePointer<Scalar>
  /// Elements a kernel writes.
  public typealias Out = UnsafeMutablePointer<Scalar>

  /// `C[m×n] = (accumulate ? C : 0) + A·B`: (m, n, k, a, rowStrideA, columnStrideA, b, ldb, c, ldc, accumulate).
  public let gemm: @Sendable (Int, Int, Int, In, Int, Int, In, Int, Out, Int, Bool) -> Void
  /// `C[m×n] = (accumulate ? C : 0) + A·Bᵀ`: (m, n, k, a, lda, b, ldb, c, ldc, accumulate).
  public let gemmNT: @Sendable (Int, Int, Int, In, Int, In, Int, Out, Int, Bool) -> Void
  /// Per-mode complex product on split planes: (batch, rows, columns, modes, xr, xi, xBatch, xRow, wr, wi, wRow, wColumn,
  /// outr, outi, outBatch, outColumn, conjugateWeight, scratch of `modesScratch` elements).
  public let modes:
    @Sendable (Int, Int, Int, Int, In, In, Int, Int, In, In, Int, Int, Out, Out, Int, Int, Bool, Out) -> Void
  /// Per-mode outer product `g[i,o] = Σ_b conj(x[b,i])·y[b,o]`: (batch, rows, columns, modes, xr, xi, xBatch, xRow,
  /// yr, yi, yBatch, yColumn, gr, gi, gRow, gColumn, scratch of `modesScratch` elements).
  public let modesOuter:
    @Sendable (Int, Int, Int, Int, In, In, Int, Int, In, In, Int, Int, Out, Out, Int, Int, Out) -> Void
  /// Scratch elements of the two: (batch, rows, columns).
  public let modesScratch: @Sendable (Int, Int, Int) -> Int
  /// `out = value`: (n, value, out).
  public let fill: @Sendable (Int, Scalar, Out) -> Void
  /// `out = a + b`: (n, a, b, out).
  public let add: @Sendable (Int, In, In, Out) -> Void
  /// `out = a − b`: (n, a, b, out).
  public let subtract: @Sendable (Int, In, In, Out) -> Void
  /// `out = a·b`: (n, a, b, out).
  public let multiply: @Sendable (Int, In, In, Out) -> Void
  /// `out = a/b`: (n, a, b, out).
  public let divide: @Sendable (Int, In, In, Out) -> Void
  /// `out = s·a + t`: (n, a, s, t, out).
  public let affine: @Sendable (Int, In, Scalar, Scalar, Out) -> Void
  /// `y = s·x + t·y`: (n, s, x, t, y).
  public let axpby: @Sendable (Int, Scalar, In, Scalar, Out) -> Void
  /// `out = Σ_j c[j]·x[j]`: (n, count, x, c, out).
  public let combine: @Sendable (Int, Int, UnsafePointer<UnsafePointer<Scalar>?>, In, Out) -> Void
  /// `out = x·Φ(x)`: (n, x, out).
  public let gelu: @Sendable (Int, In, Out) -> Void
  /// `out = x·Φ(x)`, `slope = gelu′(x)`: (n, x, out, slope).
  public let geluSlope: @Sendable (Int, In, Out, Out) -> Void
  /// `out = cotangent·gelu′(x)`: (n, x, cotangent, out).
  public let geluPullback: @Sendable (Int, In, In, Out) -> Void
  /// `out = eˣ`: (n, x, out).
  public let exp: @Sendable (Int, In, Out) -> Void
  /// `out = ln x`: (n, x, out).
  public let log: @Sendable (Int, In, Out) -> Void
  /// `out = tanh x`: (n, x, out).
  public let tanh: @Sendable (Int, In, Out) -> Void
  /// `out = √x`: (n, x, out).
  public let squareRoot: @Sendable (Int, In, Out) -> Void
  /// `Σ x` in double: (n, x).
  public let sum: @Sendable (Int, In) -> Double
  /// `Σ x·y` in double: (n, x, y).
  public let dot: @Sendable (Int, In, In) -> Double
  /// `out[2j] = a·x[j], out[2j + 1] = b·x[j]` in double: (n, a, b, count, x, out).
  public let dotPairs:
    @Sendable (Int, In, In, Int, UnsafePointer<UnsafePointer<Scalar>?>, UnsafeMutablePointer<Double>) -> Void
  /// `Σ (x − y)²` in double: (n, x, y).
  public let squaredDistance: @Sendable (Int, In, In) -> Double
  /// `max |x|`: (n, x).
  public let maxAbs: @Sendable (Int, In) -> Scalar
  /// Whether no element is infinite or NaN: (n, x).
  public let allFinite: @Sendable (Int, In) -> Bool
  /// One Adam step: (n, parameter, gradient, first moment, second moment, rate, β₁, β₂, ε, 1 − β₁ᵗ, 1 − β₂ᵗ, L2 decay).
  public let adam: @Sendable (Int, Out, In, Out, Out, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar, Scalar) -> Void
}

extension Float: TensorScalar {
  /// The single-precision kernels.
  public static let kernels = Kernels<Float>(
    gemm: ck_gemm_f32, gemmNT: ck_gemm_nt_f32, modes: ck_modes_f32, modesOuter: ck_modes_outer_f32,
    modesScratch: ck_modes_scratch_f32, fill: ck_fill_f32,
    add: ck_add_f32,
    subtract: ck_sub_f32, multiply: ck_mul_f32, divide: ck_div_f32, affine: ck_affine_f32, axpby: ck_axpby_f32,
    combine: ck_combine_f32, gelu: ck_gelu_f32, geluSlope: ck_gelu_slope_f32, geluPullback: ck_gelu_pullback_f32,
    exp: ck_exp_f32, log: ck_log_f32,
    tanh: ck_tanh_f32, squareRoot: ck_sqrt_f32, sum: ck_sum_f32, dot: ck_dot_f32, dotPairs: ck_dot_pairs_f32,
    squaredDistance: ck_squared_distance_f32, maxAbs: ck_max_abs_f32, allFinite: ck_all_finite_f32, adam: ck_adam_f32)
}

extension Double: TensorScalar {
  /// The double-precision kernels.
  public static let kernels = Kernels<Double>(
    gemm: ck_gemm_f64, gemmNT: ck_gemm_nt_f64, modes: ck_modes_f64, modesOuter: ck_modes_outer_f64,
    modesScratch: ck_modes_scratch_f64, fill: ck_fill_f64,
    add: ck_add_f64,
    subtract: ck_sub_f64, multiply: ck_mul_f64, divide: ck_div_f64, affine: ck_affine_f64, axpby: ck_axpby_f64,
    combine: ck_combine_f64, gelu: ck_gelu_f64, geluSlope: ck_gelu_slope_f64, geluPullback: ck_gelu_pullback_f64,
    exp: ck_exp_f64, log: ck_log_f64,
    tanh: ck_tanh_f64, squareRoot: ck_sqrt_f64, sum: ck_sum_f64, dot: ck_dot_f64, dotPairs: ck_dot_pairs_f64,
    squaredDistance: ck_squared_distance_f64, maxAbs: ck_max_abs_f64, allFinite: ck_all_finite_f64, adam: ck_adam_f64)
}
