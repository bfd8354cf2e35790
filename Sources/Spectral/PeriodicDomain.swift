/// A box with opposite edges joined, sampled on a regular grid that does not store the right edges.
public struct PeriodicDomain: Hashable, Sendable {
  /// Points along (…, z, y, x).
  public let grid: [Int]
  /// Lengths of the box along the same axes.
  public let extents: [Double]

  /// A box of the given lengths.
  public init(grid: [Int], extents: [Double]) {
    precondition(grid.count == extents.count, "\(extents.count) lengths for a grid of \(grid.count) axes")
    precondition(extents.allSatisfy { $0 > 0 && $0.isFinite }, "lengths of a box are positive, found \(extents)")
    precondition(grid.allSatisfy { $0 > 0 }, "a grid has at least one point an axis, found \(grid)")
    self.grid = grid
    self.extents = extents
  }

  /// A cube with the same length along every axis.
  public init(grid: [Int], extent: Double) {
    self.init(grid: grid, extents: Array(repeating: extent, count: grid.count))
  }
}
