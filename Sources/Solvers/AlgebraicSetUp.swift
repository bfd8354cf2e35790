import CKernels
import Tensors

/// The set-up of algebraic multigrid, in double, and the memory that it needs meanwhile.
struct AlgebraicSetUp {
  /// Of the level that is coarsened.
  var fine = AlgebraicScratch()
  /// Of the next one.
  var next = AlgebraicScratch()
  private var marks: [Int32] = []

  /// A point depends strongly on another when their coupling is at least this part of its largest one: the usual choice
  /// in two dimensions (Stüben 2001, section 7.1).
  static let strength = 0.25
  /// Points of a level that is solved directly.
  static let directLimit = 64
  /// Points of a level that one thread treats as fast as several.
  private static let serialLimit = 4096
  /// The most pieces in which rows of a product are computed, each with marks for all columns.
  private static let pieceLimit = 4

  /// The matrix of the finest level, with its points in strips.
  mutating func reduce(
    _ grid: UnsafePointer<ck_algebraic_grid>, _ strips: AlgebraicStrips, _ level: inout AlgebraicLevel
  ) {
    level.prepare(strips: strips)
    let rows = Strips(rows: grid.pointee.ringRows)
    let entries = level.withKernel { level in
      rows.forEach { _, rows in ck_algebraic_schur_count(grid, rows.lowerBound, rows.upperBound, level.pointee.start) }
      return ck_algebraic_accumulate(level.pointee.count, level.pointee.start)
    }
    level.prepare(couplings: entries)
    fine.prepare(points: level.count)
    fine.prepare(couplings: entries)
    level.withKernel { level in
      fine.withKernel { setUp in
        rows.forEach { _, rows in ck_algebraic_schur(grid, rows.lowerBound, rows.upperBound, level, setUp) }
      }
    }
  }

  /// Builds the levels after the first; returns how many there are, nil when an operator cannot be coarsened.
  mutating func coarsen(_ levels: inout [AlgebraicLevel]) -> Int? {
    var index = 0
    while true {
      finish(&levels[index])
      if levels[index].count <= Self.directLimit { return index + 1 }
      let strips = split(&levels[index])
      // Without strong couplings relaxation solves the level.
      if strips.points == 0 { return index + 1 }
      if strips.points == levels[index].count { return nil }
      interpolate(&levels[index], coarse: strips.points)
      if index + 1 == levels.count { levels.append(AlgebraicLevel()) }
      levels.withUnsafeMutableBufferPointer { multiply(&$0[index], &$0[index + 1], strips) }
      swap(&fine, &next)
      index += 1
    }
  }

  /// The factor of the matrix of the last level; nil when it is not positive definite.
  mutating func factor(_ level: inout AlgebraicLevel, pinned: Bool) -> BandedCholesky? {
    let count = level.count
    var matrix = LowerBand(count: count, bandwidth: count - 1)
    level.withKernel { level in
      for i in 0..<count {
        var centre = fine.sums[i]
        for entry in Int(level.pointee.start[i])..<Int(level.pointee.start[i + 1]) {
          centre += fine.couplings[entry]
          guard entry < level.pointee.middle[i] else { continue }
          matrix.add(-fine.couplings[entry], row: i, column: Int(level.pointee.columns[entry]))
        }
        matrix.add(centre, row: i, column: i)
      }
    }
    if pinned { matrix.pin() }
    return BandedCholesky(matrix)
  }

  /// What a cycle needs of a matrix; strips that are coupled, or too short to repay threads, become one.
  mutating func finish(_ level: inout AlgebraicLevel) {
    let (strips, count) = (level.strips, level.count)
    let isSeparate = level.withKernel { level in
      fine.withKernel { setUp in strips.forEach { ck_algebraic_round(level, setUp, $0, $1) } }
      return strips.areSeparate { strip, kind in
        ck_algebraic_is_separate(level, strip.lowerBound, strip.upperBound, kind.lowerBound, kind.upperBound)
      }
    }
    if !isSeparate || count <= Self.serialLimit { level.strips = AlgebraicStrips(count: count) }
  }

  /// Chooses the coarse points.
  mutating func split(_ level: inout AlgebraicLevel) -> AlgebraicStrips {
    let strips = level.strips
    fine.prepareSplitting()
    return level.withKernel { level in
      fine.withKernel { setUp in
        strips.forEach { ck_algebraic_strength(level, setUp, Self.strength, $0, $1) }
        strips.forEach { ck_algebraic_split(level, setUp, $0, $1) }
        strips.forEach(odd: false) { ck_algebraic_complete(level, setUp, $0, $1) }
        strips.forEach(odd: true) { ck_algebraic_complete(level, setUp, $0, $1) }
        return strips.coarsened { ck_algebraic_number(setUp, $0.lowerBound, $0.upperBound, $1) }
      }
    }
  }

