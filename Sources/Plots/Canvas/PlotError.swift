/// What can go wrong while a picture is made.
public enum PlotError: Error, Equatable, CustomStringConvertible {
  /// Cairo reported a failure; the message is Cairo's own.
  case cairo(status: UInt32, message: String)
  /// The picture would exceed what a Cairo image surface can hold.
  case pictureTooLarge(width: Int, height: Int)

  /// The longest side of a Cairo image surface in pixels (its coordinates are 16-bit signed integers).
  public static let longestSide = 32767

  /// One sentence: what happened and what to do.
  public var description: String {
    switch self {
    case .cairo(let status, let message):
      "Cairo could not draw the picture: \(message) (status \(status))"
    case .pictureTooLarge(let width, let height):
      "the picture would be \(width)×\(height) pixels but a side may have \(Self.longestSide) at most; "
        + "draw fewer panels or at a lower resolution"
    }
  }
}
