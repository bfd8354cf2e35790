import CKernels
import Tensors

/// A five-point system with its diagonal scaled to one and every second unknown eliminated, in double precision.
///
/// Colour the grid like a chessboard. With the scaled matrix `I − [0 C; Cᵀ 0]`, red unknowns first, the black ones follow
/// from the red ones, and what is left is `(I − C Cᵀ) x = b_red + C b_black`: half the unknowns, and a condition number
/// about four times smaller (Hageman & Young 1981, "Applied Iterative Methods", chapter 9). Its residual is that of the
/// whole system, since the black equations hold exactly.
struct ReducedSystem: Sendable {
  let layout: Layout
  var arena: Tensor<Double>

  init(_ multigrid: MultigridLayout) {
    layout = Layout(multigrid)
    arena = .zeros([layout.count])
  }

  /// Where the arrays lie.
  struct Layout: Sendable {
    let couplings: ck_redblack
    /// Inverse roots of the diagonal at red and at black points.
    let (red, black): (Int, Int)
    /// Solution, residual, direction and its image at red points.
    let (x, r, p, q): (Int, Int, Int, Int)
    let strips: Strips
    /// Renews the margins of the arrays; nil without joined axes.
    let wrap: Wrap?
    let count: Int
    private let scratch: Int
    private let scratchStride: Int

    init(_ multigrid: MultigridLayout) {
      let level = multigrid.levels[0]
      var arena = ArenaPlan()
      func half() -> Int { arena.array(rows: level.rows, row: level.half) }
      couplings = arena.redBlack(level)
      (red, black) = (half(), half())
      (x, r, p, q) = (half(), half(), half(), half())
      strips = Strips(rows: level.rows)
      wrap = multigrid.wraps[0]
      scratchStride = 4 * SplitShape(level).scratchRow
      scratch = arena.take(strips.count * scratchStride + 32)
      count = arena.count
    }

    func scratch(_ strip: Int) -> Int { scratch + strip * scratchStride }
  }

  /// `r = b_red + C b_black` of the scaled right-hand side, x = 0.
  mutating func reduce(_ right: Right, unit: Double) {
    let layout = layout
    arena.withUnsafeMutableBuffer { buffer in
      right.values.withUnsafeBuffer { values in
        guard let base = buffer.baseAddress, let b = values.baseAddress else { return }
        (base + layout.x).update(repeating: 0, count: layout.couplings.rows * layout.couplings.half)
        withUnsafePointer(to: layout.couplings) { couplings in
          layout.strips.forEach { strip, rows in
            ck_redblack_reduce(
              base, couplings, right.stride, b + right.origin, unit, base + layout.red, base + layout.black,
              rows.lowerBound, rows.upperBound, base + layout.r, base + layout.scratch(strip))
          }
          layout.wrap?(base + layout.r)
        }
      }
    }
  }

  /// `q = (I − C Cᵀ) p`; returns `p·q`.
  mutating func apply() -> Double {
    let layout = layout
    return arena.withUnsafeMutableBuffer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      let product = withUnsafePointer(to: layout.couplings) { couplings in
        layout.strips.sum { strip, rows in
          ck_redblack_apply(
            base, couplings, rows.lowerBound, rows.upperBound, base + layout.p, base + layout.q,
            base + layout.scratch(strip))
        }
      }
      guard let wrap = layout.wrap else { return product }
      wrap(base + layout.q)
      return wrap.dot(base + layout.p, base + layout.q)
    }
  }

  /// Adds the solution to the padded `u`, the black unknowns by substitution.
  mutating func expand(_ right: Right, unit: Double, into u: inout Tensor<Double>, _ grid: PaddedGrid) {
    let layout = layout
    arena.withUnsafeMutableBuffer { buffer in
      right.values.withUnsafeBuffer { values in
        u.withUnsafeMutableBuffer { u in
          guard let base = buffer.baseAddress, let b = values.baseAddress, let u = u.baseAddress else { return }
          withUnsafePointer(to: layout.couplings) { couplings in
            layout.strips.forEach { _, rows in
              ck_redblack_expand(
                base, couplings, right.stride, b + right.origin, unit, base + layout.red, base + layout.black,
                rows.lowerBound, rows.upperBound, base + layout.x, u + grid.origin, grid.stride)
            }
          }
        }
      }
    }
  }
}

extension Strips {
  /// Sums what `body` returns for every strip, in their order.
  func sum(_ body: (_ strip: Int, _ rows: Range<Int>) -> Double) -> Double {
    Parallel.sum(over: count, chunk: 1) { body($0.lowerBound, rows(of: $0.lowerBound)) }
  }
}
