/// The vertices that are stored of a rectangle.
public struct GridShape: Hashable, Sendable {
  /// Vertices along y.
  public var rows: Int
  /// Vertices along x.
  public var columns: Int

  /// A grid from its two numbers.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// As many along y as along x.
  public init(square side: Int) { self.init(rows: side, columns: side) }

  /// The grid with `factor` cells in each cell of this one; a periodic axis does not store its right end.
  public func refined(by factor: Int, _ boundary: BoundaryConditions) -> GridShape {
    func refined(_ count: Int, periodic: Bool) -> Int { periodic ? count * factor : (count - 1) * factor + 1 }
    return GridShape(
      rows: refined(rows, periodic: boundary.isPeriodicInY), columns: refined(columns, periodic: boundary.isPeriodicInX)
    )
  }
}
