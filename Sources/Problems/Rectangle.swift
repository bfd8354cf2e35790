/// The domain `[0, width] × [0, height]`.
public struct Rectangle: Hashable, Sendable {
  /// The extent along x.
  public let width: Double
  /// The extent along y.
  public let height: Double

  /// Both extents must be positive.
  public init(width: Double, height: Double) {
    precondition(
      width > 0 && height > 0 && width.isFinite && height.isFinite,
      "a domain has positive extents, found \(width) × \(height)")
    self.width = width
    self.height = height
  }

  /// `[0, 1]²`.
  public static let unitSquare = Rectangle(width: 1, height: 1)
}
