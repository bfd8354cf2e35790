public import Tensors

/// A way to choose the next point of a fixed-point iteration `z = f(z)`; an immutable value that holds settings only.
///
/// ``FixedPointSolver`` evaluates the map, measures and decides; a method only proposes. Everything that changes during
/// a solve lives in the state made here, which treats every sample of the batch alone: no number of one sample may
/// depend on another sample or on its place in the batch.
public protocol FixedPointMethod: Sendable, CustomStringConvertible {
  /// The running state for a solve that starts at `start`, leading axis = sample.
  func makeState<Scalar: TensorScalar>(for start: Tensor<Scalar>) -> any FixedPointState<Scalar>
}

/// The running state of a ``FixedPointMethod`` over the samples still iterating.
public protocol FixedPointState<Scalar> {
  /// The numbers of the points.
  associatedtype Scalar: TensorScalar
  /// The points to evaluate next, one row for each row of `iterate`.
  mutating func next(after iterate: FixedPointIterate<Scalar>) -> Tensor<Scalar>
  /// Forgets all rows but these, in ascending order; the next iterate has them as its rows `0, 1, …`.
  mutating func keep(rows: [Int])
}

/// One evaluation of the map over the active samples.
public struct FixedPointIterate<Scalar: TensorScalar>: Sendable {
  /// The points `z`, leading axis = active sample.
  public let points: Tensor<Scalar>
  /// Their images `f(z)`, same shape.
  public let images: Tensor<Scalar>
  /// `rms(f(z) − z)` for each row, finite.
  public let residuals: [Double]
}
