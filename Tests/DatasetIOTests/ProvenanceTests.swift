import DatasetIO
import Foundation
import Testing

@Suite struct ProvenanceTests {
  @Test func theDateFollowsSourceDateEpoch() {
    #expect(Provenance.now(environment: ["SOURCE_DATE_EPOCH": "1700000000"]).timeIntervalSince1970 == 1_700_000_000)
    let current = Provenance.now(environment: ["SOURCE_DATE_EPOCH": "soon"])
    #expect(abs(current.timeIntervalSinceNow) < 60)
    #expect(current.timeIntervalSince1970 == current.timeIntervalSince1970.rounded())
    #expect(sampleProvenance.isoDate == "2023-11-14T22:13:20Z")
  }

  @Test func historyGrowsAtTheFrontAndKeepsOneLineACommand() {
    var next = sampleProvenance
    #expect(next.history == "2023-11-14T22:13:20Z pde gen darcy -o 'two words.nc'")
    next.earlierHistory = next.history
    next.command = ["pde", "predict", "it's\nhere", ""]
    #expect(
      next.history
        == "2023-11-14T22:13:20Z pde predict 'it'\\''shere' ''\n2023-11-14T22:13:20Z pde gen darcy -o 'two words.nc'")
  }

  @Test func theIdentifierIsTheDigestOfTheRecipeAlone() {
    var other = sampleProvenance
    other.date = Date(timeIntervalSince1970: 0)
    other.command = []
    #expect(other.identifier == sampleProvenance.identifier)
    #expect(other.identifier == SHA256.hex(of: other.recipe))
  }

  @Test func canonicalJSONHasOneSpellingAndNoNaN() throws {
    struct Value: Codable, Equatable {
      var zeta = 1.5
      var alpha: Double? = Double.nan
      var path = "a/b"
      var list: [Double?] = [.infinity, 1, -.infinity]
    }
    let text = try CanonicalJSON.encode(Value())
    #expect(text == #"{"alpha":null,"list":[null,1,null],"path":"a/b","zeta":1.5}"#)
    let back = try CanonicalJSON.decode(Value.self, from: text)
    #expect(back.alpha == nil && back.list == [nil, 1, nil] && back.zeta == 1.5)
  }
}
