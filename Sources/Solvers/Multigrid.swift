import CKernels
import Tensors

/// One symmetric V(1,1) cycle of multigrid for the reduced system of a five-point operator: a preconditioner.
///
/// Every second row and column is kept from level to level, whatever their number. Interpolation follows the operator and
/// coarse operators are Galerkin products with nine points (black box multigrid: J. E. Dendy 1982, J. Comput. Phys. 48,
/// 366, doi:10.1016/0021-9991(82)90057-2), so that jumps of the coefficient need not lie on coarse cells. The finest level
/// relaxes red, then black points, the others four colours in turn, and the way back reverses the order, which makes the
/// cycle symmetric. Differences to Dendy: the coarsest level is solved by a band factorisation; a denominator that is not
/// positive, which an M-matrix does not have, gives the weight 0.
struct Multigrid<Scalar: MultigridScalar>: Sendable {
  let layout: MultigridLayout
  private var arena: Tensor<Scalar>
  private var coarsest: BandedCholesky?
  private var coarsestValues: [Double] = []
  /// Where the points of the coarsest level lie in the band and in the arrays.
  private var coarsestPositions: [(position: Int, offset: Int)] = []

  private var kernels: MultigridKernels<Scalar> { Scalar.multigrid }

  init(_ layout: MultigridLayout) {
    self.layout = layout
    arena = .zeros([layout.count])
  }

  // MARK: Set-up

  /// Builds the hierarchy and the couplings of the reduced system, all of the operator times `unit`.
  ///
  /// The coarsest operator of a singular operator is pinned: the residuals it meets have zero sum, so that its solution
  /// differs from one of the singular system by a constant alone, which the operator maps to 0.
  ///
  /// - Returns: whether the coarsest operator is positive definite, as it must be.
  mutating func setUp(_ a: FivePointOperator, unit: Double, _ system: inout ReducedSystem) -> Bool {
    let (layout, kernels) = (layout, kernels)
    let reduced = system.layout
    arena.withUnsafeMutableBuffer { arena in
      system.arena.withUnsafeMutableBuffer { exact in
        a.withFaces { west, south, ground in
          guard let base = arena.baseAddress, let exact = exact.baseAddress else { return }
          let (red, black) = (exact + reduced.red, exact + reduced.black)
          layout.withLevel(0) { level in
            Strips(rows: a.rows).forEach { _, rows in
              kernels.split(
                base, level, a.grid.stride, west, south, ground, unit, rows.lowerBound, rows.upperBound, red, black)
            }
          }
          for index in 0..<layout.levels.count - 1 { Self.coarsen(base, layout, index) }
          withUnsafePointer(to: layout.finest) { finest in
            withUnsafePointer(to: reduced.couplings) { couplings in
              layout.withLevel(0) { level in
                Strips(rows: a.rows).forEach { _, rows in
                  kernels.couplings(
                    base, finest, exact, couplings, a.grid.stride, west, south, unit, red, black, rows.lowerBound,
                    rows.upperBound)
                  kernels.transfer(base, finest, level, red, rows.lowerBound / 2, (rows.upperBound + 1) / 2)
                }
              }
            }
          }
        }
      }
    }
    return factorCoarsest(pinned: a.isSingular)
  }

