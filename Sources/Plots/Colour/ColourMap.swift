import Foundation

/// Colours for numbers from 0 to 1, perceptually uniform by construction: along a map the Oklab lightness is linear in the
/// number, and equal steps of the number are equal distances in Oklab. All colours exist in sRGB.
public struct ColourMap: Sendable {
  /// Colours at equal steps; an odd number, so that a diverging map has its neutral colour exactly in the middle.
  package let path: [Oklab]
  private let table: [UInt32]

  /// Steps of the path and of the table of screen colours, which is finer than eight bits can show.
  private static let pathSteps = 256
  private static let tableSteps = 1024

  private init(path: [Oklab]) {
    precondition(path.count == Self.pathSteps + 1, "a colour map has \(Self.pathSteps + 1) stations")
    self.path = path
    table = (0...Self.tableSteps).map { Self.interpolated(path, Double($0) / Double(Self.tableSteps)).colour.packed }
  }

  /// The screen colour 0x00RRGGBB of a number, clamped to 0...1; `Colour.missing` for NaN.
  public func packed(at number: Double) -> UInt32 {
    guard !number.isNaN else { return Colour.missing.packed }
    return table[Int((min(max(number, 0), 1) * Double(Self.tableSteps)).rounded())]
  }

  /// The colour of a number, clamped to 0...1; `Colour.missing` for NaN.
  public func colour(at number: Double) -> Colour { Colour(hex: packed(at: number)) }

  private static func interpolated(_ path: [Oklab], _ number: Double) -> Oklab {
    let position = number * Double(path.count - 1)
    let i = min(Int(position), path.count - 2)
    let f = position - Double(i)
    func mix(_ x: Double, _ y: Double) -> Double { x + f * (y - x) }
    return Oklab(
      lightness: mix(path[i].lightness, path[i + 1].lightness), a: mix(path[i].a, path[i + 1].a),
      b: mix(path[i].b, path[i + 1].b))
  }

  private static func degrees(_ angle: Double) -> Double { angle * .pi / 180 }

  /// Dark blue over green to yellow, for quantities without a sign.
  public static let blueGreenYellow = ColourMap(
    path: spiral(
      lightness: (0.22, 0.93), hue: (degrees(296), degrees(103)), chroma: [0.114, 0.103, 0.080, 0.144, 0.175]))

  /// Light sand to dark brown, for inputs such as a permeability, so that they are not taken for the answer.
  public static let sandBrown = ColourMap(
    path: (0...pathSteps).map { step in
      straight(
        Oklab(lightness: 0.955, chroma: 0.018, hue: degrees(75)),
        Oklab(lightness: 0.46, chroma: 0.085, hue: degrees(55)),
        Double(step) / Double(pathSteps))
    })

  /// Blue over white to red, for signed quantities: neutral at zero, both arms equally light and equally far from white.
  public static let blueWhiteRed = ColourMap(
    path: (0...pathSteps).map { step in
      let signed = 2 * Double(step) / Double(pathSteps) - 1
      let pole = Oklab(lightness: 0.46, chroma: 0.18, hue: degrees(signed < 0 ? 262 : 27))
      return straight(Oklab(lightness: 0.975, a: 0, b: 0), pole, abs(signed))
    })

  private static func straight(_ from: Oklab, _ to: Oklab, _ f: Double) -> Oklab {
    Oklab(
      lightness: from.lightness + f * (to.lightness - from.lightness), a: from.a + f * (to.a - from.a),
      b: from.b + f * (to.b - from.b))
  }

  /// A path with linear lightness and constant speed in the (a, b) plane.
  ///
  /// The chroma is the polynomial through the given values at equal steps of the number (they keep the path inside sRGB,
  /// whose narrowest place is cyan). One step of length s from chroma c₀ to c₁ turns the hue by
  /// `2·asin(½·√((s² − (c₁ − c₀)²) / (c₀·c₁)))`; s is found by bisection so that the turns add up to the hue range.
  private static func spiral(lightness: (Double, Double), hue: (Double, Double), chroma: [Double]) -> [Oklab] {
    let chromas = (0...pathSteps).map { lagrange(chroma, at: Double($0) / Double(pathSteps)) }
    func turns(_ speed: Double) -> [Double] {
      zip(chromas, chromas.dropFirst()).map { from, to in
        let chord = max(0, speed * speed - (to - from) * (to - from)) / (from * to)
        return 2 * asin(min(1, chord.squareRoot() / 2))
      }
    }
    let wanted = hue.0 - hue.1
    var (slow, fast) = (0.0, 0.1)
    for _ in 0..<60 {
      let middle = (slow + fast) / 2
      if turns(middle).reduce(0, +) > wanted { fast = middle } else { slow = middle }
    }
    var angle = hue.0
    return zip(0...pathSteps, [0] + turns(slow)).map { step, turn in
      angle -= turn
      let f = Double(step) / Double(pathSteps)
      return Oklab(lightness: lightness.0 + f * (lightness.1 - lightness.0), chroma: chromas[step], hue: angle)
    }
  }

  private static func lagrange(_ values: [Double], at x: Double) -> Double {
    let nodes = values.indices.map { Double($0) / Double(values.count - 1) }
    return values.indices.reduce(0) { sum, i in
      let others = nodes.indices.filter { $0 != i }
      return sum + others.reduce(values[i]) { $0 * (x - nodes[$1]) / (nodes[i] - nodes[$1]) }
    }
  }
}
