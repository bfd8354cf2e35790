public import Tensors

/// Picard iteration `z ← z + damping·(f(z) − z)`, also called the simple or functional iteration.
///
/// Converges linearly where the damped map is a contraction: the error falls by the spectral radius of
/// `(1 − damping)·I + damping·f′` an evaluation. It keeps no history; with damping 1 it costs nothing beside the map.
public struct Picard: FixedPointMethod, Hashable {
  /// The fraction of the step taken, in (0, 1].
  public let damping: Double

  /// - Parameter damping: the fraction of the step taken, in (0, 1]; 1 takes the image itself.
  public init(damping: Double = 1) {
    precondition(damping > 0 && damping <= 1, "a damping factor lies in (0, 1], found \(damping)")
    self.damping = damping
  }

  /// For tables and logs.
  public var description: String { damping == 1 ? "Picard" : "Picard(damping: \(damping))" }

  /// A state without memory.
  public func makeState<Scalar: TensorScalar>(for start: Tensor<Scalar>) -> any FixedPointState<Scalar> {
    State<Scalar>(damping: Scalar(damping))
  }

  private struct State<Scalar: TensorScalar>: FixedPointState {
    let damping: Scalar

    func next(after iterate: FixedPointIterate<Scalar>) -> Tensor<Scalar> {
      guard damping != 1 else { return iterate.images }
      var points = iterate.points
      points.add(iterate.images, scaledBy: damping, keeping: 1 - damping)
      return points
    }

    func keep(rows: [Int]) {}
  }
}
