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

  private var kernels: MultigridKernels<Scalar> { Scalar.multigrid }

  init(_ layout: MultigridLayout) {
    self.layout = layout
    arena = .zeros([layout.count])
  }

  // MARK: Set-up

  /// Builds the hierarchy and the couplings of the reduced system, all of the operator times `unit`.
  ///
  /// - Returns: whether the coarsest operator is positive definite, as it must be.
  mutating func setUp(_ a: FivePointOperator, unit: Double, _ system: inout ReducedSystem) -> Bool {
    let (layout, kernels) = (layout, kernels)
    let reduced = system.layout
    arena.withUnsafeMutableBuffer { arena in
      system.arena.withUnsafeMutableBuffer { exact in
        a.withFaces { west, south in
          guard let base = arena.baseAddress, let exact = exact.baseAddress else { return }
          let (red, black) = (exact + reduced.red, exact + reduced.black)
          layout.withLevel(0) { level in
            Strips(rows: a.rows).forEach { _, rows in
              kernels.split(
                base, level, a.grid.stride, west, south, unit, rows.lowerBound, rows.upperBound, red, black)
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
    return factorCoarsest()
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

  private mutating func factorCoarsest() -> Bool {
    let level = layout.levels[layout.levels.count - 1]
    // The shorter axis runs fastest, which makes the band narrow.
    let byRows = level.columns <= level.rows
    let (length, lines) = byRows ? (level.columns, level.rows) : (level.rows, level.columns)
    coarsestValues = [Double](repeating: 0, count: length * lines)
    coarsest = arena.withUnsafeBuffer { arena in
      BandedCholesky(count: length * lines, bandwidth: length + 1) { row, column in
        let (this, that) = (Self.point(row, length, byRows), Self.point(column, length, byRows))
        // The lower of two rows, or the western of one row, holds the coupling.
        let (from, to) = this < that ? (this, that) : (that, this)
        func value(_ array: Int) -> Double { Double(arena[array + level.offset(from.row, from.column)]) }
        switch (to.row - from.row, to.column - from.column) {
        case (0, 0): return value(level.centre)
        case (0, 1): return -value(level.east)
        case (1, -1): return -value(level.northWest)
        case (1, 0): return -value(level.north)
        case (1, 1): return -value(level.northEast)
        default: return 0
        }
      }
    }
    return coarsest != nil
  }

  private static func point(_ index: Int, _ length: Int, _ byRows: Bool) -> (row: Int, column: Int) {
    byRows ? (index / length, index % length) : (index % length, index / length)
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
    let byRows = level.columns <= level.rows
    let length = min(level.rows, level.columns)
    var values = coarsestValues
    arena.withUnsafeMutableBuffer { arena in
      for index in values.indices {
        let (row, column) = Self.point(index, length, byRows)
        values[index] = Double(arena[level.right + level.offset(row, column)])
      }
      coarsest.solve(&values)
      for index in values.indices {
        let (row, column) = Self.point(index, length, byRows)
        arena[level.unknown + level.offset(row, column)] = Scalar(values[index])
      }
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
