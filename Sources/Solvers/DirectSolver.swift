public import Tensors

/// Solves five-point operators by a band factorisation: an independent check of the iterative solvers on small grids.
///
/// For rows × columns unknowns it takes about `n w²` operations and `n w` numbers, n = rows · columns and w the shorter
/// axis (twice that where the longer one is joined). Of a singular operator it solves `A x = b − mean(b)` for the x of
/// zero mean, like ``ConjugateGradient``: one unknown is grounded, which changes nothing for a right-hand side of zero
/// sum, and the mean is removed.
public struct DirectSolver: Hashable, Sendable {
  /// What `b − A x` must reach; rounding leaves about `ε ‖A‖ ‖x‖`.
  public let tolerance: Tolerance

  /// - Parameter tolerance: what `b − A x` must reach.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8)) {
    self.tolerance = tolerance
  }

  /// Solves `A x = b`; `b` has the shape [rows, columns] of the operator.
  ///
  /// Ends as `converged` or, when the true residual misses the tolerance or the matrix is not positive definite, as
  /// `stagnated`; as `nonfinite` when operator, right-hand side or solution are not finite.
  public func solve(_ a: FivePointOperator, rightHandSide b: Tensor<Double>) -> LinearSolution {
    precondition(b.shape == [a.rows, a.columns], "an operator of \([a.rows, a.columns]), a right-hand side \(b.shape)")
    let b = a.isSingular ? b.withoutMean() : b
    let (norm, threshold) = (b.norm, tolerance.threshold(reference: b.rootMeanSquare) * Double(b.count).squareRoot())
    let scaling = Scaling(a)
    func solution(_ x: Tensor<Double>, _ residual: Double, _ termination: Termination) -> LinearSolution {
      let relative = norm > 0 ? residual / norm : 0
      return LinearSolution(
        solution: x, termination: termination,
        statistics: LinearStatistics(
          iterations: 0, residual: relative,
          backwardError: scaling.backwardError(residual: residual, solution: x.norm, rightHandSide: norm),
          trace: [relative]))
    }
    guard norm.isFinite else { return solution(.zeros(b.shape), norm, .nonfinite) }
    guard norm > 0 else { return solution(.zeros(b.shape), 0, .converged) }
    let order = BandOrder(rows: a.rows, columns: a.columns, joined: a.joined)
    let matrix = a.band(order)
    guard matrix.values.allSatisfy(\.isFinite) else { return solution(.zeros(b.shape), norm, .nonfinite) }
    let factor: BandedCholeskyFactorization
    do {
      factor = try BandedCholeskyFactorization(
        count: matrix.count, bandwidth: matrix.bandwidth, rows: matrix.values)
    } catch {
      return solution(.zeros(b.shape), norm, .stagnated)
    }
    var x = order.solution(b) { factor.solve(&$0) }
    if a.isSingular { x = x.withoutMean() }
    let residual = a.residual(of: x, rightHandSide: b).norm
    return solution(x, residual, !residual.isFinite ? .nonfinite : residual <= threshold ? .converged : .stagnated)
  }
}