  /// Interpolation weights of level `index` and the stencil of the next.
  private static func coarsen(_ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withLevel(index + 1) { coarse in
        strips.forEach { _, rows in kernels.edges(base, level, rows.lowerBound, rows.upperBound) }
        strips.forEach { _, rows in kernels.corners(base, level, rows.lowerBound / 2, (rows.upperBound + 1) / 2) }
        strips.forEach { strip, _ in
          let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
          guard !rows.isEmpty else { return }
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.galerkin(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
        if index > 0 { kernels.invert(base, level, 0, level.pointee.rows) }
      }
    }
  }

  private mutating func factorCoarsest(pinned: Bool) -> Bool {
    let level = layout.levels[layout.levels.count - 1]
    let order = BandOrder(rows: level.rows, columns: level.columns, joined: .none)
    coarsestPositions = (0..<level.rows).flatMap { row in
      (0..<level.columns).map { (order.position(row: row, column: $0), level.offset(row, $0)) }
    }
    coarsestValues = [Double](repeating: 0, count: order.count)
    var matrix = LowerBand(count: order.count, bandwidth: order.bandwidth)
    arena.withUnsafeBuffer { arena in
      for row in 0..<level.rows {
        for column in 0..<level.columns {
          let (this, at) = (order.position(row: row, column: column), level.offset(row, column))
          func couple(_ array: Int, _ down: Int, _ right: Int) {
            guard row + down < level.rows, (0..<level.columns).contains(column + right) else { return }
            let that = order.position(row: row + down, column: column + right)
            matrix.add(-Double(arena[array + at]), row: this, column: that)
          }
          matrix.add(Double(arena[level.centre + at]), row: this, column: this)
          couple(level.east, 0, 1)
          couple(level.northWest, 1, -1)
          couple(level.north, 1, 0)
          couple(level.northEast, 1, 1)
        }
      }
    }
    if pinned { matrix.pin() }
    coarsest = BandedCholesky(matrix)
    return coarsest != nil
  }

  // MARK: Cycle

  /// `x += step·p`, `r −= step·q`, and the scaled residual for the next cycle; returns the square of the residual's norm
  /// in unscaled unknowns.
  mutating func update(_ system: inout ReducedSystem, step: Double, scale: Double) -> Double {
    let (layout, kernels, reduced) = (layout, kernels, system.layout)
    return arena.withUnsafeMutableBuffer { arena in
      system.arena.withUnsafeMutableBuffer { exact in
        guard let base = arena.baseAddress, let exact = exact.baseAddress else { return 0 }
        return withUnsafePointer(to: layout.finest) { finest in
          reduced.strips.sum { _, rows in
            kernels.update(
              base, finest, rows.lowerBound, rows.upperBound, step, exact + reduced.p, exact + reduced.q,
              exact + reduced.x, exact + reduced.r, scale)
          }
        }
      }
    }
  }

  /// One cycle on the scaled residual of the last update; returns the product of residual and result.
  mutating func cycle() -> Double {
    let (layout, kernels) = (layout, kernels)
    let last = layout.levels.count - 1
    let strips = Strips(rows: layout.finest.rows)
    arena.withUnsafeMutableBuffer { arena in
      guard let base = arena.baseAddress else { return }
      withUnsafePointer(to: layout.finest) { finest in
        layout.withLevel(1) { coarse in
          strips.forEach { strip, _ in
            let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
            guard !rows.isEmpty else { return }
            let scratch = base + layout.scratch(level: 0, strip: strip)
            kernels.restrictFinest(base, finest, coarse, rows.lowerBound, rows.upperBound, scratch)
          }
        }
      }
      for level in 1..<last { Self.descend(base, layout, level) }
    }
    solveCoarsest()
    return arena.withUnsafeMutableBuffer { arena in
      guard let base = arena.baseAddress else { return 0 }
      for level in (1..<last).reversed() { Self.ascend(base, layout, level) }
      return withUnsafePointer(to: layout.finest) { finest in
        layout.withLevel(1) { coarse in
          strips.sum { strip, rows in
            let scratch = base + layout.scratch(level: 0, strip: strip)
            return kernels.correctFinest(base, finest, coarse, rows.lowerBound, rows.upperBound, scratch)
          }
        }
      }
    }
  }

  /// `p = scale·z + keep·p`, z the result of the last cycle.
  mutating func direct(_ system: inout ReducedSystem, scale: Double, keep: Double) {
    let (layout, kernels, reduced) = (layout, kernels, system.layout)
    arena.withUnsafeMutableBuffer { arena in
      system.arena.withUnsafeMutableBuffer { exact in
        guard let base = arena.baseAddress, let exact = exact.baseAddress else { return }
        withUnsafePointer(to: layout.finest) { finest in
          reduced.strips.forEach { _, rows in
            kernels.direction(base, finest, rows.lowerBound, rows.upperBound, scale, keep, exact + reduced.p)
          }
        }
      }
    }
  }

  private static func descend(_ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withLevel(index + 1) { coarse in
        strips.forEach { _, rows in kernels.relaxOdd(base, level, rows.lowerBound, rows.upperBound) }
        strips.forEach { _, rows in kernels.relaxEven(base, level, rows.lowerBound, rows.upperBound) }
        strips.forEach { strip, _ in
          let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
          guard !rows.isEmpty else { return }
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.restrict(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
      }
    }
  }

  private static func ascend(_ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withLevel(index + 1) { coarse in
        strips.forEach { strip, rows in
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.correct(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
        strips.forEach { _, rows in kernels.finishEven(base, level, rows.lowerBound, rows.upperBound) }
        strips.forEach { _, rows in kernels.finishOdd(base, level, rows.lowerBound, rows.upperBound) }
      }
    }
  }

  private mutating func solveCoarsest() {
    guard let coarsest else { return }
    let level = layout.levels[layout.levels.count - 1]
    arena.withUnsafeMutableBuffer { arena in
      for (position, offset) in coarsestPositions { coarsestValues[position] = Double(arena[level.right + offset]) }
      coarsest.solve(&coarsestValues)
      for (position, offset) in coarsestPositions { arena[level.unknown + offset] = Scalar(coarsestValues[position]) }
    }
  }
}

extension ck_level {
  /// The place of a point in a split array.
  fileprivate func offset(_ row: Int, _ column: Int) -> Int { (2 * row + column % 2) * half + column / 2 }
}

extension MultigridLayout {
  fileprivate func withLevel<R>(_ index: Int, _ body: (UnsafePointer<ck_level>) -> R) -> R {
    withUnsafePointer(to: levels[index], body)
  }
}

extension Strips {
  /// Runs `body` for every strip, in parallel.
  func forEach(_ body: (_ strip: Int, _ rows: Range<Int>) -> Void) {
    Parallel.forEach(count) { body($0, rows(of: $0)) }
  }
}
