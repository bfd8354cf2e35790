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
  /// `‖b − A x‖₂ / (‖A‖ ‖x‖₂ + ‖b‖₂)`: the relative change of A and b for which x is exact; 0 when all is 0, nil
  /// from solvers that know no norm of A.
  ///
  /// Rounding leaves some 1e-16 whatever the solver, so that a solve that stagnates there is as good as the numbers allow
  /// (Rigal & Gaches 1967, J. ACM 14, 543, doi:10.1145/321406.321416). ‖A‖ stands for its bound, twice the largest
  /// possible diagonal.
  public let backwardError: Double?
  /// `‖r‖₂ / ‖b‖₂` of the recurrence at the start and after every iteration.
  public let trace: [Double]

  init(iterations: Int, residual: Double, backwardError: Double? = nil, trace: [Double]) {
    self.iterations = iterations
    self.residual = residual
    self.backwardError = backwardError
    self.trace = trace
  }
}