  /// Interpolation, its transpose, and the image of the interpolated 1.
  mutating func interpolate(_ level: inout AlgebraicLevel, coarse: Int) {
    let (strips, count) = (level.strips, level.count)
    let weights = level.withKernel { level in
      fine.withKernel { setUp in
        strips.forEach { ck_algebraic_interpolation_count(level, setUp, $0, $1) }
        return ck_algebraic_accumulate(count, level.pointee.fromStart)
      }
    }
    level.prepare(weights: weights, coarse: coarse)
    fine.prepare(weights: weights)
    let pieces = prepareMarks(strips, count)
    level.withKernel { level in
      fine.withKernel { setUp in
        marks.withUnsafeMutableBufferPointer { marks in
          guard let marks = marks.baseAddress else { return }
          strips.forEach(pieces: pieces) { piece, _, range in
            ck_algebraic_interpolation(level, setUp, range.lowerBound, range.upperBound, marks + piece * count)
          }
        }
        ck_algebraic_transpose(level, setUp)
        strips.forEach { ck_algebraic_image(level, setUp, $0, $1) }
      }
    }
  }

  /// The Galerkin product.
  mutating func multiply(_ level: inout AlgebraicLevel, _ coarse: inout AlgebraicLevel, _ strips: AlgebraicStrips) {
    let count = strips.points
    coarse.prepare(strips: strips)
    next.prepare(points: count)
    let pieces = prepareMarks(strips, count)
    var rows = [MatrixRows](repeating: MatrixRows(), count: strips.ranges.count)
    var bases = [Int](repeating: 0, count: pieces)
    let entries = level.withKernel { level in
      coarse.withKernel { coarse in
        fine.withKernel { setUp in
          next.withKernel { next in
            marks.withUnsafeMutableBufferPointer { marks in
              bases.withUnsafeMutableBufferPointer { bases in
                rows.withUnsafeMutableBufferPointer { rows in
                  guard let marks = marks.baseAddress else { return 0 }
                  strips.forEach(pieces: pieces) { piece, strip, range in
                    rows[strip] = MatrixRows(rows: range.count) { capacity, columns, couplings in
                      defer { bases[piece] += capacity + range.count }
                      return ck_algebraic_galerkin(
                        level, setUp, range.lowerBound, range.upperBound, coarse.pointee.start, coarse.pointee.middle,
                        next.pointee.sums, capacity, columns, couplings, marks + piece * count, bases[piece])
                    }
                  }
                  return ck_algebraic_accumulate(count, coarse.pointee.start)
                }
              }
            }
          }
        }
      }
    }
    coarse.prepare(couplings: entries)
    next.prepare(couplings: entries)
    coarse.withKernel { coarse in
      next.withKernel { next in
        strips.forEachIndexed { strip, range in
          rows[strip].columns.withUnsafeBufferPointer { columns in
            rows[strip].couplings.withUnsafeBufferPointer { couplings in
              ck_algebraic_place(
                coarse, next, range.lowerBound, range.upperBound, columns.baseAddress, couplings.baseAddress)
            }
          }
        }
      }
    }
  }

  /// Marks of −1 for every column; returns for how many pieces.
  private mutating func prepareMarks(_ strips: AlgebraicStrips, _ columns: Int) -> Int {
    let pieces = min(strips.ranges.count, Parallel.threads, Self.pieceLimit)
    marks.grow(to: pieces * columns)
    marks.withUnsafeMutableBufferPointer { $0.update(repeating: -1) }
    return pieces
  }
}

/// Rows of a matrix before it is known where they belong.
private struct MatrixRows {
  private(set) var columns: [Int32] = []
  private(set) var couplings: [Double] = []

  /// Entries a row has on average, at first; coarse matrices have 10 to 25.
  private static let rowLength = 24

  init() {}

  /// Asks `fill` for the entries with more and more room until it no longer answers −1.
  init(
    rows: Int,
    fill: (_ capacity: Int, _ columns: UnsafeMutablePointer<Int32>?, _ couplings: UnsafeMutablePointer<Double>?) -> Int
  ) {
    var capacity = Self.rowLength * max(1, rows)
    while true {
      var entries = -1
      couplings = []
      columns = [Int32](unsafeUninitializedCapacity: capacity) { columns, length in
        couplings = [Double](unsafeUninitializedCapacity: capacity) { couplings, length in
          entries = fill(capacity, columns.baseAddress, couplings.baseAddress)
          length = max(0, entries)
        }
        length = max(0, entries)
      }
      if entries >= 0 { return }
      capacity *= 2
    }
  }
}
