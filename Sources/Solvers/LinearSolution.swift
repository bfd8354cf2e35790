public import Tensors

/// What a linear solve reached: the solution, why the iteration stopped, and the numbers behind that verdict.
public struct LinearSolution: Sendable {
  /// The solution, of the shape of the right-hand side.
  public let solution: Tensor<Double>
  /// Why the iteration stopped.
  public let termination: Termination
  /// What happened on the way.
  public let statistics: LinearStatistics

  /// The same verdict on a solution in another form, for problems that wrap a linear system.
  public func mapSolution(_ transform: (Tensor<Double>) -> Tensor<Double>) -> LinearSolution {
    LinearSolution(solution: transform(solution), termination: termination, statistics: statistics)
  }
}

/// What happened in a linear solve.
public struct LinearStatistics: Hashable, Sendable {
  /// Applications of the operator inside the iteration.
  public let iterations: Int
  /// `‖b − A x‖₂ / ‖b‖₂`, computed anew from the solution that is returned; 0 when b is 0.
  public let residual: Double
  /// `‖r‖₂ / ‖b‖₂` of the recurrence at the start and after every iteration.
  public let trace: [Double]
}
