import Tensors

extension ConjugateGradient {
  /// The memory of a solve, kept for the next one of the same size; one for each thread.
  public struct Workspace: Sendable {
    let grid: PaddedGrid
    /// Nil for a rectangle too thin for a coarser level.
    let layout: MultigridLayout?
    /// Nil without joined axes.
    let unrolling: Unrolling?
    /// A solution on the unrolled rectangle, padded.
    private var unrolled: Tensor<Double>?
    private var system: ReducedSystem?
    private var single: Multigrid<Float>?
    private var double: Multigrid<Double>?
    private var algebraic: AlgebraicMultigrid?
    /// Padded.
    var solution: Tensor<Double>
    /// Padded.
    private(set) var residual: Tensor<Double>

    /// For operators with this many unknowns along y and x, joined along these axes.
    public init(rows: Int, columns: Int, joined: Joined = .none) {
      precondition(
        rows >= 1 && columns >= 1, "an operator has at least one unknown an axis, found \(rows) × \(columns)")
      grid = PaddedGrid(rows: rows, columns: columns, joined: joined)
      layout = MultigridLayout(rows: rows, columns: columns, joined: joined)
      unrolling = layout?.unrolling
      unrolled = unrolling?.grid.zeros()
      system = layout.map(ReducedSystem.init)
      (solution, residual) = (grid.zeros(), grid.zeros())
    }

    /// The bytes of all arrays there are so far, the hierarchies being made at their first use.
    ///
    /// From 400 × 400 unknowns on at most 20 doubles an unknown, joined axes included; 30 with
    /// ``ConjugateGradient/Precision/double``. Small grids, whose rows are filled up to whole vectors, take more.
    public var byteCount: Int {
      let doubles = solution.count + residual.count + (unrolled?.count ?? 0) + (system?.arena.count ?? 0)
      return doubles * MemoryLayout<Double>.size + (single?.byteCount ?? 0) + (double?.byteCount ?? 0)
        + (algebraic?.byteCount ?? 0)
    }

    /// Lends the hierarchy in single precision, made at its first use.
    mutating func withSingle(_ body: (inout Workspace, inout Multigrid<Float>) -> Void) {
      guard var multigrid = single.take() ?? layout.map(Multigrid<Float>.init) else { return }
      body(&self, &multigrid)
      single = multigrid
    }

    /// Lends the hierarchy in double precision, made at its first use.
    mutating func withDouble(_ body: (inout Workspace, inout Multigrid<Double>) -> Void) {
      guard var multigrid = double.take() ?? layout.map(Multigrid<Double>.init) else { return }
      body(&self, &multigrid)
      double = multigrid
    }

    /// Lends the algebraic hierarchy, made at its first use.
    mutating func withAlgebraic(_ body: (inout Workspace, inout AlgebraicMultigrid) -> Void) {
      guard var multigrid = algebraic.take() ?? layout.map(AlgebraicMultigrid.init) else { return }
      body(&self, &multigrid)
      algebraic = multigrid
    }

    /// Lends the reduced system; nil when there is none.
    mutating func withSystem<R>(_ body: (inout ReducedSystem) -> R) -> R? {
      guard var lent = system.take() else { return nil }
      defer { system = lent }
      return body(&lent)
    }

    /// Adds the solution of the reduced system for this right-hand side of the kernels to ``solution``.
    mutating func expand(_ right: Right, unit: Double) {
      guard var lent = system.take() else { return }
      defer { system = lent }
      guard let unrolling, var unrolled = unrolled.take() else {
        lent.expand(right, unit: unit, into: &solution, grid)
        return
      }
      unrolled.withUnsafeMutableBuffer { $0.update(repeating: 0) }
      lent.expand(right, unit: unit, into: &unrolled, unrolling.grid)
      unrolling.addRing(of: unrolled, to: &solution, grid)
      self.unrolled = unrolled
    }

    /// The backward error of ``solution``, given the norm of its residual.
    func backwardError(_ residual: Double, _ scaling: Scaling, _ b: Tensor<Double>) -> Double {
      scaling.backwardError(residual: residual, solution: solution.norm, rightHandSide: b.norm)
    }

    /// Removes the mean of the solution of a singular operator, then computes `b − A x` anew; returns its norm. Of a singular
    /// operator ``residual`` is without its mean.
    mutating func finish(_ a: FivePointOperator, _ b: Tensor<Double>) -> Double {
      if a.isSingular { grid.removeMean(&solution) }
      let norm = a.residual(of: &solution, rightHandSide: b, into: &residual).squareRoot()
      // Rounding leaves a mean that no correction answers.
      if a.isSingular { grid.removeMean(&residual) }
      return norm
    }
  }
}

/// A right-hand side in natural order, packed or padded.
struct Right {
  let values: Tensor<Double>
  let origin: Int
  let stride: Int
}
