public import Tensors

/// Conjugate gradients for a symmetric positive definite five-point operator.
///
/// Hestenes & Stiefel 1952, doi:10.6028/jres.049.044, preconditioned by the diagonal. The residual of the recurrence
/// drifts from `b − A x` by rounding; when it meets the tolerance the residual is computed anew, and the iteration starts
/// again from there if that one does not.
public struct ConjugateGradient: Hashable, Sendable {
  /// What `b − A x` must reach.
  public let tolerance: Tolerance
  /// The most iterations.
  public let iterationLimit: Int

  /// - Parameters:
  ///   - tolerance: what `b − A x` must reach.
  ///   - iterationLimit: the most iterations, at least 1.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8), iterationLimit: Int = 20_000) {
    precondition(iterationLimit >= 1, "a solve needs at least one iteration, found a limit of \(iterationLimit)")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// Solves `A x = b` from zero; `b` has the shape [rows, columns] of the operator.
  public func solve(_ a: FivePointOperator, rightHandSide: Tensor<Double>) -> LinearSolution {
    let grid = a.grid
    var (b, x, r, p, q) = (grid.zeros(), grid.zeros(), grid.zeros(), grid.zeros(), grid.zeros())
    let diagonal = a.diagonal()
    grid.pad(rightHandSide, into: &b)
    let (scale, reference) = (1 / Double(grid.rows * grid.columns), b.norm)
    func accepted(_ squared: Double) -> Bool {
      tolerance.accepts(
        residual: (squared * scale).squareRoot(), reference: reference * scale.squareRoot())
    }
    var squared = a.residual(of: x, rightHandSide: b, into: &r)
    var trace = [reference > 0 ? squared.squareRoot() / reference : 0]
    var termination = Termination.iterationLimit
    var rho = 0.0
    while true {
      if !squared.isFinite {
        termination = .nonfinite
        break
      }
      if accepted(squared) {
        let honest = a.residual(of: x, rightHandSide: b, into: &r)
        if accepted(honest) {
          termination = .converged
          break
        }
        if honest > 4 * squared { rho = 0 }
        squared = honest
      }
      if trace.count > iterationLimit { break }
      let z = r / diagonal
      let next = r.dot(z)
      p.add(z, keeping: rho > 0 ? next / rho : 0)
      rho = next
      let curvature = a.apply(to: p, into: &q)
      guard curvature > 0 else {
        termination = curvature.isNaN ? .nonfinite : .stagnated
        break
      }
      x.add(p, scaledBy: rho / curvature)
      r.add(q, scaledBy: -rho / curvature)
      squared = r.dot(r)
      trace.append(squared.squareRoot() / reference)
    }
    let final = a.residual(of: x, rightHandSide: b, into: &r).squareRoot()
    return LinearSolution(
      solution: grid.interior(of: x), termination: termination,
      statistics: LinearStatistics(
        iterations: trace.count - 1, residual: reference > 0 ? final / reference : final, trace: trace))
  }
}
