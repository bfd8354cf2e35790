import CFFTW
public import Tensors

/// The unnormalised cosine transform of the first kind in two axes (FFTW's REDFT00), in place.
///
/// Along an axis of n values, `Y[k] = X[0] + (−1)ᵏ X[n−1] + 2 Σ_{j=1}^{n−2} X[j] cos(π j k / (n − 1))`. Applied twice it
/// multiplies by `2(n − 1)` an axis. Its basis has zero normal derivative on both edges of a grid that stores them.
public struct CosineTransform: Sendable {
  /// Points along (y, x), both edges included; at least 2 each.
  public let shape: (Int, Int)
  private let plan: FFTWPlan

  /// Plans the transform; cheap (no timing), but worth keeping when many fields of one shape follow.
  public init(shape: (Int, Int)) {
    precondition(shape.0 >= 2 && shape.1 >= 2, "a cosine transform needs both edges of each axis, found \(shape)")
    self.shape = shape
    plan = FFTWPlan(.double) {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.0 * shape.1) { buffer in
        fftw_plan_r2r_2d(
          Int32(shape.0), Int32(shape.1), buffer.baseAddress, buffer.baseAddress, FFTW_REDFT00, FFTW_REDFT00,
          FFTWPlanner.flags)
      }
    }
  }

  /// Transforms every field of a tensor [fields…, y, x] in place, in parallel over the fields.
  public func apply(_ fields: inout Tensor<Double>) {
    precondition(
      Array(fields.shape.suffix(2)) == [shape.0, shape.1],
      "a cosine transform of \(shape) was given a tensor of shape \(fields.shape)")
    let stride = shape.0 * shape.1
    fields.withUnsafeMutableBuffer { buffer in
      guard let base = buffer.baseAddress else { return }
      Parallel.forEach(buffer.count / stride) { field in
        let pointer = base + field * stride
        fftw_execute_r2r(plan.handle, pointer, pointer)
      }
    }
  }
}
