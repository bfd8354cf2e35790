import CFFTW
import Tensors

/// FFTW on split planes of real and imaginary parts, which lie a fixed number of elements apart.
///
/// The distance is part of a plan, as FFTW documents for split arrays (manual, "New-array Execute Functions"), so each
/// plan is made on a temporary array of the layout it will see. Three transforms, unnormalised.
struct SplitLayout {
  /// Points along each transformed axis and their distance in the input and in the output.
  var axes: [fftw_iodim] = []
  /// Independent transforms: count and distances.
  var repeats: [fftw_iodim] = []
  /// Elements of the real array and of one plane; the imaginary plane follows the real one.
  let realCount: Int
  let planeCount: Int
}

/// Real field to half spectrum; keeps its input.
struct RealToSplitPlan<Scalar: TensorScalar>: Sendable {
  private let plan: FFTWPlan
  private let planeCount: Int

  init(_ layout: SplitLayout) {
    planeCount = layout.planeCount
    plan = withTemporaryPlanes(layout, of: Scalar.self) { precision, real, re, im in
      switch precision {
      case .single:
        fftwf_plan_guru_split_dft_r2c(
          Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(real), cast(re),
          cast(im), FFTWPlanner.flags)
      case .double:
        fftw_plan_guru_split_dft_r2c(
          Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(real), cast(re),
          cast(im), FFTWPlanner.flags)
      }
    }
  }

  func execute(_ field: UnsafePointer<Scalar>, to planes: UnsafeMutablePointer<Scalar>) {
    let field = UnsafeMutablePointer(mutating: field)
    switch plan.precision {
    case .single: fftwf_execute_split_dft_r2c(plan.handle, cast(field), cast(planes), cast(planes + planeCount))
    case .double: fftw_execute_split_dft_r2c(plan.handle, cast(field), cast(planes), cast(planes + planeCount))
    }
  }
}

/// Half spectrum to real field; destroys its input.
struct SplitToRealPlan<Scalar: TensorScalar>: Sendable {
  private let plan: FFTWPlan
  private let planeCount: Int

  init(_ layout: SplitLayout) {
    planeCount = layout.planeCount
    plan = withTemporaryPlanes(layout, of: Scalar.self) { precision, real, re, im in
      switch precision {
      case .single:
        fftwf_plan_guru_split_dft_c2r(
          Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(re), cast(im),
          cast(real), FFTWPlanner.flags)
      case .double:
        fftw_plan_guru_split_dft_c2r(
          Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(re), cast(im),
          cast(real), FFTWPlanner.flags)
      }
    }
  }

  func execute(_ planes: UnsafeMutablePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>) {
    switch plan.precision {
    case .single: fftwf_execute_split_dft_c2r(plan.handle, cast(planes), cast(planes + planeCount), cast(field))
    case .double: fftw_execute_split_dft_c2r(plan.handle, cast(planes), cast(planes + planeCount), cast(field))
    }
  }
}

/// Complex planes in place: `Σ exp(−iθ)` forward, `Σ exp(+iθ)` backward, which is forward with the planes exchanged.
struct SplitInPlacePlan<Scalar: TensorScalar>: Sendable {
  private let forward: FFTWPlan
  private let backward: FFTWPlan
  private let planeCount: Int

  init(_ layout: SplitLayout) {
    planeCount = layout.planeCount
    func plan(exchanged: Bool) -> FFTWPlan {
      withTemporaryPlanes(layout, of: Scalar.self) { precision, _, re, im in
        let (a, b) = exchanged ? (im, re) : (re, im)
        switch precision {
        case .single:
          return fftwf_plan_guru_split_dft(
            Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(a), cast(b),
            cast(a), cast(b), FFTWPlanner.flags)
        case .double:
          return fftw_plan_guru_split_dft(
            Int32(layout.axes.count), layout.axes, Int32(layout.repeats.count), layout.repeats, cast(a), cast(b),
            cast(a), cast(b), FFTWPlanner.flags)
        }
      }
    }
    forward = plan(exchanged: false)
    backward = plan(exchanged: true)
  }

  func executeForward(_ planes: UnsafeMutablePointer<Scalar>) { execute(forward, planes, planes + planeCount) }
  func executeBackward(_ planes: UnsafeMutablePointer<Scalar>) { execute(backward, planes + planeCount, planes) }

  private func execute(_ plan: FFTWPlan, _ a: UnsafeMutablePointer<Scalar>, _ b: UnsafeMutablePointer<Scalar>) {
    switch plan.precision {
    case .single: fftwf_execute_split_dft(plan.handle, cast(a), cast(b), cast(a), cast(b))
    case .double: fftw_execute_split_dft(plan.handle, cast(a), cast(b), cast(a), cast(b))
    }
  }
}

/// The pointer at FFTW's own type, to which the caller has matched the precision.
private func cast<From, To>(_ pointer: UnsafeMutablePointer<From>) -> UnsafeMutablePointer<To> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: To.self)
}

/// A plan made on arrays of the layout's sizes; FFTW does not touch their contents when it plans by estimate.
private func withTemporaryPlanes<Scalar: TensorScalar>(
  _ layout: SplitLayout, of _: Scalar.Type,
  _ make: (
    FFTWPrecision, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>
  ) -> OpaquePointer?
) -> FFTWPlan {
  let precision = FFTWPrecision(of: Scalar.self)
  let base = UnsafeMutablePointer<Scalar>.allocate(capacity: layout.realCount + 2 * layout.planeCount)
  defer { base.deallocate() }
  let planes = base + layout.realCount
  return FFTWPlan(precision) { make(precision, base, planes, planes + layout.planeCount) }
}
