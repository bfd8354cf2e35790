import CKernels
import Tensors

/// A scalar that a multigrid hierarchy can be stored in.
protocol MultigridScalar: TensorScalar {
  /// The kernels for this scalar.
  static var multigrid: MultigridKernels<Self> { get }
}

/// The kernels of `CKernelsMultigrid.h` for one scalar type, as values; arguments are as documented there.
struct MultigridKernels<Scalar>: Sendable {
  typealias Base = UnsafeMutablePointer<Scalar>
  typealias Level = UnsafePointer<ck_level>
  typealias Finest = UnsafePointer<ck_redblack>
  typealias Doubles = UnsafeMutablePointer<Double>
  typealias Conductances = UnsafePointer<Double>

  let split:
    @Sendable (Base, Level, Int, Conductances, Conductances, Conductances?, Double, Int, Int, Doubles, Doubles) -> Void
  let edges: @Sendable (Base, Level, Int, Int) -> Void
  let corners: @Sendable (Base, Level, Int, Int) -> Void
  let spread: @Sendable (Base, Level, Int, Int) -> Void
  let galerkin: @Sendable (Base, Level, Level, Int, Int, Base) -> Void
  let invert: @Sendable (Base, Level, Int, Int) -> Void
  let couplings:
    @Sendable (
      Base, Finest, Doubles, Finest, Int, Conductances, Conductances, Double, Conductances, Conductances, Int, Int
    ) -> Void
  let transfer: @Sendable (Base, Finest, Level, Conductances, Int, Int) -> Void
  let update: @Sendable (Base, Finest, Int, Int, Double, Conductances, Conductances, Doubles, Doubles, Double) -> Double
  let restrictFinest: @Sendable (Base, Finest, Level, Int, Int, Base) -> Void
  let correctFinest: @Sendable (Base, Finest, Level, Int, Int, Base) -> Double
  let dot: @Sendable (Int, Int, Int, Int, Int, UnsafePointer<Scalar>, UnsafePointer<Scalar>) -> Double
  let direction: @Sendable (Base, Finest, Int, Int, Double, Double, Doubles) -> Void
  let relaxOdd: @Sendable (Base, Level, Int, Int) -> Void
  let relaxEven: @Sendable (Base, Level, Int, Int) -> Void
  let restrict: @Sendable (Base, Level, Level, Int, Int, Base) -> Void
  let correct: @Sendable (Base, Level, Level, Int, Int, Base) -> Void
  let finishEven: @Sendable (Base, Level, Int, Int) -> Void
  let finishOdd: @Sendable (Base, Level, Int, Int) -> Void
}

extension Float: MultigridScalar {
  static let multigrid = MultigridKernels<Float>(
    split: ck_multigrid_split_f32, edges: ck_multigrid_edges_f32, corners: ck_multigrid_corners_f32,
    spread: ck_multigrid_spread_f32,
    galerkin: ck_multigrid_galerkin_f32, invert: ck_multigrid_invert_f32, couplings: ck_redblack_couplings_f32,
    transfer: ck_redblack_transfer_f32, update: ck_redblack_update_f32, restrictFinest: ck_redblack_restrict_f32,
    correctFinest: ck_redblack_correct_f32, dot: ck_redblack_dot_f32, direction: ck_redblack_direction_f32,
    relaxOdd: ck_multigrid_relax_odd_f32,
    relaxEven: ck_multigrid_relax_even_f32, restrict: ck_multigrid_restrict_f32, correct: ck_multigrid_correct_f32,
    finishEven: ck_multigrid_finish_even_f32, finishOdd: ck_multigrid_finish_odd_f32)
}

extension Double: MultigridScalar {
  static let multigrid = MultigridKernels<Double>(
    split: ck_multigrid_split_f64, edges: ck_multigrid_edges_f64, corners: ck_multigrid_corners_f64,
    spread: ck_multigrid_spread_f64,
    galerkin: ck_multigrid_galerkin_f64, invert: ck_multigrid_invert_f64, couplings: ck_redblack_couplings_f64,
    transfer: ck_redblack_transfer_f64, update: ck_redblack_update_f64, restrictFinest: ck_redblack_restrict_f64,
    correctFinest: ck_redblack_correct_f64, dot: ck_redblack_dot_f64, direction: ck_redblack_direction_f64,
    relaxOdd: ck_multigrid_relax_odd_f64,
    relaxEven: ck_multigrid_relax_even_f64, restrict: ck_multigrid_restrict_f64, correct: ck_multigrid_correct_f64,
    finishEven: ck_multigrid_finish_even_f64, finishOdd: ck_multigrid_finish_odd_f64)
}
