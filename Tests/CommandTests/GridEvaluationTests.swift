import DatasetIO
import Foundation
import Tensors
import Testing

/// `pde eval --grid`: one model on several grids.
@Suite struct GridEvaluationTests {
  private func rows(_ outcome: Outcome) throws -> [[String: Any]] {
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try #require(try object(outcome)["rows"] as? [[String: Any]])
  }

  @Test func samplesOfARecipeAreMadeAgainOnEveryGrid() throws {
    let folder = try Prepared.workspace()
    let rows = try rows(folder.pde("eval runs/fno-deq --grid 11,21,8 --part all --json"))
    #expect(rows.map { $0["origin"] as? String } == ["stored", "regenerated", "regenerated"])
    #expect(rows.map { $0["isTrainingGrid"] as? Bool } == [true, false, false])
    let stored = try object(folder.pde("eval runs/fno-deq --part all --json"))
    #expect(try rows[0].object("relativeL2").number("mean") == stored.object("relativeL2").number("mean"))
    // The file's samples, solved on 21 vertices, kept at all of them; and on 22 vertices, kept at every third one.
    for (row, options) in [(rows[1], "--grid 21 --oversample 1"), (rows[2], "--grid 8 --oversample 4")] {
      try folder.pde("gen darcy --samples 24 \(options) -o other.nc --force --quiet")
      let errors = try FieldFile(reading: folder.file("other.nc")).reals("label_error")
      let mean = errors.reduce(0, +) / Double(errors.count)
      #expect(try abs(row.number("labelError") - mean) <= 1e-12 * mean)
      #expect(try row.number("samples") == 24)
      // The same function seen at other points.
      let ratio = try row.object("relativeL2").number("mean") / rows[0].object("relativeL2").number("mean")
      #expect((0.8...1.25).contains(ratio))
    }
    let table = try folder.pde("eval runs/fno-deq --grid 11,21").output
    #expect(table.contains("11 × 11 stored") && table.contains("21 × 21 regenerated") && table.contains("labels"))
  }

  @Test func fieldsWithoutARecipeAreTakenAtEveryNthPoint() throws {
    let folder = try Prepared.workspace()
    func write(_ name: String, every step: Int) throws {
      let n = 20 / step + 1
      let writer = try FieldFileWriter(
        creating: folder.file(name),
        layout: FieldFileLayout(
          grid: GridAxes(square: GridAxis(count: n, kind: .vertex)),
          fields: [FieldVariable("permeability", "a"), FieldVariable("pressure", "u")],
          description: FileDescription(title: "t", references: "none")),
        provenance: Provenance(program: "test", recipe: "{}", command: ["test"]))
      func field(_ value: (Int, Int, Int) -> Double) -> Tensor<Float> {
        Tensor(
          shape: [3, n, n],
          elements: (0..<3 * n * n).map { Float(value($0 / (n * n), $0 / n % n * step, $0 % n * step)) })
      }
      try writer.append(
        samples: 0..<3,
        [
          .field("permeability", field { s, y, x in (s * 7 + y * x) % 5 < 2 ? 3 : 12 }),
          .field("pressure", field { s, y, x in 0.01 + 0.001 * Double((s + 3 * y + x * x) % 7) }),
        ])
      try writer.finish()
    }
    try write("fine.nc", every: 1)
    try write("coarse.nc", every: 2)
    let rows = try rows(folder.pde("eval runs/fno-deq --data fine.nc --grid 11,21 --json"))
    let coarse = try object(folder.pde("eval runs/fno-deq --data coarse.nc --json")).object("relativeL2")
    #expect(try rows[0].object("relativeL2").number("mean") == coarse.number("mean"))
    #expect(rows.map { $0["origin"] as? String } == ["subsampled", "stored"] && rows[0]["labelError"] == nil)
    let refused = try folder.pde("eval runs/fno-deq --data fine.nc --grid 12")
    #expect(refused.exitCode == 64 && refused.errors.contains("3, 5, 6, 11, 21 points"), "\(refused.errors)")
  }

  @Test func whatHasNoMeaningOnAnotherGridIsRefused() throws {
    let folder = try Prepared.workspace()
    try folder.pde("train fno \(Prepared.tiny) --normalizer per-pixel --quiet")
    for (line, words) in [
      ("eval runs/fno --grid 11,21", "--normalizer channel"), ("eval runs/fno-deq --grid 11,2", "--grid"),
      ("eval runs/fno-deq --grid 11 --metrics", "--metrics"), ("eval runs/fno-deq --grid 4", "modes"),
    ] {
      let outcome = try folder.pde(line)
      #expect(outcome.exitCode == 64 && outcome.errors.contains(words), "\(line): \(outcome.errors)")
    }
  }
}
