/// Which modes of a grid a pseudo-spectral method keeps, so that the products of kept modes are what they should be.
public enum Dealiasing: String, Hashable, Sendable, CaseIterable {
  /// Every mode with `2|k| < n`: products alias. For comparison, and for fields that are resolved to rounding.
  case none
  /// The modes with `3|k| < n`: a product of two has modes `2|k| < 2n/3`, whose aliases lie outside those that are kept
  /// (Orszag 1971, doi:10.1175/1520-0469(1971)028<1074:OTEOAI>2.0.CO;2).
  case twoThirds

  /// The largest wavenumber that is kept on an axis of `points` points, as a multiple of 2π over its length.
  public func largestWavenumber(points: Int) -> Int {
    switch self {
    case .none: (points - 1) / 2
    case .twoThirds: (points - 1) / 3
    }
  }
}
