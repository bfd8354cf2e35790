import CKernels
import Tensors

/// One symmetric V(1,1) cycle of multigrid for the reduced system of a five-point operator: a preconditioner.
///
/// Every second row and column is kept from level to level, whatever their number. Interpolation follows the operator and
/// coarse operators are Galerkin products with nine points (black box multigrid: J. E. Dendy 1982, J. Comput. Phys. 48,
/// 366, doi:10.1016/0021-9991(82)90057-2), so that jumps of the coefficient need not lie on coarse cells. The finest level
/// relaxes red, then black points, the others four colours in turn, and the way back reverses the order, which makes the
/// cycle symmetric. Differences to Dendy: the coarsest level is solved by a band factorisation; a denominator that is not
/// positive, which an M-matrix does not have, gives the weight 0; where conductances differ much (``Scaling/spreads``) the
/// weights at edge points are computed once more with the points on either side of the edge not lumped into the edge
/// point but into the coarse points that they are interpolated from.
struct Multigrid<Scalar: MultigridScalar>: MultigridCycle {
  let layout: MultigridLayout
  private var arena: Tensor<Scalar>
  private var coarsest: BandedCholesky?
  private var coarsestValues: [Double] = []
  /// Where the unknowns of the coarsest level lie in the arrays, in the order of the band.
  private var coarsestOffsets: [Int] = []
  /// Where the points of the coarsest level, margins included, lie in the band and in the arrays.
  private var coarsestPositions: [(position: Int, offset: Int)] = []

  private var kernels: MultigridKernels<Scalar> { Scalar.multigrid }

  init(_ layout: MultigridLayout) {
    self.layout = layout
    arena = .zeros([layout.count])
  }

  /// The bytes of all arrays.
  var byteCount: Int {
    arena.count * MemoryLayout<Scalar>.stride + (coarsest?.byteCount ?? 0)
      + coarsestValues.count * MemoryLayout<Double>.stride + coarsestOffsets.count * MemoryLayout<Int>.stride
      + coarsestPositions.count * MemoryLayout<(Int, Int)>.stride
  }

  // MARK: Set-up

