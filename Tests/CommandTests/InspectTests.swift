import DatasetIO
import Foundation
import Testing

/// `pde inspect` and `pde gen --from`: where a file comes from, and how to make it again.
@Suite struct InspectTests {
  private static let dated = ["SOURCE_DATE_EPOCH": "1700000000"]

  private func inspection(_ name: String, in folder: Workspace) throws -> [String: Any] {
    let outcome = try folder.pde("inspect \(name) --json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try object(outcome)
  }

  /// Everything a data set can be made with, each in one of these lines.
  private static let lines = [
    "gen darcy --samples 3 --grid 9 --oversample 2",
    "gen darcy --samples 2 --first 5 --seed 7 --grid 9x7 --oversample 2 --medium lognormal --matern 1.5,0.1 --log 0.5,0.7 "
      + "--source gaussian --source-matern 1.7,0.3 --south neumann=0.25 --north robin=2,1 --double",
    "gen darcy --samples 2 --grid 9 --oversample 2 --medium discs --count 3 --size 0.1,0.2 --values 7,0.5",
    "gen darcy --samples 2 --grid 9 --oversample 2 --medium layers --count 4 --axis x --values 1,50 --face-mean arithmetic",
    "gen darcy --samples 2 --grid 9 --oversample 2 --alpha 2.5 --tau 4.1 --values 5,2 --source 3 --height 2 --tolerance 1e-6",
    "gen poisson --samples 2 --grid 9 --reaction 10 --west periodic --east periodic --source-amplitude 2",
    "gen navier-stokes --samples 2 --grid 16 --viscosity 0.02 --extent 1 --forcing-rms 0.01 --seed 3 --velocity",
  ]

  @Test(arguments: lines) func theCommandThatIsPrintedMakesTheFileAgain(_ line: String) throws {
    let folder = try Workspace()
    #expect(try folder.pde(line + " -o a.nc").exitCode == 0)
    let first = try inspection("a.nc", in: folder)
    let remake = try #require(first["remake"] as? String)
    #expect(remake.hasPrefix("pde gen ") && !remake.contains("--from"), "\(remake)")
    #expect(try folder.pde(remake.dropFirst(4) + " -o b.nc").exitCode == 0)
    #expect(try folder.pde("gen --from a.nc -o c.nc --threads 1").exitCode == 0)
    for name in ["b.nc", "c.nc"] {
      let other = try inspection(name, in: folder).object("file")
      for key in ["contents", "identifier", "recipe", "title"] {
        #expect(other[key] as? String == (try first.object("file"))[key] as? String, "\(name): \(key)")
      }
    }
  }

  /// The same command twice gives the same bytes. Files of other commands cannot: their histories differ, and the format
  /// keeps sums over such blocks; their contents are compared by their hash above.
  @Test func aFileMadeFromARecipeTwiceHasTheSameBytes() throws {
    let copies = try (0..<2).map { _ -> Data in
      let folder = try Prepared.workspace()
      let outcome = try folder.pde(
        "gen --from darcy.nc -o again.nc --json", environment: Self.dated)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(try object(outcome).object("summary").number("samples") == 24)
      #expect(try FieldFile(reading: folder.file("again.nc")).history.hasPrefix("2023-11-14T22:13:20Z pde gen --from"))
      return try #require(folder.contents()["again.nc"])
    }
    #expect(copies[0] == copies[1])
  }

  @Test func whatAFileHoldsIsPrinted() throws {
    let folder = try Prepared.workspace()
    let file = try inspection("darcy.nc", in: folder).object("file")
    #expect(try file.number("samples") == 24 && (try file.object("outcomes")).number("converged") == 24)
    let variables = try #require(file["variables"] as? [[String: Any]])
    let pressure = try #require(variables.first { $0["name"] as? String == "pressure" })
    let values = try folder.field("pressure", of: "darcy.nc").joined()
    let range = try pressure.object("range")
    #expect(try range.number("minimum") == values.min() && range.number("maximum") == values.max())
    #expect(try abs(range.number("mean") - values.reduce(0, +) / Double(values.count)) < 1e-15)
    #expect(pressure["shape"] as? [Int] == [24, 11, 11] && pressure["units"] as? String == "1")
    let text = try folder.pde("inspect darcy.nc").output
    for words in [
      "pde gen darcy --samples 24 --grid 11 --oversample 2", "24 converged", "float (sample 24, y 11, x 11)",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    // One value more or less is another file.
    try folder.pde("gen darcy --samples 24 --grid 11 --oversample 2 --seed 1 -o other.nc")
    #expect(try inspection("other.nc", in: folder).object("file")["contents"] as? String != file["contents"] as? String)
  }

  @Test func theHistoryGrowsFromFileToFile() throws {
    let folder = try Prepared.workspace()
    try folder.pde("predict runs/fno-deq")
    try folder.pde("compare runs/fno-deq --samples 1 --threads 1")
    for (name, command) in [("prediction.nc", "pde predict"), ("compare.nc", "pde compare")] {
      let history = try #require(try inspection(name, in: folder).object("file")["history"] as? [String])
      #expect(history.count == 2 && history[0].contains(command) && history[1].contains("pde gen darcy"), "\(history)")
    }
  }

  @Test func aRunTellsItsSettingsAndItsData() throws {
    let folder = try Prepared.workspace()
    let run = try inspection("runs/fno-deq", in: folder)
    #expect(run["model"] as? String == "fno-deq")
    #expect(try run.number("epochsDone") <= 2 && run.object("settings").number("epochs") == 2)
    let same = try inspection("runs/fno-deq/best.safetensors", in: folder)
    #expect(try same.number("parameters") == run.number("parameters"))
    #expect(try folder.pde("inspect runs/fno-deq").output.contains("permeability → pressure"))
  }

  @Test func aRecipeThatIsNotThereIsMissed() throws {
    let folder = try Prepared.workspace()
    try folder.pde("predict runs/fno-deq")
    let outcome = try folder.pde("gen --from prediction.nc -o x.nc")
    #expect(outcome.exitCode == 65 && outcome.errors.contains("pde gen darcy"), "\(outcome.errors)")
    #expect(try folder.pde("gen --from darcy.nc").exitCode == 64)
    #expect(try folder.pde("gen --from nothing.nc -o x.nc").exitCode == 66)
    #expect(try folder.pde("gen").output.contains("navier-stokes"))
  }
}
