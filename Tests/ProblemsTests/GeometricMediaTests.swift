import Foundation
import Problems
import Solvers
import Spectral
import Tensors
import Testing

@Suite struct GeometricMediaTests {
  private static let domain = Rectangle(width: 2, height: 1)

  @Test(arguments: mediumKinds.suffix(3), [Joined.none, .x, .y, [.x, .y]])
  func everyGridSeesTheSameObjectsBitForBit(family: DarcyFamily, joined: Joined) {
    let domain = Rectangle(width: 1.3, height: 0.7)
    let (extraY, extraX) = (joined.contains(.y) ? 0 : 1, joined.contains(.x) ? 0 : 1)
    let base = family.sampler(shape: (14 + extraY, 20 + extraX), domain: domain, joined: joined)
    for factor in [3, 7, 10] {
      let fine = family.sampler(shape: (14 * factor + extraY, 20 * factor + extraX), domain: domain, joined: joined)
      for sample in 0..<20 {
        let (a, b) = (base.permeability(sample: sample, seed: 1), fine.permeability(sample: sample, seed: 1))
        #expect((0..<14).allSatisfy { i in (0..<20).allSatisfy { a[i, $0] == b[i * factor, $0 * factor] } })
      }
    }
  }

  @Test func aMediumOfMoreObjectsKeepsThoseOfOneOfFewer() {
    for (few, many) in [
      (
        DarcyFamily.Medium.discs(count: 3, radius: 0.1...0.2, inside: 2, outside: 1),
        DarcyFamily.Medium.discs(count: 5, radius: 0.1...0.2, inside: 2, outside: 1)
      ),
      (
        .channels(count: 2, width: 0.1...0.2, inside: 2, outside: 1),
        .channels(count: 4, width: 0.1...0.2, inside: 2, outside: 1)
      ),
    ] {
      func medium(_ medium: DarcyFamily.Medium) -> [Double] {
        DarcyFamily(medium: medium).sampler(shape: (40, 40)).permeability(sample: 0, seed: 0).elements
      }
      let (less, more) = (medium(few), medium(many))
      #expect(zip(less, more).allSatisfy { $0 <= $1 } && less != more && less.contains(2))
    }
  }

