import DatasetIO
import Foundation
import Testing

/// Data that are not there, damaged, or not what the model needs: exit codes 66 and 65.
@Suite struct BadDataTests {
  @Test(arguments: [
    BadInput("train fno --data nope.nc", 66, "'nope.nc' does not exist"),
    BadInput("eval runs/fno-deq --data nope.nc", 66, "'nope.nc' does not exist"),
    BadInput("predict runs/fno-deq --data nope.nc", 66, "'nope.nc' does not exist"),
    BadInput("compare runs/fno-deq --data nope.nc", 66, "'nope.nc' does not exist"),
    BadInput("plot nope.nc", 66, "'nope.nc' does not exist"),
    BadInput("train fno --data runs", 66, "'runs' is a folder", "expected a file"),
    BadInput("train fno --data empty.nc", 66, "'empty.nc' is empty") { try $0.write(Data(), to: "empty.nc") },
    BadInput("eval runs/none", 66, "there is no run 'runs/none'"),
    BadInput("eval runs", 66, "'runs' holds no checkpoint"),
    BadInput("plot runs", 66, "'runs' holds no checkpoint"),
  ])
  func whatIsMissingIsNamed(_ input: BadInput) throws { try input.check() }

  @Test(arguments: [
    BadInput("train fno --data darcy.nc", 65, "'darcy.nc' is cut short") {
      try $0.damage("darcy.nc") { $0.removeLast(5000) }
    },
    BadInput("eval runs/fno-deq", 65, "'darcy.nc'") { try $0.damage("darcy.nc") { $0.removeLast($0.count - 40) } },
    BadInput("train fno --data text.nc", 65, "'text.nc' is not a NetCDF file", "expected NetCDF") {
      try $0.write(Data("sample,y,x\n0,0,0\n".utf8), to: "text.nc")
    },
    BadInput("plot text.nc", 65, "'text.nc' is not a NetCDF file") { try $0.write(Data("no".utf8), to: "text.nc") },
    BadInput("eval text", 65, "'text' is not a sound safetensors file") { try $0.write(Data("no".utf8), to: "text") },
    BadInput("eval darcy.nc", 65, "'darcy.nc' is not a sound safetensors file"),
    BadInput("eval runs/fno-deq", 65, "best.safetensors' is damaged", "SHA-256 of tensor") {
      // The last byte of the last tensor.
      try $0.damageRun { $0[$0.count - 1] ^= 1 }
    },
    BadInput("predict runs/fno-deq", 65, "best.safetensors' is damaged", "SHA-256 of its header") {
      // A digit of a number of the settings.
      try $0.damageRun { bytes in
        let place = try #require(bytes.range(of: Data("weightDecay\\\":".utf8)))
        bytes[place.upperBound] ^= 1
      }
    },
    BadInput("compare runs/fno-deq", 65, "best.safetensors' is not a sound safetensors file") {
      try $0.damageRun { $0.removeLast() }
    },
    // Every checkpoint of the run is damaged; what happens where one is sound: `CheckpointFallbackTests`.
    BadInput("plot runs/fno-deq", 65, "last.safetensors' is damaged") {
      try $0.damageRun { $0[$0.count - 9] ^= 128 }
    },
    BadInput("train fno-deq --noise 0.1 --resume \(Prepared.tiny)", 65, "last.safetensors' is damaged") {
      try $0.damageRun { $0[$0.count - 9] ^= 128 }
    },
  ])
  func whatIsDamagedIsRefused(_ input: BadInput) throws { try input.check() }

  private static let readers = ["train fno \(Prepared.tiny)", "eval runs/fno-deq"].map { $0 + " --data spoiled.nc" }

  @Test(arguments: readers)
  func contentsThatCannotBeUsedAreNamed(_ line: String) throws {
    let cases = [
      BadInput(line, 65, "'spoiled.nc' has no variable 'pressure'", "permeability, ") {
        $0.variables = ["permeability"]
      },
      BadInput(line, 65, "'permeability' has dimensions (sample, x, y)", "expected (sample, y, x)") {
        $0.dimensions = ["sample", "x", "y"]
      },
      BadInput(line, 65, "'permeability' has dimensions (y, x)", "expected (sample, y, x)") {
        $0.dimensions = ["y", "x"]
      },
      BadInput(line, 65, "'pressure' is nan at sample 2, point (y 4, x 5)") {
        $0.spoiled = [("pressure", 2, 4, 5, .nan)]
      },
      BadInput(line, 65, "'permeability' is -inf at sample 23, point (y 10, x 10)") {
        $0.spoiled = [("permeability", 23, 10, 10, -.infinity)]
      },
      // The library's mark for a value that was never written.
      BadInput(line, 65, "'pressure' has no value at sample 0, point (y 0, x 1)") {
        $0.spoiled = [("pressure", 0, 0, 1, 9.96921e36)]
      },
      BadInput(line, 65, "'pressure' is zero everywhere in sample 3") { $0.vanishing = 3 },
    ]
    for input in cases { try input.check() }
  }

  private static let answers = ["eval", "predict", "compare"].map { $0 + " runs/fno-deq --data spoiled.nc" }

  @Test(arguments: answers)
  func dataOfAnotherKindThanTheModelHasLearntAreRefused(_ line: String) throws {
    let cases = [
      BadInput(line, 65, "'spoiled.nc' has 13 × 13 points", "trained on 11 × 11") { ($0.rows, $0.columns) = (13, 13) },
      BadInput(line, 65, "'spoiled.nc' has 11 × 12 points", "trained on 11 × 11") { $0.columns = 12 },
      BadInput(line, 65, "'pressure' of 'spoiled.nc' has units 'Pa'", "trained on '1'") { $0.units = "Pa" },
      BadInput(line, 65, "variable 'sample' has 3 after 3") { $0.indices = (0..<24).map { $0 < 4 ? $0 : $0 - 1 } },
      BadInput(line, 65, "variable 'sample' begins with -1") { $0.indices = Array(-1..<23) },
    ]
    for input in cases { try input.check() }
  }

  @Test(arguments: ["eval", "compare"])
  func aPartOfTheTrainingDataIsNotTakenForTheWhole(_ command: String) throws {
    try BadInput(
      "\(command) runs/fno-deq --data spoiled.nc", 65, "10 samples instead of 24",
      prepare: { folder in
        // As tools that cut files leave it: the attributes of the whole.
        let identifier = try FieldFile(reading: folder.file("darcy.nc")).attribute("id")
        ForeignData(samples: 10, identifier: identifier).write(to: folder.file("spoiled.nc"))
      }
    ).check()
  }

  @Test(arguments: [
    BadInput("train fno --data spoiled.nc", 65, "the data have 1 samples", "at least 2") { $0.samples = 1 },
    BadInput("train fno --train-samples 17 --validation 4 --test 4", 65, "the data have 24 samples", "at least 25"),
    BadInput("train fno --validation 20 --test 4", 65, "the data have 24 samples", "at least 25"),
    BadInput("compare runs/fno-deq --data spoiled.nc", 65, "permeability", "sample 0") {
      $0.spoiled = [("permeability", 0, 5, 6, -1)]
    },
  ])
  func dataThatDoNotSufficeAreRefused(_ input: BadInput) throws { try input.check() }

  @Test func sevenSamplesAreEnoughToTrain() throws {
    let folder = try Prepared.workspace()
    ForeignData(samples: 7).write(to: folder.file("few.nc"))
    #expect(try folder.pde("train fno --data few.nc --width 4 --modes 3 --epochs 1").exitCode == 0)
  }
}
