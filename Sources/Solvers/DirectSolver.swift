public import Tensors

/// A band factorisation of a five-point operator, for small grids: an independent check of the iteration.
public struct DirectSolver: Hashable, Sendable {
  /// What the true residual must reach for the solution to count as converged.
  public let tolerance: Tolerance

  /// A relative residual of 1e-8 unless told otherwise.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8)) { self.tolerance = tolerance }

  /// Solves `A x = b`; of a singular operator on the right-hand side without its mean, for the solution of mean zero.
  public func solve(_ a: FivePointOperator, rightHandSide b: Tensor<Double>) -> LinearSolution {
    let b = a.isSingular ? b.withoutMean() : b
    let order = BandOrder(rows: a.rows, columns: a.columns, joined: a.joined)
    guard let factor = BandedCholesky(a.band(order)) else {
      return LinearSolution(
        solution: .zeros(b.shape), termination: .nonfinite,
        statistics: LinearStatistics(iterations: 0, residual: 1, trace: [1]))
    }
    var x = order.solution(b) { factor.solve(&$0) }
    if a.isSingular { x = x.withoutMean() }
    let residual = a.residual(of: x, rightHandSide: b)
    let relative = b.norm > 0 ? residual.norm / b.norm : 0
    let isMet = tolerance.accepts(residual: residual.rootMeanSquare, reference: b.rootMeanSquare)
    return LinearSolution(
      solution: x, termination: !relative.isFinite ? .nonfinite : isMet ? .converged : .stagnated,
      statistics: LinearStatistics(iterations: 0, residual: relative, trace: [1, relative]))
  }
}
