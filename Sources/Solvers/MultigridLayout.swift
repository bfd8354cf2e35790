import CKernels

/// Where the arrays of a multigrid hierarchy lie in one arena, as offsets; the arrangement is that of
/// `CKernelsMultigrid.h`.
struct MultigridLayout: Sendable {
  /// Finest first; each has half as many rows and columns as the one before.
  let levels: [ck_level]
  /// Every level as the kernels of the next finer one see it: without margins its point r stands over their point 2r + 1;
  /// a view begins where that holds for a level with margins.
  let views: [ck_level]
  let joined: Joined
  let rows: UnrolledAxis
  let columns: UnrolledAxis
  /// What renews the margins of half arrays of a level; nil without joined axes.
  let wraps: [Wrap?]
  /// The finest level in scaled unknowns.
  let finest: ck_redblack
  /// Scratch areas of every level, one a strip.
  let scratch: [Int]
  /// Elements of the arena.
  let count: Int

  /// Unknowns along the shorter axis below which a level is solved directly.
  static let directLimit = 8
  /// The same with joined axes: larger, since a ring is filled up to a multiple of what one coarsest point covers.
  static let joinedLimit = 24
  /// The most scratch rows that a kernel asks for.
  private static let scratchRows = 24

  /// The coarsenings of a rectangle; nil when it is too thin for one.
  private static func coarsenings(rows: Int, columns: Int, joined: Joined) -> Int? {
    guard min(rows, columns) >= 2, !joined.contains(.x) || columns >= directLimit,
      !joined.contains(.y) || rows >= directLimit
    else { return nil }
    let limit = joined == .none ? directLimit : joinedLimit
    var count = 1
    while min(rows >> count, columns >> count) >= limit { count += 1 }
    return count
  }

  /// The hierarchy for this many unknowns along y and x; nil for a rectangle that is too thin for a coarser level.
  init?(rows: Int, columns: Int, joined: Joined) {
    guard let coarsenings = Self.coarsenings(rows: rows, columns: columns, joined: joined) else { return nil }
    let rows = UnrolledAxis(count: rows, isJoined: joined.contains(.y), coarsenings: coarsenings)
    let columns = UnrolledAxis(count: columns, isJoined: joined.contains(.x), coarsenings: coarsenings)
    var arena = ArenaPlan()
    var (levels, views): ([ck_level], [ck_level]) = ([], [])
    var scratch: [Int] = []
    for level in 0...coarsenings {
      let shape = SplitShape(rows: rows.length(level: level), columns: columns.length(level: level))
      let arrays = arena.level(shape, ninePoint: level > 0)
      levels.append(arrays)
      views.append(level == 0 ? arrays : arrays.seen(from: levels[level - 1], rows, columns))
      scratch.append(arena.take(Strips(rows: shape.rows).count * Self.scratchRows * shape.scratchRow + 32))
    }
    finest = arena.finest(levels[0])
    self.levels = levels
    self.views = views
    self.scratch = scratch
    count = arena.count
    self.joined = joined
    self.rows = rows
    self.columns = columns
    wraps = levels.indices.map { Wrap(rows, columns, level: $0, half: levels[$0].half) }
  }

  /// The way to the rectangle of the kernels; nil without joined axes.
  var unrolling: Unrolling? { joined == .none ? nil : Unrolling(rows: rows, columns: columns) }

  /// The scratch area for one strip of a level.
  func scratch(level: Int, strip: Int) -> Int {
    scratch[level] + strip * Self.scratchRows * SplitShape(levels[level]).scratchRow
  }
}

extension ck_level {
  /// This level without the outer part of its margins, so that point r lies over the point 2r + 1 of the finer level.
  fileprivate func seen(from finer: ck_level, _ rows: UnrolledAxis, _ columns: UnrolledAxis) -> ck_level {
    var view = self
    if rows.period != nil { view.rows = finer.rows / 2 }
    if columns.period != nil {
      view.columns = finer.columns / 2
      view.width = SplitShape(rows: view.rows, columns: view.columns).width
    }
    let shift = 2 * half * (rows.margin / 2) + columns.margin / 4
    for path in [\ck_level.centre, \.east, \.north, \.northEast, \.northWest, \.unknown, \.right] {
      view[keyPath: path] += shift
    }
    return view
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
