import CKernels
import Tensors

/// One symmetric cycle of classical algebraic multigrid for the reduced system: a preconditioner for coefficients that jump
/// strongly from cell to cell.
///
/// Coarse points are chosen by the strength of the couplings (J. W. Ruge & K. Stüben 1987, "Algebraic multigrid", in
/// Multigrid Methods, ed. S. F. McCormick, doi:10.1137/1.9781611971057.ch4, both passes), where geometric coarsening
/// leaves clusters of strongly coupled unknowns without one. Interpolation is the classical one with couplings of the
/// other sign kept out of it (K. Stüben 2001, J. Comput. Appl. Math. 128, 281, doi:10.1016/S0377-0427(00)00516-1), coarse
/// operators are Galerkin products, relaxation is a sweep of Gauss & Seidel forwards on the way down and backwards on the
/// way up. Coarse levels, which cost little, are visited twice. The finest level is the reduced matrix of unscaled
/// unknowns, with nine points: what the first coarsening of the five-point matrix would give. Couplings and weights are
/// stored in single precision, vectors in double.
///
/// Differences to Ruge & Stüben: the first pass treats strips of the rectangle apart from one another, and the second one
/// makes points of its own strip coarse alone, so that strips can be treated in parallel; it still leaves no two strongly
/// coupled fine points without a common coarse one. Diagonals are not computed but follow from the sums of rows, which are
/// carried from level to level without cancellation, so that constants are mapped rightly whatever the contrast.
struct AlgebraicMultigrid: Sendable {
  let layout: MultigridLayout
  /// The number of the first red point of every row of the rectangle.
  private var rowStarts: [Int32] = []
  private let finestStrips: AlgebraicStrips
  /// Finest first.
  var levels: [AlgebraicLevel] = []
  /// How many of them the operator has.
  private(set) var depth = 0
  /// Nil when relaxation alone solves the coarsest level.
  private var coarsest: BandedCholesky?
  private var coarsestValues: [Double] = []
  private var isSingular = false
  private var residual: [Double] = []

  /// Rows of a strip at least: those on either side of its ends see half of their neighbours in the first pass.
  private static let stripRows = 32
  /// Levels with at most one in this many of the finest one's points are visited twice in a cycle, for which one to four
  /// iterations less are needed in about the same time.
  private static let secondVisit = 16

  init(_ layout: MultigridLayout) {
    self.layout = layout
    levels = [AlgebraicLevel()]
    let (rows, columns) = (layout.rows.points(level: 0), layout.columns.points(level: 0))
    var starts = [Int32](repeating: 0, count: rows)
    let strips = AlgebraicStrips(rows: rows, atLeast: Self.stripRows) { row, first in
      starts[row] = Int32(first)
      return first + (columns + 1 - row % 2) / 2
    }
    rowStarts = starts
    finestStrips = strips
  }

  /// The bytes of all arrays.
  var byteCount: Int {
    levels.reduce(0) { $0 + $1.byteCount } + (coarsest?.byteCount ?? 0) + rowStarts.byteCount + residual.byteCount
      + coarsestValues.byteCount
  }
}

extension AlgebraicMultigrid: MultigridCycle {
  mutating func setUp(_ a: FivePointOperator, _ scaling: Scaling, _ system: inout ReducedSystem) -> Bool {
    var setUp = AlgebraicSetUp()
    reduce(a, scaling, &system, &setUp)
    guard let depth = setUp.coarsen(&levels) else { return false }
    self.depth = depth
    residual.grow(to: levels[0].count)
    coarsest = nil
    isSingular = scaling.isSingular
    guard levels[depth - 1].count <= AlgebraicSetUp.directLimit else { return true }
    coarsest = setUp.factor(&levels[depth - 1], pinned: isSingular)
    coarsestValues = [Double](repeating: 0, count: levels[depth - 1].count)
    return coarsest != nil
  }

  /// The couplings of the reduced system and the matrix of the finest level.
  mutating func reduce(
    _ a: FivePointOperator, _ scaling: Scaling, _ system: inout ReducedSystem, _ setUp: inout AlgebraicSetUp
  ) {
    let strips = finestStrips
    withGrid(a, scaling.unit, &system) { grid, exact, couplings, finest in
      let rows = Strips(rows: grid.pointee.rows)
      rows.forEach { _, rows in ck_algebraic_roots(grid, rows.lowerBound, rows.upperBound) }
      rows.forEach { _, rows in
        ck_algebraic_scaled(
          grid, rows.lowerBound, rows.upperBound, exact + couplings.west, exact + couplings.east,
          exact + couplings.south, exact + couplings.north)
      }
      setUp.reduce(grid, strips, &finest)
    }
  }

  mutating func update(_ system: inout ReducedSystem, step: Double, scale: Double) -> Double {
    let reduced = system.layout
    return withGrid(nil, 1, &system) { grid, exact, _, finest in
      finest.withKernel { level in
        reduced.strips.sum { _, rows in
          ck_algebraic_update(
            grid, rows.lowerBound, rows.upperBound, step, exact + reduced.p, exact + reduced.q, exact + reduced.x,
            exact + reduced.r, scale, level.pointee.right)
        }
      }
    }
  }

