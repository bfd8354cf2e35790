import CKernels

/// The channel kernels of `CKernels` for one scalar type, as values; arguments are as documented in
/// `CKernelsChannels.h`.
struct ChannelKernels<Scalar: TensorScalar>: Sendable {
  typealias Shape = UnsafePointer<ck_channel_shape>
  typealias In = UnsafePointer<Scalar>
  typealias Out = UnsafeMutablePointer<Scalar>
  typealias Ins = UnsafePointer<UnsafePointer<Scalar>?>
  typealias Outs = UnsafePointer<UnsafeMutablePointer<Scalar>?>

  let scratch: @Sendable (Shape) -> Int
  let map: @Sendable (Shape, Ins, In, In, Ins, Bool, Out, Out?, Out) -> Void
  let pullback: @Sendable (Shape, Ins, In, In, In?, Outs, Bool, Out?, Out?, Out) -> Void
  let hiddenScratch: @Sendable (Int, Int, Int) -> Int
  let hiddenMap: @Sendable (Int, Int, Int, Int, Int, In, In, In, In, In, Out, Out) -> Void
  let hiddenPullback: @Sendable (Int, Int, Int, Int, Int, In, In, In, In, In, Out?, Out?, Out?, Out?, Out?, Out) -> Void
  let fold: @Sendable (Int, In, Out) -> Void

  /// Elements of the vector that a sum is kept as.
  static var lanes: Int { 64 / MemoryLayout<Scalar>.stride }

  /// The kernels for `Scalar`, which is `Float` or `Double`.
  static var standard: ChannelKernels {
    guard let kernels = (single as? ChannelKernels) ?? (double as? ChannelKernels) else {
      preconditionFailure("there are channel kernels for Float and Double only")
    }
    return kernels
  }
}

private let single = ChannelKernels<Float>(
  scratch: ck_channel_scratch_f32, map: ck_channel_map_f32, pullback: ck_channel_pullback_f32,
  hiddenScratch: ck_channel_mlp_scratch_f32, hiddenMap: ck_channel_mlp_f32,
  hiddenPullback: ck_channel_mlp_pullback_f32, fold: ck_fold_f32)
private let double = ChannelKernels<Double>(
  scratch: ck_channel_scratch_f64, map: ck_channel_map_f64, pullback: ck_channel_pullback_f64,
  hiddenScratch: ck_channel_mlp_scratch_f64, hiddenMap: ck_channel_mlp_f64,
  hiddenPullback: ck_channel_mlp_pullback_f64, fold: ck_fold_f64)
