import CKernels

/// Where the arrays of a multigrid hierarchy lie in one arena, as offsets; the arrangement is that of
/// `CKernelsMultigrid.h`.
struct MultigridLayout: Sendable {
  /// Finest first; each has half as many rows and columns as the one before.
  let levels: [ck_level]
  /// The finest level in scaled unknowns.
  let finest: ck_redblack
  /// Scratch areas of every level, one a strip.
  let scratch: [Int]
  /// Elements of the arena.
  let count: Int

  /// Unknowns along the shorter axis below which a level is solved directly.
  static let directLimit = 8
  /// The most scratch rows that a kernel asks for.
  private static let scratchRows = 24

  /// - Parameters:
  ///   - rows: unknowns along y, at least 2.
  ///   - columns: unknowns along x, at least 2.
  init(rows: Int, columns: Int) {
    precondition(rows >= 2 && columns >= 2, "a hierarchy needs two unknowns an axis, found \(rows) × \(columns)")
    var arena = ArenaPlan()
    var levels: [ck_level] = []
    var scratch: [Int] = []
    var (rows, columns) = (rows, columns)
    repeat {
      let shape = SplitShape(rows: rows, columns: columns)
      levels.append(arena.level(shape, ninePoint: !levels.isEmpty))
      scratch.append(arena.take(Strips(rows: rows).count * Self.scratchRows * shape.scratchRow + 32))
      (rows, columns) = (rows / 2, columns / 2)
    } while levels.count < 2 || min(levels[levels.count - 1].rows, levels[levels.count - 1].columns) >= Self.directLimit
    finest = arena.finest(levels[0])
    self.levels = levels
    self.scratch = scratch
    count = arena.count
  }

  /// The scratch area for one strip of a level.
  func scratch(level: Int, strip: Int) -> Int {
    scratch[level] + strip * Self.scratchRows * SplitShape(levels[level]).scratchRow
  }
}

/// The lengths of the rows of a level.
struct SplitShape {
  let rows: Int
  let columns: Int
  /// Even columns, rounded up to whole vectors.
  var width: Int { ((columns + 1) / 2 + 15) / 16 * 16 }
  /// Elements of half a row: a vector of zeros follows the even columns.
  var half: Int { width + 16 }
  var scratchRow: Int { half + 32 }

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  init(_ level: ck_level) { self.init(rows: level.rows, columns: level.columns) }
}

/// Fixed pieces of the rows of a level; a function of the number of rows alone.
struct Strips {
  let rows: Int
  /// Rows of a strip, even: few enough to share among threads, enough to repay the rows computed twice.
  var size: Int { 32 }
  var count: Int { (rows + size - 1) / size }

  func rows(of strip: Int) -> Range<Int> { strip * size..<min(rows, (strip + 1) * size) }
  /// The coarse rows, of `coarse` in all, whose fine rows 2r + 1 lie in the strip.
  func coarseRows(of strip: Int, coarse: Int) -> Range<Int> {
    min(coarse, strip * size / 2)..<min(coarse, (strip + 1) * size / 2)
  }
}

/// Hands out places in an arena.
struct ArenaPlan {
  private(set) var count = 0

  /// The start of `length` elements.
  mutating func take(_ length: Int) -> Int {
    defer { count += (length + 15) / 16 * 16 }
    return count
  }

  /// The element (0, 0) of an array with rows −1 ... rows of `row` elements and a vector of zeros on either end.
  mutating func array(rows: Int, row: Int) -> Int { take((rows + 2) * row + 32) + 16 + row }

  fileprivate mutating func level(_ shape: SplitShape, ninePoint: Bool) -> ck_level {
    var level = ck_level()
    (level.rows, level.columns, level.half, level.width) = (shape.rows, shape.columns, shape.half, shape.width)
    level.ninePoint = ninePoint
    func split() -> Int { array(rows: shape.rows, row: 2 * shape.half) }
    func half() -> Int { array(rows: shape.rows, row: shape.half) }
    func quarter() -> Int { array(rows: shape.rows / 2 + 1, row: shape.half) }
    (level.centre, level.east, level.north) = (split(), split(), split())
    (level.before, level.after) = (half(), half())
    (level.southWest, level.southEast, level.toNorthWest, level.toNorthEast) = (
      quarter(), quarter(), quarter(), quarter()
    )
    if ninePoint {
      (level.northEast, level.northWest) = (split(), split())
      (level.unknown, level.right) = (split(), split())
    }
    return level
  }

  fileprivate mutating func finest(_ level: ck_level) -> ck_redblack {
    var finest = redBlack(level)
    func half() -> Int { array(rows: level.rows, row: level.half) }
    finest.weight = half()
    finest.centre = array(rows: level.rows / 2 + 1, row: level.half)
    // The weights of the scaled unknowns replace those they are made of.
    (finest.southWest, finest.southEast) = (level.southWest, level.southEast)
    (finest.toNorthWest, finest.toNorthEast) = (level.toNorthWest, level.toNorthEast)
    (finest.unknown, finest.right) = (half(), half())
    return finest
  }

  /// The couplings of a finest level alone.
  mutating func redBlack(_ level: ck_level) -> ck_redblack {
    var result = ck_redblack()
    (result.rows, result.columns, result.half, result.width) = (level.rows, level.columns, level.half, level.width)
    func half() -> Int { array(rows: level.rows, row: level.half) }
    (result.west, result.east, result.south, result.north) = (half(), half(), half(), half())
    return result
  }
}
