import CFFTW
import Synchronization
import Tensors

/// The one place where FFTW makes and destroys plans.
///
/// FFTW's planner keeps global state and is not thread safe, executing a plan is; so planning is serialised here and
/// nowhere else. Plans come from FFTW's cost model (`FFTW_ESTIMATE`), never from a timing: a timed plan may choose another
/// algorithm on the next run and change the last digits of every result. They accept any alignment, since callers pass
/// rows of larger arrays.
enum FFTWPlanner {
  static let flags = UInt32(FFTW_ESTIMATE | FFTW_UNALIGNED)
  private static let gate = Mutex(())

  /// The plan that `make` returns; FFTW refuses one only for arguments outside its documented range.
  fileprivate static func plan(_ make: () -> OpaquePointer?) -> OpaquePointer {
    let made = gate.withLock { _ in PlanHandle(pointer: make()) }
    guard let pointer = made.pointer else { preconditionFailure("FFTW has no plan for this shape") }
    return pointer
  }

  fileprivate static func destroy(_ plan: OpaquePointer, _ precision: FFTWPrecision) {
    let handle = PlanHandle(pointer: plan)
    gate.withLock { _ in
      switch precision {
      case .single: fftwf_destroy_plan(handle.pointer)
      case .double: fftw_destroy_plan(handle.pointer)
      }
    }
  }

  private struct PlanHandle: @unchecked Sendable {
    // Unchecked: it only carries a plan through the gate; one holder at a time.
    let pointer: OpaquePointer?
  }
}

/// The library of FFTW that serves a scalar type.
enum FFTWPrecision: Sendable {
  case single
  case double

  init<Scalar: TensorScalar>(of _: Scalar.Type) {
    precondition(Scalar.self == Float.self || Scalar.self == Double.self, "FFTW transforms Float or Double")
    self = Scalar.self == Float.self ? .single : .double
  }
}

/// Owns one plan of FFTW and gives it back; which transform it is, is known to the struct that holds it.
final class FFTWPlan: @unchecked Sendable {
  // Unchecked: a plan is not changed after it is made, and executing it on the caller's arrays is thread safe.
  let handle: OpaquePointer
  let precision: FFTWPrecision

  /// Takes what FFTW's planner functions return, called while nobody else is planning.
  init(_ precision: FFTWPrecision, _ make: () -> OpaquePointer?) {
    handle = FFTWPlanner.plan(make)
    self.precision = precision
  }

  deinit { FFTWPlanner.destroy(handle, precision) }
}
