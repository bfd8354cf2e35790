import Foundation
import Plots
import Testing

@Suite struct ColourMapTests {
  static let maps: [(name: String, map: ColourMap)] = [
    ("blueGreenYellow", .blueGreenYellow), ("sandBrown", .sandBrown), ("blueWhiteRed", .blueWhiteRed),
  ]

  /// By name, since a failed argument is printed whole.
  static func map(_ name: String) throws -> ColourMap { try #require(maps.first { $0.name == name }).map }

  @Test func oklabAgreesWithItsPublishedValues() {
    // White, and sRGB red as tabulated in CSS Color 4 (0.62796, 0.22486, 0.12585), to the digits given there.
    let white = Oklab(.white)
    #expect(abs(white.lightness - 1) < 1e-6 && abs(white.a) < 1e-6 && abs(white.b) < 1e-6)
    let red = Oklab(Colour(hex: 0xFF0000))
    #expect(abs(red.lightness - 0.62796) < 2e-5 && abs(red.a - 0.22486) < 2e-5 && abs(red.b - 0.12585) < 2e-5)
    // The published matrices are inverse to each other to about 1e-7.
    let back = red.colour
    #expect(abs(back.red - 1) < 1e-5 && abs(back.green) < 1e-4 && abs(back.blue) < 1e-4)
  }

  @Test(arguments: maps.map(\.name)) func lightnessStepsAndColourStepsAreEqual(_ name: String) throws {
    let map = try Self.map(name)
    let lightness = zip(map.path, map.path.dropFirst()).map { abs($1.lightness - $0.lightness) }
    let distance = zip(map.path, map.path.dropFirst()).map { $0.distance(to: $1) }
    for steps in [lightness, distance] {
      let mean = steps.reduce(0, +) / Double(steps.count)
      #expect(steps.allSatisfy { abs($0 - mean) < 0.01 * mean }, "\(name)")
    }
  }

  @Test(arguments: maps.map(\.name)) func everyColourExistsOnAScreen(_ name: String) throws {
    let map = try Self.map(name)
    for colour in map.path.map(\.colour) {
      for component in [colour.red, colour.green, colour.blue] { #expect((0...1).contains(component), "\(name)") }
    }
  }

  @Test(arguments: [ColourMap.blueGreenYellow, .sandBrown]) func sequentialMapsStayOrderedInGreyscale(_ map: ColourMap)
  {
    // What a grey printer or a colour-blind reader keeps is the luminance; every 1/32 of the range must be a visible
    // step of it (CIE lightness differences above 1 are).
    let lightness = (0...32).map { step -> Double in
      let colour = map.colour(at: Double(step) / 32)
      func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4) }
      return 116 * cbrt(0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)) - 16
    }
    let steps = zip(lightness, lightness.dropFirst()).map { $1 - $0 }
    #expect(steps.allSatisfy { $0 > 1 } || steps.allSatisfy { $0 < -1 })
  }

  @Test func theDivergingMapIsNeutralInTheMiddleAndEquallyLightOnBothSides() {
    let path = ColourMap.blueWhiteRed.path
    let middle = Oklab(ColourMap.blueWhiteRed.colour(at: 0.5))
    // Eight-bit rounding moves a neutral colour by less than 0.002.
    #expect((middle.a * middle.a + middle.b * middle.b).squareRoot() < 0.002)
    for (left, right) in zip(path, path.reversed()) {
      #expect(abs(left.lightness - right.lightness) < 1e-12)
      #expect(abs(left.a * left.a + left.b * left.b - right.a * right.a - right.b * right.b) < 1e-12)
    }
    #expect(Oklab(ColourMap.blueWhiteRed.colour(at: 0)).b < -0.1, "negative is blue")
    #expect(Oklab(ColourMap.blueWhiteRed.colour(at: 1)).a > 0.1, "positive is red")
  }

  @Test(arguments: maps.map(\.name)) func missingValuesLookLikeNoValue(_ name: String) throws {
    let map = try Self.map(name)
    let missing = Oklab(.missing)
    #expect(map.packed(at: .nan) == Colour.missing.packed)
    // Differences above about 0.02 are plainly visible side by side.
    #expect(map.path.allSatisfy { $0.distance(to: missing) > 0.04 }, "\(name)")
  }

  @Test func numbersBeyondTheEndsTakeTheColourOfTheEnds() {
    for (_, map) in Self.maps {
      #expect(map.packed(at: -3) == map.packed(at: 0) && map.packed(at: 7) == map.packed(at: 1))
    }
  }
}

@Suite struct PaletteTests {
  /// Full colour deficiencies after Machado, Oliveira & Fernandes 2009 (doi:10.1109/TVCG.2009.113), linear RGB.
  static let deficiencies: [(name: String, rows: [[Double]])] = [
    ("none", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protanopia",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "deuteranopia",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
  ]

  @Test(arguments: deficiencies) func coloursStayApartWithColourDeficiencies(_ name: String, _ rows: [[Double]]) {
    func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4) }
    func encoded(_ c: Double) -> Double { c <= 0.0031308 ? 12.92 * max(c, 0) : 1.055 * pow(min(c, 1), 1 / 2.4) - 0.055 }
    let seen = Palette.colours.map { colour in
      let rgb = [colour.red, colour.green, colour.blue].map(linear)
      let mixed = rows.map { row in encoded(zip(row, rgb).map(*).reduce(0, +)) }
      return Oklab(Colour(red: mixed[0], green: mixed[1], blue: mixed[2]))
    }
    for i in seen.indices {
      for j in 0..<i {
        // Three times the 0.02 at which neighbouring patches are told apart, since lines are thin and far apart.
        #expect(seen[i].distance(to: seen[j]) > 0.06, "\(name): colours \(j) and \(i)")
      }
    }
  }

  @Test func seriesWithOneColourDifferInDash() {
    let n = Palette.colours.count
    #expect(Palette.colour(2) == Palette.colour(2 + n) && Palette.dash(2) != Palette.dash(2 + n))
    #expect(Set((0..<MarkerShape.allCases.count).map(Palette.marker)).count == MarkerShape.allCases.count)
  }
}
