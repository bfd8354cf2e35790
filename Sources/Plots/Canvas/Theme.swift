/// Sizes and colours shared by all figures, in points.
enum Theme {
  static let title = TextStyle(size: 14, bold: true)
  static let subtitle = TextStyle(size: 10, colour: .quiet)
  static let panelTitle = TextStyle(size: 10.5, bold: true)
  static let axisLabel = TextStyle(size: 9.5)
  static let tickLabel = TextStyle(size: 8.5)
  static let legend = TextStyle(size: 8.5)
  static let pointLabel = TextStyle(size: 8)
  static let note = TextStyle(size: 8, italic: true, colour: .quiet)
  static let message = TextStyle(size: 10, italic: true, colour: .quiet)

  static let frame = Pen(colour: Colour(hex: 0x40464E), width: 0.75)
  static let grid = Pen(colour: Colour(hex: 0xE3E6EA), width: 0.6)
  static let minorGrid = Pen(colour: Colour(hex: 0xF1F3F5), width: 0.6)

  /// The ground of a plot without data.
  static let vacant = Colour(hex: 0xF4F5F6)

  static let tickLength = 3.5
  static let minorTickLength = 2.0
  /// Between a tick and its label, a label and the next text.
  static let gap = 3.5
}
