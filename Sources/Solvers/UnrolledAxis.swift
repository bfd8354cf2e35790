/// An axis of unknowns as the multigrid kernels see it: open, or joined and unrolled.
///
/// The kernels know no joined axes. A joined axis is stored with a margin of copies on either side, renewed after every
/// stage (``Wrap``), so that a stage sees the same neighbours as on the ring. Coarsening keeps every second point, for which
/// the period must stay even: dummy unknowns between some neighbours fill it up. A dummy splits its face of conductance k
/// into two of 2k in series and has no other coupling and no source, so that eliminating it gives back the original
/// equations exactly. Dummies stand at even places, which coarsening removes first, far from one another.
struct UnrolledAxis: Hashable, Sendable {
  /// Unknowns of the operator.
  let count: Int
  /// Points of the ring, a multiple of the power of two by which it is coarsened; nil for an open axis.
  let period: Int?
  /// For every place its unknown, nil at a dummy.
  let unknowns: [Int?]
  /// For every face west of a place, and the one beyond the last, the face of the operator and what it is multiplied by.
  let faces: [Face]

  /// A face of the operator, times a factor.
  struct Face: Hashable, Sendable {
    let index: Int
    let factor: Double
  }

  /// Copies on either side of a ring: a stage reaches at most three points far, and shares of two must be even.
  static let margin = 4

  /// - Parameters:
  ///   - count: unknowns.
  ///   - isJoined: whether the last one is the neighbour of the first.
  ///   - coarsenings: how often every second point is dropped.
  init(count: Int, isJoined: Bool, coarsenings: Int) {
    self.count = count
    guard isJoined else {
      period = nil
      unknowns = Array(0..<count)
      faces = (0...count).map { Face(index: $0, factor: 1) }
      return
    }
    let unit = 1 << coarsenings
    let period = (count + unit - 1) / unit * unit
    let dummies = period - count
    // Even places, as evenly as they go.
    let places = Set((0..<dummies).map { 2 * ((2 * $0 + 1) * period / (4 * dummies)) })
    var (ring, next): ([Int?], Int) = ([], 0)
    for place in 0..<period {
      ring.append(places.contains(place) ? nil : next)
      if !places.contains(place) { next += 1 }
    }
    func unknown(_ place: Int) -> Int? { ring[(place - Self.margin + 2 * period) % period] }
    let length = period + 2 * Self.margin
    self.period = period
    unknowns = (0..<length).map(unknown)
    faces = (0...length).map { place in
      // A dummy's west face is a half of the face of the unknown east of it.
      guard let here = unknown(place) else { return Face(index: unknown(place + 1) ?? 0, factor: 2) }
      return Face(index: here, factor: unknown(place - 1) == nil ? 2 : 1)
    }
  }

  /// Places along the axis, margins included.
  var length: Int { unknowns.count }
  /// Where the first unknown's ring begins.
  var margin: Int { period == nil ? 0 : Self.margin }

  /// Places of a level, margins included.
  func length(level: Int) -> Int { period.map { ($0 >> level) + 2 * Self.margin } ?? count >> level }
  /// Points of a level without margins.
  func points(level: Int) -> Int { (period ?? count) >> level }
}
