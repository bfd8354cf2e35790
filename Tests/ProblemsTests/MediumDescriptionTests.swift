import Foundation
import Problems
import Spectral
import Testing

@Suite struct MediumDescriptionTests {
  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }()

  private static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  @Test func descriptionsHaveReadableNames() throws {
    #expect(
      try Self.text(DarcyFamily())
        == #"{"law":{"alpha":2,"scale":"published","tau":3},"medium":{"threshold":{"high":12,"low":3}}}"#)
    #expect(
      try Self.text(DarcyFamily.Medium.discs(count: 3, radius: 0.25...0.5, inside: 2, outside: 1))
        == #"{"discs":{"count":3,"inside":2,"outside":1,"radius":[0.25,0.5]}}"#)
    #expect(
      try Self.text(DarcyFamily.Medium.layers(count: 3, along: .y, values: 1...8))
        == #"{"layers":{"along":"y","count":3,"values":[1,8]}}"#)
    #expect(try Self.text(SourceFamily.constant(2)) == #"{"constant":{"value":2}}"#)
    #expect(
      try Self.text(SourceFamily.gaussian(law: .matern(smoothness: 2, length: 0.5), amplitude: 3))
        == #"{"gaussian":{"amplitude":3,"law":{"alpha":3,"scale":"unitVariance","tau":4}}}"#)
  }

  @Test(arguments: mediumKinds) func descriptionsSurviveTheirText(family: DarcyFamily) throws {
    let read = try JSONDecoder().decode(DarcyFamily.self, from: Self.encoder.encode(family))
    #expect(read == family)
    try read.validate()
  }

  @Test(arguments: [SourceFamily.constant(-1.5), .gaussian(law: GaussianLaw(), amplitude: 0.1)])
  func sourcesSurviveTheirText(family: SourceFamily) throws {
    #expect(try JSONDecoder().decode(SourceFamily.self, from: Self.encoder.encode(family)) == family)
    try family.validate()
  }

  @Test func descriptionsOfNoMediumAreRefused() {
    let wrong: [(DarcyFamily.Medium, MediumError)] = [
      (.threshold(high: 1, low: 0), .notPositive("low permeability", value: 0)),
      (
        .logNormal(mean: 0, standardDeviation: -1),
        .negative("standard deviation of the logarithm of the permeability", value: -1)
      ),
      (
        .logNormal(mean: .infinity, standardDeviation: 1),
        .notFinite("mean logarithm of the permeability", value: .infinity)
      ),
      (.discs(count: -1, radius: 0.1...0.2, inside: 1, outside: 1), .tooFew("discs", count: -1, least: 0)),
      (.discs(count: 1, radius: 0...0.2, inside: 1, outside: 1), .notPositive("least radius", value: 0)),
      (
        .channels(count: 1, width: 0.1...0.2, inside: 1, outside: -2),
        .notPositive("permeability outside the channels", value: -2)
      ),
      (.layers(count: 0, along: .x, values: 1...2), .tooFew("layers", count: 0, least: 1)),
    ]
    for (medium, error) in wrong { #expect(throws: error) { try DarcyFamily(medium: medium).validate() } }
    let rough = DarcyFamily(law: GaussianLaw(alpha: 1), medium: .logNormal(mean: 0, standardDeviation: 1))
    #expect(throws: MediumError.noVariance(alpha: 1)) { try rough.validate() }
    #expect(throws: MediumError.notFinite("source", value: -.infinity)) {
      try SourceFamily.constant(-.infinity).validate()
    }
  }

  @Test(arguments: [#"{"alpha":-1,"tau":3}"#, #"{"alpha":1,"tau":3,"scale":"unitVariance"}"#])
  func textOfNoLawIsRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(GaussianLaw.self, from: Data(text.utf8)) }
  }
}
