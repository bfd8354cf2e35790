import DatasetIO
import Foundation
import Tensors
import Testing

/// `pde gen` for every problem, as files.
@Suite struct GenerationCommandTests {
  @Test func flowsHoldForceVorticityAndTheirVerdict() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("gen navier-stokes --samples 3 --grid 32 --velocity --double")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try FieldFile(reading: folder.file("navier-stokes.nc"))
    #expect(file.fieldNames == ["force_x", "force_y", "forcing", "vorticity", "u", "v"])
    #expect(try file.axes() == GridAxes(square: GridAxis(count: 32, to: 2 * .pi, kind: .periodic)))
    #expect(try file.reals("viscosity") == [0.01, 0.01, 0.01])
    #expect(try file.reals("solver_residual").allSatisfy { $0 <= 1e-8 })
    // A force without mean, and the flow that it drives.
    for name in ["force_x", "force_y", "forcing", "vorticity", "u", "v"] {
      let values = try folder.field(name, of: "navier-stokes.nc")[1]
      #expect(abs(values.reduce(0, +)) < 1e-10 * values.reduce(0) { $0 + abs($1) }, "\(name)")
      #expect(values.contains { $0 != 0 })
    }
  }

  @Test func aPartOfASetOfFlowsIsMadeAloneWhateverTheThreads() throws {
    let folder = try Workspace()
    try folder.pde("gen navier-stokes --samples 4 --grid 24 --threads 1 -o all.nc")
    try folder.pde("gen navier-stokes --first 2 --samples 2 --grid 24 --threads 3 -o part.nc")
    #expect(try folder.field("vorticity", of: "part.nc") == Array(folder.field("vorticity", of: "all.nc")[2...]))
  }

  @Test func aFlowIsSolvedAgainFromItsFile() throws {
    let folder = try Workspace()
    try folder.pde("gen navier-stokes --samples 2 --grid 32 --double")
    let outcome = try folder.pde("solve navier-stokes --data navier-stokes.nc --index 1 --double")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let (again, stored) = (
      try folder.field("vorticity", of: "flow.nc")[0], try folder.field("vorticity", of: "navier-stokes.nc")[1]
    )
    let scale = stored.map(abs).max() ?? 1
    #expect(zip(again, stored).allSatisfy { abs($0 - $1) < 1e-7 * scale })
  }

  @Test func modelsLearnWhatAFileHolds() throws {
    let folder = try Workspace()
    try folder.pde("gen navier-stokes --samples 12 --grid 16")
    try folder.pde("gen poisson --samples 12 --grid 11 --oversample 2")
    for (data, options, inputs) in [
      ("navier-stokes.nc", "", "force_x"), ("navier-stokes.nc", "--inputs forcing", "forcing"),
      ("poisson.nc", "", "source"),
    ] {
      let line = "train fno --data \(data) \(options) --force \(Prepared.tiny) -o run --quiet"
      let outcome = try folder.pde(line)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let checkpoint = try SafetensorsFile(reading: folder.file("run/last.safetensors"))
      #expect(checkpoint.metadata["data"]?.contains("\"\(inputs)\"") == true)
      #expect(try folder.pde("eval run --data \(data)").exitCode == 0)
      #expect(try folder.pde("predict run --data \(data) --force").exitCode == 0)
    }
  }

  @Test(arguments: [
    "--medium lognormal --matern 1.5,0.2", "--medium discs --values 100,1", "--medium channels --count 3",
    "--medium layers --values 1,100 --axis x", "--source gaussian --south neumann=0 --north robin=1,0",
    "--grid 21x11 --width 2 --reaction 5",
    "--grid 10x11 --west periodic --east periodic",
    "--grid 10 --source gaussian --west periodic --east periodic --south periodic --north periodic",
  ])
  func everyMediumSourceAndConditionIsSolved(_ options: String) throws {
    let folder = try Workspace()
    // Options given twice: the last one counts.
    let outcome = try folder.pde("gen darcy --samples 2 --grid 11 --oversample 4 " + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let file = try FieldFile(reading: folder.file("darcy.nc"))
    #expect(try file.outcomes() == [.converged, .converged])
    #expect(try file.reals("solver_residual").allSatisfy { $0 <= 1e-8 })
    #expect(try file.reals("label_error").allSatisfy { $0 > 0 && $0 < 0.5 })
    #expect(file.has("source") == options.contains("gaussian"))
    let pressure = try folder.field("pressure", of: "darcy.nc")
    #expect(pressure[0] != pressure[1])
  }

  @Test(arguments: [
    BadInput("gen darcy --medium layers -o other.nc", 64, "least,greatest"),
    BadInput("gen darcy --medium lognormal --alpha 0.5 -o other.nc", 64, "α above 1"),
    BadInput("gen darcy --force --resume -o other.nc", 64, "--resume"),
    BadInput("gen navier-stokes --viscosity 0", 64, "viscosity must be positive"),
    BadInput("gen navier-stokes --grid 4", 64, "grid must be at least 8, found 4"),
    BadInput(
      "gen darcy --west neumann=0 --east neumann=0 --south neumann=0 --north neumann=0 -o other.nc", 65,
      "do not add up to zero"),
    BadInput("solve navier-stokes --data darcy.nc", 65, "not on a torus"),
    BadInput("bench --case darcy.n7", 64, "No case matches 'darcy.n7'"),
  ])
  func badInputGetsOneSentence(_ input: BadInput) throws { try input.check() }
}
