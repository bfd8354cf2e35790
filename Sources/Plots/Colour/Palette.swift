/// Colours and markers of series that are told apart by name: distinguishable with the common colour deficiencies, by
/// marker in print without colour.
///
/// Colours after Okabe & Ito (2008), "Color universal design", without their yellow, which is lost on white.
public enum Palette {
  /// The colours in the order in which series take them.
  public static let colours = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x4D4D4D].map {
    Colour(hex: $0)
  }

  /// The colour of the i-th series; colours repeat after the last.
  public static func colour(_ index: Int) -> Colour { colours[index % colours.count] }

  /// The marker of the i-th series.
  public static func marker(_ index: Int) -> MarkerShape { MarkerShape.allCases[index % MarkerShape.allCases.count] }

  /// The dash of the i-th series: solid until colours repeat.
  public static func dash(_ index: Int) -> Dash { Dash.allCases[index / colours.count % Dash.allCases.count] }
}

/// The outline of a marker.
public enum MarkerShape: Sendable, CaseIterable {
  /// A disc.
  case circle
  /// A square on its side.
  case square
  /// A triangle pointing up.
  case triangle
  /// A square on its corner.
  case diamond
  /// A triangle pointing down.
  case wedge
  /// An upright cross.
  case plus
  /// A diagonal cross.
  case cross
  /// A star with five points.
  case star
}
