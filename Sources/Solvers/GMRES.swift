public import Tensors

/// The generalised minimal residual method for `A x = b` with any square `A`, restarted and preconditioned from the right.
///
/// Saad & Schultz 1986, doi:10.1137/0907058, with modified Gram–Schmidt and Givens rotations. With a right preconditioner,
/// `A M⁻¹ y = b` and `x = M⁻¹ y`, the residual that is minimised is that of the system itself. At the end of every cycle
/// `b − A x` is computed anew; the solve ends as `stagnated` when a cycle no longer lowers it, which is what a singular
/// system and the limits of double precision look like.
///
/// A norm is the Euclidean one of the vectors, so an unknown that is scaled to make `⟨x, y⟩` an integral is measured by
/// it. In exact arithmetic n iterations solve n equations. Memory: `restart + 1` vectors. One iteration costs a product
/// with `A`, one with `M⁻¹` and up to `restart` dot products and updates.
public struct GMRES: Hashable, Sendable {
  /// A cycle aims at this part of the tolerance, since the true residual differs from the estimate by rounding.
  private static let margin = 1 - 1e-6
  /// A cycle that leaves more than this part of the true residual has made no progress.
  private static let stagnation = 1 - 1e-4

  /// What `b − A x` must reach.
  public let tolerance: Tolerance
  /// Iterations after which the basis is dropped and begun again.
  public let restart: Int
  /// The most iterations in all.
  public let iterationLimit: Int

  /// - Parameters:
  ///   - tolerance: what `b − A x` must reach.
  ///   - restart: the length of a cycle, at least 1.
  ///   - iterationLimit: the most iterations in all, at least 1.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8), restart: Int = 60, iterationLimit: Int = 600) {
    precondition(restart >= 1, "a cycle has at least one iteration, found a restart after \(restart)")
    precondition(iterationLimit >= 1, "a solve needs at least one iteration, found a limit of \(iterationLimit)")
    self.tolerance = tolerance
    self.restart = restart
    self.iterationLimit = iterationLimit
  }

  /// Solves `A x = b` from zero.
  ///
  /// - Parameters:
  ///   - b: the right-hand side, of any shape.
  ///   - preconditioner: `v ↦ M⁻¹ v`, linear and the same in every call; the identity by default.
  ///   - product: `v ↦ A v`.
  public func solve(
    rightHandSide b: Tensor<Double>, preconditioner: (Tensor<Double>) -> Tensor<Double> = { $0 },
    product: (Tensor<Double>) -> Tensor<Double>
  ) -> LinearSolution {
    let reference = b.norm
    let target = tolerance.threshold(reference: b.rootMeanSquare) * Double(b.count).squareRoot()
    var x = Tensor<Double>.zeros(b.shape)
    var (residual, rest) = (b, reference)
    var iterations = 0
    var trace = [reference > 0 ? 1.0 : 0]
    var termination: Termination? = !reference.isFinite ? .nonfinite : reference <= target ? .converged : nil
    while termination == nil {
      var cycle = ArnoldiCycle(start: residual, norm: rest)
      let limit = min(restart, iterationLimit - iterations)
      while cycle.steps < limit && cycle.residual > Self.margin * target && !cycle.isComplete {
        cycle.extend(by: product(preconditioner(cycle.last)))
        guard cycle.residual.isFinite else { break }
        trace.append(cycle.residual / reference)
      }
      iterations += cycle.steps
      guard cycle.residual.isFinite else {
        termination = .nonfinite
        break
      }
      let next = x + preconditioner(cycle.combination())
      residual = b - product(next)
      let norm = residual.norm
      guard norm.isFinite else {
        termination = .nonfinite
        break
      }
      let before = rest
      if norm < rest { (x, rest) = (next, norm) }
      if rest <= target {
        termination = .converged
      } else if norm > Self.stagnation * before {
        termination = .stagnated
      } else if iterations >= iterationLimit {
        termination = .iterationLimit
      }
    }
    return LinearSolution(
      solution: x, termination: termination ?? .iterationLimit,
      statistics: LinearStatistics(
        iterations: iterations, residual: reference > 0 ? rest / reference : 0, trace: trace))
  }
}

/// One cycle: an orthonormal basis V of the Krylov space and the least-squares problem `min ‖β e₁ − H y‖` on it.
private struct ArnoldiCycle {
  /// A new vector shorter than this part of the product lies in the space already, up to rounding.
  private static let dependence = 4 * Double.ulpOfOne

  private var basis: [Tensor<Double>]
  /// Columns of H, turned into those of the triangular factor R.
  private var columns: [[Double]] = []
  private var rotations: [(cosine: Double, sine: Double)] = []
  /// The rotated right-hand side.
  private var right: [Double]
  /// Whether the space holds its own image, so that it cannot grow.
  private(set) var isComplete = false

  init(start: Tensor<Double>, norm: Double) {
    basis = [start.scaled(by: 1 / norm)]
    right = [norm]
  }

  var steps: Int { columns.count }
  var last: Tensor<Double> { basis[basis.count - 1] }
  /// The norm of the residual of the best combination.
  var residual: Double { abs(right[right.count - 1]) }

  /// Adds the image of the last basis vector.
  mutating func extend(by image: Tensor<Double>) {
    var vector = image
    let size = vector.norm
    var column: [Double] = []
    for member in basis {
      let share = vector.dot(member)
      vector.add(member, scaledBy: -share)
      column.append(share)
    }
    let rest = vector.norm
    isComplete = rest <= Self.dependence * size
    if !isComplete { basis.append(vector.scaled(by: 1 / rest)) }
    for (i, rotation) in rotations.enumerated() {
      (column[i], column[i + 1]) = (
        rotation.cosine * column[i] + rotation.sine * column[i + 1],
        rotation.cosine * column[i + 1] - rotation.sine * column[i]
      )
    }
    let j = columns.count
    let below = isComplete ? 0 : rest
    let diagonal = (column[j] * column[j] + below * below).squareRoot()
    let rotation = diagonal > 0 ? (cosine: column[j] / diagonal, sine: below / diagonal) : (cosine: 1, sine: 0)
    rotations.append(rotation)
    column[j] = diagonal
    columns.append(column)
    let head = right[j]
    right[j] = rotation.cosine * head
    // A zero pivot reduces nothing: the rest stays what it was.
    right.append(diagonal > 0 ? -rotation.sine * head : head)
    // A NaN must not hide behind a comparison that is false.
    if !rest.isFinite { right[j + 1] = rest }
  }

  /// `V y` with the y that minimises the residual.
  func combination() -> Tensor<Double> {
    var y = [Double](repeating: 0, count: steps)
    let largest = columns.indices.reduce(0) { max($0, abs(columns[$1][$1])) }
    for i in columns.indices.reversed() {
      let pivot = columns[i][i]
      guard abs(pivot) > Self.dependence * largest else { continue }
      y[i] = (columns.indices.suffix(from: i + 1).reduce(right[i]) { $0 - columns[$1][i] * y[$1] }) / pivot
    }
    var result = Tensor<Double>.zeros(basis[0].shape)
    for (coefficient, member) in zip(y, basis) { result.add(member, scaledBy: coefficient) }
    return result
  }
}
