import DatasetIO
import Foundation
import Tensors
import Testing

/// Equal commands give equal results, whatever the number of threads and whichever samples are asked for.
@Suite struct ReproducibilityTests {
  private static let dated = ["SOURCE_DATE_EPOCH": "1700000000"]

  @Test func equalCommandsWriteEqualFiles() throws {
    let folders = try (0..<2).map { _ in try Workspace() }
    let lines = [
      Prepared.data, "gen darcy --samples 3 --grid 7 --oversample 3 --seed 5 --double -o double.nc",
      "train fno-deq --noise 0.1 \(Prepared.tiny)", "predict runs/fno-deq --data darcy.nc", "plot darcy.nc",
    ]
    for folder in folders {
      for line in lines { #expect(try folder.pde(line, environment: Self.dated).exitCode == 0) }
    }
    let contents = folders.map { $0.contents() }
    for name in ["darcy.nc", "double.nc", "plot.png", "runs/fno-deq/config.json", "prediction.nc"] {
      #expect(contents[0][name] == contents[1][name] && contents[0][name] != nil, "\(name)")
    }
    let history = try FieldFile(reading: folders[0].file("darcy.nc")).history
    #expect(history.hasPrefix("2023-11-14T22:13:20Z "))
    // Checkpoints and logs hold times; everything else in them is equal.
    try FileManager.default.copyItem(
      atPath: folders[1].file("runs/fno-deq"), toPath: folders[0].file("runs/other"))
    try expectSameRun("runs/fno-deq", "runs/other", in: folders[0])
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let folder = try Workspace()
    for threads in [1, 3] {
      let lines = [
        "gen darcy --samples 24 --grid 11 --oversample 2 -o \(threads).nc --threads \(threads)",
        "train fno-deq --noise 0.1 \(Prepared.tiny) --data 1.nc -o run\(threads) --threads \(threads)",
        "predict run1 --data 1.nc -o prediction\(threads).nc --threads \(threads)",
      ]
      for line in lines { #expect(try folder.pde(line).exitCode == 0) }
    }
    try expectSameRun("run1", "run3", in: folder)
    for (stem, fields) in [("", ["permeability", "pressure"]), ("prediction", ["pressure"])] {
      for field in fields {
        let values = try [1, 3].map { try folder.field(field, of: "\(stem)\($0).nc") }
        #expect(values[0] == values[1], "\(stem) \(field)")
      }
      let files = try [1, 3].map { try FieldFile(reading: folder.file("\(stem)\($0).nc")) }
      #expect(try files[0].reals("solver_residual") == files[1].reals("solver_residual"))
      #expect(try files[0].integers("solver_iterations") == files[1].integers("solver_iterations"))
    }
  }

  @Test func anySampleCanBeMadeAlone() throws {
    let folder = try Prepared.workspace()
    let outcome = try folder.pde("gen darcy --first 7 --samples 2 --grid 11 --oversample 2 -o two.nc")
    #expect(outcome.exitCode == 0)
    let (whole, part) = (
      try FieldFile(reading: folder.file("darcy.nc")), try FieldFile(reading: folder.file("two.nc"))
    )
    #expect(try part.sampleIndices() == [7, 8] && whole.sampleIndices() == Array(0..<24))
    for name in ["permeability", "pressure"] {
      #expect(try folder.field(name, of: "two.nc") == Array(folder.field(name, of: "darcy.nc")[7..<9]), "\(name)")
    }
    for name in ["solver_residual", "label_error"] {
      #expect(try part.reals(name) == Array(whole.reals(name)[7..<9]), "\(name)")
    }
    // Another seed makes other media.
    try folder.pde("gen darcy --first 7 --samples 2 --grid 11 --oversample 2 --seed 1 -o other.nc")
    #expect(try folder.field("permeability", of: "other.nc") != folder.field("permeability", of: "two.nc"))
  }

  @Test func runsWhoseNamesLookAlikeCanBeCompared() throws {
    let folder = try Prepared.workspace()
    // Names that are equal as parts of variables' names, or equal to a variable of the file's own.
    for name in ["fno_deq", "reference", "Größe"] {
      try FileManager.default.copyItem(
        atPath: folder.file("runs/fno-deq"), toPath: folder.file("runs/\(name)"))
    }
    let outcome = try folder.pde(
      "compare runs/fno-deq runs/fno_deq runs/reference runs/Größe runs/fno-deq/ --samples 1 --threads 1 --json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let rows = try #require(try object(outcome)["rows"] as? [[String: Any]])
    let names = rows.compactMap { $0["isModel"] as? Bool == true ? $0["name"] as? String : nil }
    #expect(names == ["fno-deq", "fno_deq", "reference", "Größe", "fno-deq 2"])
    let fields = try FieldFile(reading: folder.file("compare.nc")).fieldNames.filter { $0.hasPrefix("pressure_") }
    #expect(fields.count == 6)
    for field in fields where field != "pressure_reference" {
      #expect(try folder.field(field, of: "compare.nc") == folder.field("pressure_fno_deq", of: "compare.nc"))
    }
  }
}
