/// Where the values of a field lie in the plane.
public struct FieldDomain: Sendable {
  /// Which places the stored values belong to.
  public enum Placement: Sendable {
    /// Nodes from edge to edge, both edges stored: node i of n at i/(n − 1); cells at the rim are half as wide.
    case vertices
    /// Cell i of n from i/n to (i + 1)/n, as periodic grids and cell averages are stored.
    case cells
  }

  /// Left and right edge.
  public var x: ClosedRange<Double>
  /// Lower and upper edge.
  public var y: ClosedRange<Double>
  /// The label of the horizontal axis.
  public var xLabel: String
  /// The label of the vertical axis.
  public var yLabel: String
  /// Nodes or cells.
  public var placement: Placement

  /// A rectangle with its axis labels.
  public init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, xLabel: String = "x", yLabel: String = "y",
    placement: Placement = .vertices
  ) {
    precondition(
      x.lowerBound < x.upperBound && y.lowerBound < y.upperBound, "a domain has an area, found \(x) by \(y)")
    self.x = x
    self.y = y
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.placement = placement
  }

  /// The unit square with nodes on its edges.
  public static let unitSquare = FieldDomain(x: 0...1, y: 0...1)

  var aspect: Double { (x.upperBound - x.lowerBound) / (y.upperBound - y.lowerBound) }
}