  mutating func cycle() -> Double {
    let depth = depth
    return levels.withUnsafeMutableBufferPointer { levels in
      residual.withUnsafeMutableBufferPointer { residual in
        guard let residual = residual.baseAddress else { return 0 }
        if isSingular { Self.removeMean(&levels[0]) }
        Self.cycle(levels, 0, depth, residual, isFirst: true) { level in
          guard let coarsest else {
            ck_algebraic_relax(level, 0, level.pointee.count)
            ck_algebraic_finish(level, 0, level.pointee.count)
            return
          }
          for i in coarsestValues.indices { coarsestValues[i] = level.pointee.right[i] }
          coarsest.solve(&coarsestValues, isSingular: isSingular)
          for i in coarsestValues.indices { level.pointee.unknown[i] = coarsestValues[i] }
        }
        let strips = levels[0].strips
        return levels[0].withKernel { level in strips.sum { ck_algebraic_product(level, $0, $1) } }
      }
    }
  }

  mutating func direct(_ system: inout ReducedSystem, scale: Double, keep: Double) {
    let reduced = system.layout
    withGrid(nil, 1, &system) { grid, exact, _, finest in
      finest.withKernel { level in
        reduced.strips.forEach { _, rows in
          ck_algebraic_direction(
            grid, rows.lowerBound, rows.upperBound, scale, keep, level.pointee.unknown, exact + reduced.p)
        }
      }
      reduced.wrap?(exact + reduced.p)
    }
  }

  private typealias Levels = UnsafeMutableBufferPointer<AlgebraicLevel>

  /// Removes the mean of the right-hand side. Rounding gives one to the residuals of a singular operator; no solution has
  /// it, and a cycle answers it with a large constant, whose own rounding is larger.
  private static func removeMean(_ level: inout AlgebraicLevel) {
    let (strips, count) = (level.strips, level.count)
    level.withKernel { level in
      guard let right = level.pointee.right else { return }
      let mean = strips.sum { ck_sum_f64($1 - $0, right + $0) } / Double(count)
      strips.forEach { first, last in for i in first..<last { right[i] -= mean } }
    }
  }

  /// The cycle from level `index` on, from zero or from the unknowns that are there.
  private static func cycle(
    _ levels: Levels, _ index: Int, _ depth: Int, _ residual: UnsafeMutablePointer<Double>,
    isFirst: Bool, _ solveCoarsest: (UnsafePointer<ck_algebraic_level>) -> Void
  ) {
    guard index < depth - 1 else {
      levels[index].withKernel(solveCoarsest)
      return
    }
    let (strips, coarseStrips) = (levels[index].strips, levels[index + 1].strips)
    let visits = Self.secondVisit * levels[index + 1].count <= levels[0].count && index + 2 < depth ? 2 : 1
    levels[index].withKernel { level in
      if isFirst {
        strips.forEach(odd: false) { ck_algebraic_relax(level, $0, $1) }
        strips.forEach(odd: true) { ck_algebraic_relax(level, $0, $1) }
        strips.forEach { ck_algebraic_residual(level, $0, $1, residual) }
      } else {
        strips.forEach(odd: false) { ck_algebraic_sweep(level, $0, $1) }
        strips.forEach(odd: true) { ck_algebraic_sweep(level, $0, $1) }
        strips.forEach { ck_algebraic_remainder(level, $0, $1, residual) }
      }
      levels[index + 1].withKernel { coarse in
        coarseStrips.forEach { ck_algebraic_restrict(level, $0, $1, residual, coarse.pointee.right) }
      }
      for visit in 0..<visits { cycle(levels, index + 1, depth, residual, isFirst: visit == 0, solveCoarsest) }
      levels[index + 1].withKernel { coarse in
        strips.forEach { ck_algebraic_correct(level, $0, $1, coarse.pointee.unknown) }
      }
      strips.forEach(odd: true) { ck_algebraic_finish(level, $0, $1) }
      strips.forEach(odd: false) { ck_algebraic_finish(level, $0, $1) }
    }
  }

  /// Lends what the kernels of the finest level work on; without an operator its faces are missing.
  private mutating func withGrid<R>(
    _ a: FivePointOperator?, _ unit: Double, _ system: inout ReducedSystem,
    _ body: (
      _ grid: UnsafePointer<ck_algebraic_grid>, _ exact: UnsafeMutablePointer<Double>, _ couplings: ck_redblack,
      _ finest: inout AlgebraicLevel
    ) -> R
  ) -> R {
    let (layout, reduced) = (layout, system.layout)
    return system.arena.withUnsafeMutableBuffer { exact in
      guard let exact = exact.baseAddress else { preconditionFailure("a reduced system is never empty") }
      return rowStarts.withUnsafeBufferPointer { starts in
        var grid = ck_algebraic_grid()
        (grid.rows, grid.columns, grid.half) = (layout.rows.length, layout.columns.length, reduced.couplings.half)
        (grid.firstRow, grid.firstColumn) = (layout.rows.margin, layout.columns.margin)
        (grid.ringRows, grid.ringColumns) = (layout.rows.points(level: 0), layout.columns.points(level: 0))
        grid.rowStart = starts.baseAddress
        grid.unit = unit
        (grid.red, grid.black) = (exact + reduced.red, exact + reduced.black)
        guard let a else { return withUnsafePointer(to: grid) { body($0, exact, reduced.couplings, &levels[0]) } }
        grid.stride = a.grid.stride
        return a.withFaces { west, south, ground in
          (grid.west, grid.south, grid.ground) = (west, south, ground)
          return withUnsafePointer(to: grid) { body($0, exact, reduced.couplings, &levels[0]) }
        }
      }
    }
  }
}
