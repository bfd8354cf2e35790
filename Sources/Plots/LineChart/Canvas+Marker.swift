import Foundation

extension Canvas {
  /// Draws a marker with a thin white rim, so that markers on one another stay apart.
  func marker(_ style: MarkerStyle, at centre: Point, _ colour: Colour, opacity: Double = 1) {
    let r = style.size / 2
    let rim = Pen(colour: .white, width: 0.7)
    func corners(_ count: Int, radius: (Int) -> Double, from start: Double) -> [Point] {
      (0..<count).map { i in
        let angle = start + 2 * .pi * Double(i) / Double(count)
        return Point(centre.x + radius(i) * cos(angle), centre.y + radius(i) * sin(angle))
      }
    }
    // Radii give every shape about the area of the disc.
    switch style.shape {
    case .circle: disc(centre, radius: r, fill: colour, opacity: opacity, outline: rim)
    case .square:
      polygon(corners(4, radius: { _ in r * 1.25 }, from: .pi / 4), fill: colour, opacity: opacity, outline: rim)
    case .diamond:
      polygon(corners(4, radius: { _ in r * 1.3 }, from: 0), fill: colour, opacity: opacity, outline: rim)
    case .triangle:
      polygon(corners(3, radius: { _ in r * 1.4 }, from: -.pi / 2), fill: colour, opacity: opacity, outline: rim)
    case .wedge:
      polygon(corners(3, radius: { _ in r * 1.4 }, from: .pi / 2), fill: colour, opacity: opacity, outline: rim)
    case .star:
      polygon(
        corners(10, radius: { $0 % 2 == 0 ? r * 1.5 : r * 0.65 }, from: -.pi / 2), fill: colour, opacity: opacity,
        outline: rim)
    case .plus, .cross:
      let turn = style.shape == .plus ? 0 : Double.pi / 4
      for angle in [turn, turn + .pi / 2] {
        let (dx, dy) = (1.1 * r * cos(angle), 1.1 * r * sin(angle))
        polyline(
          [Point(centre.x - dx, centre.y - dy), Point(centre.x + dx, centre.y + dy)],
          Pen(colour: colour, width: max(1.2, r * 0.55), opacity: opacity))
      }
    }
  }
}
