/// Which Fourier modes are kept, axis by axis.
///
/// Axes are ordered as in a field (…, z, y, x). On every axis but the last the wavenumbers `0..<nonnegative` and
/// `−negative...−1` are kept, stored in that order (the order of an FFT); on the last axis `0..<last` of the half spectrum
/// that determines a real field. A band says nothing about the grid: the same modes exist on every grid fine enough.
public struct SpectralBand: Hashable, Sendable {
  /// Wavenumbers `0..<count` kept on each axis but the last.
  public let nonnegative: [Int]
  /// Wavenumbers `−count...−1` kept on each axis but the last.
  public let negative: [Int]
  /// Wavenumbers `0..<last` kept on the last axis.
  public let last: Int

  /// A band with its own counts on each side of zero; see `validate(on:)` for what a grid can hold.
  public init(nonnegative: [Int], negative: [Int], last: Int) {
    precondition(nonnegative.count == negative.count, "an axis has both a non-negative and a negative side")
    self.nonnegative = nonnegative
    self.negative = negative
    self.last = last
  }

  /// The band of a Fourier neural operator (Li et al. 2021, arXiv:2010.08895): `modes` wavenumbers on each side of zero on
  /// the leading axes, `0..<modes` on the last.
  public static func truncated(modes: [Int]) -> SpectralBand {
    precondition(!modes.isEmpty, "a band needs at least one axis")
    let leading = Array(modes.dropLast())
    return SpectralBand(nonnegative: leading, negative: leading, last: modes[modes.count - 1])
  }

  /// Every mode of a real field on `grid`: n rows on a leading axis of n points, n/2 + 1 columns on the last.
  public static func full(grid: [Int]) -> SpectralBand {
    precondition(!grid.isEmpty, "a grid needs at least one axis")
    let leading = grid.dropLast()
    return SpectralBand(
      nonnegative: leading.map { ($0 + 1) / 2 }, negative: leading.map { $0 / 2 }, last: grid[grid.count - 1] / 2 + 1)
  }

  /// The number of spatial axes.
  public var rank: Int { nonnegative.count + 1 }

  /// What `truncated(modes:)` was given; for other bands the non-negative counts.
  public var modes: [Int] { nonnegative + [last] }

  /// Stored modes along each axis.
  public var shape: [Int] { zip(nonnegative, negative).map { $0 + $1 } + [last] }

  /// Stored modes in all.
  public var count: Int { shape.reduce(1, *) }

  /// The signed wavenumbers along an axis in the order they are stored.
  public func wavenumbers(axis: Int) -> [Int] {
    precondition((0..<rank).contains(axis), "axis \(axis) of a band of rank \(rank)")
    guard axis < rank - 1 else { return Array(0..<last) }
    return Array(0..<nonnegative[axis]) + Array(-negative[axis]..<0)
  }

  /// Throws unless every mode of the band exists, once, on `grid`.
  ///
  /// A leading axis of n points holds n wavenumbers in all, the last axis n/2 + 1; ranks 1, 2 and 3 are supported.
  public func validate(on grid: [Int]) throws(SpectralBandError) {
    guard (1...3).contains(grid.count) else { throw .unsupportedRank(grid: grid) }
    guard grid.count == rank else { throw .rankMismatch(band: self, grid: grid) }
    for (axis, points) in grid.enumerated() {
      guard points >= 1 else { throw .emptyAxis(axis: axis, grid: grid) }
      guard axis < rank - 1 else { continue }
      let (positive, below) = (nonnegative[axis], negative[axis])
      guard positive >= 1, below >= 0 else { throw .tooFewModes(axis: axis, band: self) }
      guard positive + below <= points else { throw .tooManyModes(axis: axis, band: self, grid: grid) }
    }
    guard last >= 1 else { throw .tooFewModes(axis: rank - 1, band: self) }
    guard last <= grid[rank - 1] / 2 + 1 else { throw .tooManyModes(axis: rank - 1, band: self, grid: grid) }
  }
}

/// Why a band does not fit a grid.
public enum SpectralBandError: Error, Hashable, CustomStringConvertible {
  case unsupportedRank(grid: [Int])
  case rankMismatch(band: SpectralBand, grid: [Int])
  case emptyAxis(axis: Int, grid: [Int])
  case tooFewModes(axis: Int, band: SpectralBand)
  case tooManyModes(axis: Int, band: SpectralBand, grid: [Int])

  /// What does not fit, what would, and what to do.
  public var description: String {
    switch self {
    case .unsupportedRank(let grid):
      "a grid of \(grid.count) axes has no Fourier transform here: expected 1, 2 or 3 spatial axes, found \(grid)"
    case .rankMismatch(let band, let grid):
      "modes were given for \(band.rank) axes (\(band.modes)) but the grid has \(grid.count) (\(grid)): give one count per axis"
    case .emptyAxis(let axis, let grid):
      "axis \(axis) of the grid \(grid) has \(grid[axis]) points: expected at least 1"
    case .tooFewModes(let axis, let band):
      "\(band.modes[axis]) modes were asked for on axis \(axis): expected at least 1"
    case .tooManyModes(let axis, let band, let grid) where axis == band.rank - 1:
      """
      \(band.last) modes on the last axis are too many for \(grid[axis]) points: the largest number allowed is \
      \(grid[axis] / 2 + 1); keep fewer modes or use a finer grid
      """
    case .tooManyModes(let axis, let band, let grid):
      """
      \(band.nonnegative[axis]) non-negative and \(band.negative[axis]) negative modes on axis \(axis) are too many for \
      \(grid[axis]) points: the largest number allowed is \(grid[axis] / 2) on each side; keep fewer modes or use a \
      finer grid
      """
    }
  }
}