  mutating func setUp(_ a: FivePointOperator, _ scaling: Scaling, _ system: inout ReducedSystem) -> Bool {
    let unit = scaling.unit
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
          for index in 0..<layout.levels.count - 1 { Self.coarsen(base, layout, index, spread: scaling.spreads) }
          withUnsafePointer(to: layout.finest) { finest in
            withUnsafePointer(to: reduced.couplings) { couplings in
              layout.withLevel(0) { level in
                Strips(rows: a.rows).forEach { _, rows in
                  kernels.couplings(
                    base, finest, exact, couplings, a.grid.stride, west, south, unit, red, black, rows.lowerBound,
                    rows.upperBound)
                  kernels.transfer(base, finest, level, red, rows.lowerBound / 2, (rows.upperBound + 1) / 2)
                }
                // The margins are no part of the norm.
                layout.wraps[0]?.clear(base + layout.finest.weight)
              }
            }
          }
        }
      }
    }
    return factorCoarsest(pinned: scaling.isSingular)
  }

  /// Interpolation weights of level `index` and the stencil of the next.
  private static func coarsen(
    _ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int, spread: Bool
  ) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withView(index + 1) { coarse in
        strips.forEach { _, rows in kernels.edges(base, level, rows.lowerBound, rows.upperBound) }
        func corners() {
          strips.forEach { _, rows in kernels.corners(base, level, rows.lowerBound / 2, (rows.upperBound + 1) / 2) }
        }
        corners()
        if spread {
          strips.forEach { _, rows in kernels.spread(base, level, rows.lowerBound, rows.upperBound) }
          corners()
        }
        strips.forEach { strip, _ in
          let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
          guard !rows.isEmpty else { return }
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.galerkin(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
        if index > 0 { kernels.invert(base, level, 0, level.pointee.rows) }
        let built = layout.levels[index + 1]
        if index + 2 < layout.levels.count, let wrap = layout.wraps[index + 1]?.ofSplit {
          for array in [built.centre, built.east, built.north, built.northEast, built.northWest] { wrap(base + array) }
        }
      }
    }
  }

  private mutating func factorCoarsest(pinned: Bool) -> Bool {
    let (level, last) = (layout.levels[layout.levels.count - 1], layout.levels.count - 1)
    let (rows, columns) = (layout.rows.points(level: last), layout.columns.points(level: last))
    let (firstRow, firstColumn) = (layout.rows.margin, layout.columns.margin)
    let order = BandOrder(rows: rows, columns: columns, joined: layout.joined)
    func position(_ row: Int, _ column: Int) -> Int {
      order.position(row: (row + 2 * rows) % rows, column: (column + 2 * columns) % columns)
    }
    coarsestPositions = (0..<level.rows).flatMap { row in
      (0..<level.columns).map { (position(row - firstRow, $0 - firstColumn), level.offset(row, $0)) }
    }
    coarsestValues = [Double](repeating: 0, count: order.count)
    var matrix = LowerBand(count: order.count, bandwidth: order.bandwidth)
    coarsestOffsets = [Int](repeating: 0, count: order.count)
    arena.withUnsafeBuffer { arena in
      for row in 0..<rows {
        for column in 0..<columns {
          let (this, at) = (position(row, column), level.offset(row + firstRow, column + firstColumn))
          coarsestOffsets[this] = at
          func couple(_ array: Int, _ down: Int, _ right: Int) {
            guard row + down < rows || firstRow > 0, (0..<columns).contains(column + right) || firstColumn > 0
            else { return }
            matrix.add(-Double(arena[array + at]), row: this, column: position(row + down, column + right))
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

  mutating func cycle() -> Double {
    let (layout, kernels) = (layout, kernels)
    let last = layout.levels.count - 1
    let strips = Strips(rows: layout.finest.rows)
    arena.withUnsafeMutableBuffer { arena in
      guard let base = arena.baseAddress else { return }
      withUnsafePointer(to: layout.finest) { finest in
        layout.withView(1) { coarse in
          strips.forEach { strip, _ in
            let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
            guard !rows.isEmpty else { return }
            let scratch = base + layout.scratch(level: 0, strip: strip)
            kernels.restrictFinest(base, finest, coarse, rows.lowerBound, rows.upperBound, scratch)
          }
        }
      }
      layout.wrapRight(base, 1)
      for level in 1..<last { Self.descend(base, layout, level) }
    }
    solveCoarsest()
    return arena.withUnsafeMutableBuffer { arena in
      guard let base = arena.baseAddress else { return 0 }
      for level in (1..<last).reversed() { Self.ascend(base, layout, level) }
      let product = withUnsafePointer(to: layout.finest) { finest in
        layout.withView(1) { coarse in
          strips.sum { strip, rows in
            let scratch = base + layout.scratch(level: 0, strip: strip)
            return kernels.correctFinest(base, finest, coarse, rows.lowerBound, rows.upperBound, scratch)
          }
        }
      }
      guard let wrap = layout.wraps[0] else { return product }
      return wrap.dot(base + layout.finest.unknown, base + layout.finest.right)
    }
  }

  mutating func direct(_ system: inout ReducedSystem, scale: Double, keep: Double) {
    let (layout, kernels, reduced) = (layout, kernels, system.layout)
    arena.withUnsafeMutableBuffer { arena in
      system.arena.withUnsafeMutableBuffer { exact in
        guard let base = arena.baseAddress, let exact = exact.baseAddress else { return }
        withUnsafePointer(to: layout.finest) { finest in
          reduced.strips.forEach { _, rows in
            kernels.direction(base, finest, rows.lowerBound, rows.upperBound, scale, keep, exact + reduced.p)
          }
          layout.wraps[0]?(exact + reduced.p)
        }
      }
    }
  }

  private static func descend(_ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withView(index + 1) { coarse in
        strips.forEach { _, rows in kernels.relaxOdd(base, level, rows.lowerBound, rows.upperBound) }
        layout.wrapUnknown(base, index)
        strips.forEach { _, rows in kernels.relaxEven(base, level, rows.lowerBound, rows.upperBound) }
        layout.wrapUnknown(base, index)
        strips.forEach { strip, _ in
          let rows = strips.coarseRows(of: strip, coarse: coarse.pointee.rows)
          guard !rows.isEmpty else { return }
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.restrict(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
        layout.wrapRight(base, index + 1)
      }
    }
  }

  private static func ascend(_ base: UnsafeMutablePointer<Scalar>, _ layout: MultigridLayout, _ index: Int) {
    let kernels = Scalar.multigrid
    let strips = Strips(rows: layout.levels[index].rows)
    layout.withLevel(index) { level in
      layout.withView(index + 1) { coarse in
        strips.forEach { strip, rows in
          let scratch = base + layout.scratch(level: index, strip: strip)
          kernels.correct(base, level, coarse, rows.lowerBound, rows.upperBound, scratch)
        }
        layout.wrapUnknown(base, index)
        strips.forEach { _, rows in kernels.finishEven(base, level, rows.lowerBound, rows.upperBound) }
        layout.wrapUnknown(base, index)
        strips.forEach { _, rows in kernels.finishOdd(base, level, rows.lowerBound, rows.upperBound) }
        layout.wrapUnknown(base, index)
      }
    }
  }

  private mutating func solveCoarsest() {
    guard let coarsest else { return }
    let level = layout.levels[layout.levels.count - 1]
    arena.withUnsafeMutableBuffer { arena in
      for (position, offset) in coarsestOffsets.enumerated() {
        coarsestValues[position] = Double(arena[level.right + offset])
      }
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

  /// Renews the margins of a level's right-hand side; those of the coarsest are not read.
  fileprivate func wrapRight<Scalar>(_ base: UnsafeMutablePointer<Scalar>, _ index: Int) {
    guard index < levels.count - 1 else { return }
    wraps[index]?.ofSplit(base + levels[index].right)
  }

  fileprivate func wrapUnknown<Scalar>(_ base: UnsafeMutablePointer<Scalar>, _ index: Int) {
    wraps[index]?.ofSplit(base + levels[index].unknown)
  }

  fileprivate func withView<R>(_ index: Int, _ body: (UnsafePointer<ck_level>) -> R) -> R {
    withUnsafePointer(to: views[index], body)
  }
}

extension Strips {
  /// Runs `body` for every strip, in parallel.
  func forEach(_ body: (_ strip: Int, _ rows: Range<Int>) -> Void) {
    Parallel.forEach(count) { body($0, rows(of: $0)) }
  }
}
