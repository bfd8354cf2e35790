/// The axes along which a rectangle of unknowns is joined to itself, so that the last line is the neighbour of the first.
public struct Joined: OptionSet, Hashable, Sendable {
  /// One bit an axis.
  public let rawValue: UInt8

  /// Joins the axes whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No axis: every edge is open.
  public static let none: Joined = []
  /// Column 0 is the east neighbour of the last column.
  public static let x = Joined(rawValue: 1)
  /// Row 0 is the north neighbour of the last row.
  public static let y = Joined(rawValue: 2)
}
