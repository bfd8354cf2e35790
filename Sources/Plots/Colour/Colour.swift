import Foundation

/// A colour in sRGB, components from 0 to 1.
public struct Colour: Sendable, Hashable {
  /// The red component.
  public var red: Double
  /// The green component.
  public var green: Double
  /// The blue component.
  public var blue: Double

  /// A colour from its sRGB components.
  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from 0xRRGGBB.
  public init(hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255, blue: Double(hex & 0xFF) / 255)
  }

  /// White.
  public static let white = Colour(hex: 0xFFFFFF)
  /// The near-black of text and axes.
  public static let ink = Colour(hex: 0x20242A)
  /// The grey of secondary text.
  public static let quiet = Colour(hex: 0x5A6068)
  /// The grey of cells that hold no finite number; no colour map comes near it.
  public static let missing = Colour(hex: 0x9A9A9A)

  /// The colour as 0x00RRGGBB, every component rounded to eight bits and clamped.
  public var packed: UInt32 {
    func byte(_ component: Double) -> UInt32 { UInt32((min(max(component, 0), 1) * 255).rounded()) }
    return byte(red) << 16 | byte(green) << 8 | byte(blue)
  }
}

/// A colour in Oklab, a space in which equal distances look equally different (Ottosson 2020,
/// https://bottosson.github.io/posts/oklab).
package struct Oklab: Sendable, Equatable {
  /// From 0 (black) to 1 (white).
  package var lightness: Double
  package var a: Double
  package var b: Double

  package init(lightness: Double, a: Double, b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  /// From cylindrical coordinates, the hue in radians.
  package init(lightness: Double, chroma: Double, hue: Double) {
    self.init(lightness: lightness, a: chroma * cos(hue), b: chroma * sin(hue))
  }

  /// From sRGB.
  package init(_ colour: Colour) {
    func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4) }
    let (r, g, b) = (linear(colour.red), linear(colour.green), linear(colour.blue))
    let l = cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
    let m = cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
    let s = cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
    self.init(
      lightness: 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
      a: 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
      b: 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s)
  }

  /// The colour in sRGB; components outside 0...1 mean that no screen shows it.
  package var colour: Colour {
    let l = pow(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b, 3)
    let m = pow(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b, 3)
    let s = pow(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b, 3)
    func encoded(_ c: Double) -> Double { c <= 0.003_130_8 ? 12.92 * c : 1.055 * pow(c, 1 / 2.4) - 0.055 }
    return Colour(
      red: encoded(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
      green: encoded(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
      blue: encoded(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s))
  }

  /// The Euclidean distance, the perceived difference.
  package func distance(to other: Oklab) -> Double {
    let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
    return (dl * dl + da * da + db * db).squareRoot()
  }
}

extension Colour {
  /// The colour made dark enough for small text on white.
  var darkened: Colour {
    var lab = Oklab(self)
    let limit = 0.5
    guard lab.lightness > limit else { return self }
    let shrink = limit / lab.lightness
    lab = Oklab(lightness: limit, a: lab.a * shrink, b: lab.b * shrink)
    return lab.colour
  }
}
