import Tensors
import Testing

@Suite struct RandomStreamTests {
  /// The known answers that come with the generator's reference implementation (Random123, philox4x32 with 10 rounds).
  @Test func philoxGivesTheKnownAnswers() {
    let answers: [((UInt32, UInt32, UInt32, UInt32), (UInt32, UInt32), (UInt32, UInt32, UInt32, UInt32))] = [
      ((0, 0, 0, 0), (0, 0), (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
      (
        (0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF), (0xFFFF_FFFF, 0xFFFF_FFFF),
        (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (
        (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), (0xA409_3822, 0x299F_31D0),
        (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ]
    for (counter, key, expected) in answers { #expect(RandomStream.philox(counter, key: key) == expected) }
  }

  @Test func normalNumbersAreThoseOfBoxAndMuller() {
    let stream = RandomStream(seed: 0x1234_5678_9ABC_DEF0, purpose: .noise, sample: 5)
    for index in 0..<20_000 as Range<UInt64> {
      let w = stream.words(at: index)
      let u = Double(((UInt64(w.0) << 32 | UInt64(w.1)) >> 11) + 1) * 0x1p-53
      let v = Double((UInt64(w.2) << 32 | UInt64(w.3)) >> 11) * 0x1p-53
      let expected = (-2 * Double.log(u)).squareRoot() * Double.cos(2 * .pi * v)
      // The angle 2πv is rounded here: half a unit in the last place of 2π, times the radius.
      #expect(abs(stream.normal(at: index) - expected) < 1e-14)
    }
  }

  @Test(arguments: [1, 31, 32, 100] as [Int])
  func manyNormalNumbersAreTheSameBitsAsOneByOne(count: Int) {
    let stream = RandomStream(seed: 3, purpose: .test, sample: 2)
    for (first, step) in [(0, 1), (17, 1 << 32), (UInt64.max - 5, 3)] as [(UInt64, UInt64)] {
      var numbers = [Double](repeating: 0, count: count)
      numbers.withUnsafeMutableBufferPointer { stream.normals(from: first, step: step, into: $0) }
      #expect(numbers == (0..<UInt64(count)).map { stream.normal(at: first &+ $0 &* step) })
    }
  }

  /// Bounds are four standard errors for 100,000 numbers.
  @Test func normalNumbersHaveTheMomentsOfTheNormalLaw() {
    let stream = RandomStream(seed: 7, purpose: .test)
    let x = (0..<100_000).map { stream.normal(at: UInt64($0)) }
    func moment(_ p: Int) -> Double { x.reduce(0) { $0 + Double.pow($1, p) } / 1e5 }
    let error = 1e5.squareRoot()
    #expect(abs(moment(1)) < 4 / error)
    #expect(abs(moment(2) - 1) < 4 * 2.0.squareRoot() / error)
    #expect(abs(moment(3)) < 4 * 15.0.squareRoot() / error)
    #expect(abs(moment(4) - 3) < 4 * 96.0.squareRoot() / error)
  }

  @Test func streamsOfDifferentSeedPurposeOrSampleAreUncorrelated() {
    func numbers(_ stream: RandomStream) -> [Double] { (0..<10_000).map { stream.normal(at: UInt64($0)) } }
    let base = numbers(RandomStream(seed: 1, purpose: .test))
    for other in [
      RandomStream(seed: 2, purpose: .test), RandomStream(seed: 1, purpose: .noise),
      RandomStream(seed: 1, purpose: .test, sample: 1), RandomStream(seed: 1 << 32, purpose: .test),
    ] {
      let correlation = zip(base, numbers(other)).reduce(0) { $0 + $1.0 * $1.1 } / 1e4
      #expect(abs(correlation) < 0.04)
    }
  }

  @Test func permutationsHoldEveryIndexOnceAndPlaceItAnywhere() {
    var places = [Int](repeating: 0, count: 10)
    for seed in 0..<2000 {
      let order = RandomStream(seed: UInt64(seed), purpose: .shuffle).permutation(of: 10)
      #expect(order.sorted() == Array(0..<10))
      places[order.firstIndex(of: 0) ?? 0] += 1
    }
    // 200 expected in each place, standard deviation 13.4.
    #expect(places.allSatisfy { abs($0 - 200) < 60 })
  }
}