  /// On a periodic box every point is outside a disc with probability `1 − πE[r²]/A`, corners and edges too.
  @Test func discsOfAPeriodicBoxCoverThePartThatTheirAreasSay() {
    let medium = DarcyFamily.Medium.discs(count: 20, radius: 0.05...0.25, inside: 1, outside: 2)
    let sampler = DarcyFamily(medium: medium).sampler(shape: (24, 48), domain: Self.domain, joined: [.x, .y])
    let meanSquare = (pow(0.25, 3) - pow(0.05, 3)) / (3 * 0.2)
    let expected = 1 - pow(1 - .pi * meanSquare / 2, 20)
    var (sum, squares) = (0.0, 0.0)
    var hits = [0.0, 0, 0]
    for sample in 0..<mediumSampleCount {
      let a = sampler.permeability(sample: sample, seed: 5)
      let fraction = a.elements.reduce(0) { $0 + ($1 == 1 ? 1 : 0) } / Double(24 * 48)
      sum += fraction
      squares += fraction * fraction
      for (index, point) in [(0, 0), (12, 0), (11, 25)].enumerated() where a[point.0, point.1] == 1 { hits[index] += 1 }
    }
    let count = Double(mediumSampleCount)
    let mean = sum / count
    #expect(abs(mean - expected) < 4 * ((squares / count - mean * mean) / count).squareRoot())
    for hit in hits { #expect(abs(hit / count - expected) < 4 * (expected * (1 - expected) / count).squareRoot()) }
  }

  /// With stored edges the centres that can reach a corner lie in a quarter of a disc, those of an edge in a half.
  @Test func discsOfABoundedRectangleCoverEdgesLess() {
    let medium = DarcyFamily.Medium.discs(count: 15, radius: 0.2...0.2, inside: 1, outside: 2)
    let sampler = DarcyFamily(medium: medium).sampler(shape: (9, 17), domain: Self.domain)
    let points = [((4, 8), 1.0), ((0, 8), 0.5), ((4, 16), 0.5), ((8, 16), 0.25)]
    var hits = [0.0, 0, 0, 0]
    for sample in 0..<mediumSampleCount {
      let a = sampler.permeability(sample: sample, seed: 6)
      for (index, (point, _)) in points.enumerated() where a[point.0, point.1] == 1 { hits[index] += 1 }
    }
    let count = Double(mediumSampleCount)
    for (hit, (_, part)) in zip(hits, points) {
      let expected = 1 - pow(1 - part * .pi * 0.04 / 2, 15)
      #expect(abs(hit / count - expected) < 4 * (expected * (1 - expected) / count).squareRoot())
    }
  }

  @Test func channelsCoverThePartThatTheirLawSays() {
    let (least, greatest, channels) = (0.1, 0.3, 3)
    let medium = DarcyFamily.Medium.channels(count: channels, width: least...greatest, inside: 7, outside: 2)
    let sampler = DarcyFamily(medium: medium).sampler(shape: (9, 17), domain: Self.domain)
    let points = [(4, 8), (0, 0), (2, 3), (8, 10), (5, 16)]
    var hits = points.map { _ in 0.0 }
    for sample in 0..<mediumSampleCount {
      let a = sampler.permeability(sample: sample, seed: 8)
      #expect(a.elements.allSatisfy { $0 == 7 || $0 == 2 })
      for (index, point) in points.enumerated() where a[point.0, point.1] == 7 { hits[index] += 1 }
    }
    let count = Double(mediumSampleCount)
    for (hit, point) in zip(hits, points) {
      // The mean over the point of the axis and over the width, by the midpoint rule, of the part of all angles.
      let (px, py) = (Double(point.1) / 8, Double(point.0) / 8)
      let (cells, widths) = (100, 8)
      var part = 0.0
      for i in 0..<cells {
        for j in 0..<2 * cells {
          let distance = hypot(
            px - (Double(j) + 0.5) / Double(cells), py - (Double(i) + 0.5) / Double(cells))
          for k in 0..<widths {
            let width = least + (greatest - least) * (Double(k) + 0.5) / Double(widths)
            part += 2 / .pi * asin(min(1, width / (2 * distance))) / Double(2 * cells * cells * widths)
          }
        }
      }
      let expected = 1 - pow(1 - part, Double(channels))
      #expect(abs(hit / count - expected) < 4 * (expected * (1 - expected) / count).squareRoot())
    }
  }

  /// The points of one band are those within half its width of a line: recovered by trying every direction.
  @Test func aChannelIsAStraightBandOfItsWidth() {
    let medium = DarcyFamily.Medium.channels(count: 1, width: 0.2...0.2, inside: 7, outside: 2)
    let n = 101
    let sampler = DarcyFamily(medium: medium).sampler(shape: (n, n))
    for sample in 0..<10 {
      let a = sampler.permeability(sample: sample, seed: 4)
      let inside = (0..<n * n).filter { a[$0 / n, $0 % n] == 7 }
      let extents = (0..<360).map { step in
        let angle = .pi * Double(step) / 360
        let across = inside.map {
          (Double($0 % n) * cos(angle) + Double($0 / n) * sin(angle)) / Double(n - 1)
        }
        return (across.max() ?? 0) - (across.min() ?? 0)
      }
      // No wider than the band but for a wrong angle, at most half a step over the diagonal; no narrower but for the grid.
      let narrowest = extents.min() ?? 0
      #expect(narrowest <= 0.2 + 2.0.squareRoot() * .pi / 720)
      // A band that cuts a corner off has less than its width.
      let cut = inside.count < Int(0.15 * Double(n * n))
      #expect(cut || narrowest > 0.2 - 0.03)
    }
  }

  @Test(arguments: DarcyFamily.Axis.allCases)
  func layersHaveLogUniformValuesAndUniformBoundaries(axis: DarcyFamily.Axis) {
    let (layers, least, greatest) = (5, 0.01, 100.0)
    let family = DarcyFamily(medium: .layers(count: layers, along: axis, values: least...greatest))
    let sampler = family.sampler(shape: (9, 9), domain: Self.domain)
    let count = Double(mediumSampleCount)
    var (mean, square) = (0.0, 0.0)
    // Agreement of a point with the first and with the last of the axis, by distance.
    var (same, sameAtEnd) = ([Double](repeating: 0, count: 8), [Double](repeating: 0, count: 8))
    for sample in 0..<mediumSampleCount {
      let a = sampler.permeability(sample: sample, seed: 9)
      func value(_ along: Int, _ across: Int) -> Double { axis == .x ? a[across, along] : a[along, across] }
      #expect((0..<9).allSatisfy { i in (1..<9).allSatisfy { value(i, $0) == value(i, 0) } })
      #expect(a.elements.allSatisfy { least <= $0 && $0 <= greatest } && Set(a.elements).count <= layers)
      mean += log(value(3, 0)) / count
      square += pow(log(value(3, 0)), 2) / count
      for lag in 1...8 where value(0, 0) == value(lag, 0) { same[lag - 1] += 1 / count }
      for lag in 1...8 where value(8, 0) == value(8 - lag, 0) { sameAtEnd[lag - 1] += 1 / count }
    }
    // Uniform between ∓b: variance b²/3, fourth moment b⁴/5.
    let b = log(greatest)
    #expect(abs(mean) < 4 * (b * b / 3 / count).squareRoot())
    #expect(abs(square - b * b / 3) < 4 * ((pow(b, 4) / 5 - pow(b, 4) / 9) / count).squareRoot())
    for lag in 1...8 {
      // No boundary in between.
      let expected = pow(1 - Double(lag) / 8, Double(layers - 1))
      let bound = 4 * (expected * (1 - expected) / count).squareRoot()
      #expect(abs(same[lag - 1] - expected) <= bound && abs(sameAtEnd[lag - 1] - expected) <= bound)
    }
  }

  @Test func oneLayerOrNoObjectIsAHomogeneousMedium() {
    func values(_ medium: DarcyFamily.Medium) -> Set<Double> {
      Set(DarcyFamily(medium: medium).sampler(shape: (7, 7)).permeability(sample: 0, seed: 0).elements)
    }
    #expect(values(.layers(count: 1, along: .x, values: 0.3...0.3)) == [0.3])
    #expect(values(.discs(count: 0, radius: 0.1...0.2, inside: 2, outside: 1)) == [1])
    #expect(values(.channels(count: 0, width: 0.1...0.2, inside: 2, outside: 1)) == [1])
  }
}
