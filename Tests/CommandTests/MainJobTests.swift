import DatasetIO
import Foundation
import Testing

/// The main job from an empty folder to the pictures, as the README tells a user to run it.
@Suite struct MainJobTests {
  @Test func theMainJobRunsFromGenerationToPicturesAndLeavesWhatItSays() throws {
    let folder = try Workspace()
    let steps = [
      ("gen darcy --samples 24 --grid 11 --oversample 2", ["darcy.nc"]),
      (
        "train fno-deq --noise 0.1 --width 4 --modes 3 --epochs 2 --validation 4 --test 4 --batch 4",
        [
          "best.safetensors", "last.safetensors", "previous.safetensors", "config.json", "log.csv", "log.jsonl",
          "events.out.tfevents.pde",
        ].map { "runs/fno-deq/" + $0 }
      ),
      ("eval runs/fno-deq --data darcy.nc", []),
      ("predict runs/fno-deq --data darcy.nc -o prediction.nc", ["prediction.nc"]),
      (
        "compare runs/fno-deq --data darcy.nc -o compare.nc", ["compare.nc", "compare.png", "compare-fields.png"]
      ),
      ("plot darcy.nc -o darcy.png", ["darcy.png"]),
    ]
    for (line, files) in steps {
      let before = Set(folder.contents().keys)
      let outcome = try folder.pde(line)
      #expect(outcome.exitCode == 0, "\(line): \(outcome.errors)")
      // Folders are listed as well; nothing but what is announced appears.
      let made = Set(folder.contents().keys).subtracting(before).subtracting(["runs", "runs/fno-deq"])
      #expect(made == Set(files), "\(line)")
      #expect(!outcome.output.isEmpty && !outcome.output.contains(progressLine), "\(line): \(outcome.output)")
      #expect(!outcome.errors.contains("Error") && !outcome.errors.contains("Warning"), "\(line): \(outcome.errors)")
    }
  }

  @Test func evaluationReportsTheErrorsThatThePredictedFieldsHave() throws {
    let folder = try Prepared.workspace()
    let report = try object(folder.pde("eval runs/fno-deq --part all --json"))
    let summary = try object(folder.pde("predict runs/fno-deq --json"))
    let predictions = try folder.field("pressure", of: "prediction.nc")
    let truth = try folder.field("pressure_reference", of: "prediction.nc")
    #expect(try truth == folder.field("pressure", of: "darcy.nc"))
    let errors = zip(predictions, truth).map { relativeError($0, $1) }
    // Fields are in single precision and errors are sums over 121 points.
    let tolerance = 1e-5
    try expectDistribution(try report.object("relativeL2"), of: errors, within: tolerance)
    let largest = zip(predictions.joined(), truth.joined()).map { abs($0 - $1) }.max() ?? 0
    #expect(abs(try report.number("maximumError") - largest) <= tolerance * largest)
    #expect(abs(try summary.number("relativeL2") - errors.reduce(0, +) / 24) <= tolerance)
    let stored = try FieldFile(reading: folder.file("prediction.nc")).reals("relative_error")
    #expect(zip(stored, errors).allSatisfy { abs($0 - $1) <= tolerance })

    // Beside it stands the mean training target, which the checkpoint holds.
    let checkpoint = try SafetensorsFile(reading: folder.file("runs/fno-deq/best.safetensors"))
    guard case .single(let mean)? = checkpoint.tensors["baseline.mean"] else {
      Issue.record("the checkpoint has no baseline.mean")
      return
    }
    let baseline = truth.map { relativeError(mean.elements.map(Double.init), $0) }
    try expectDistribution(try report.object("meanFieldRelativeL2"), of: baseline, within: tolerance)
    #expect(try report.number("samples") == 24 && summary.number("samples") == 24)
    #expect(report["model"] as? String == "fno-deq" && report["part"] as? String == "all")
    #expect(try report.number("unconverged") == 0 && report.number("evaluations") >= 2)
    #expect(try report.number("secondsPerSample") > 0 && report.number("labelError") > 0)
  }

  private func expectDistribution(_ found: [String: Any], of values: [Double], within tolerance: Double) throws {
    let sorted = values.sorted()
    let count = sorted.count
    let expected = [
      "mean": values.reduce(0, +) / Double(count), "median": (sorted[count / 2 - 1] + sorted[count / 2]) / 2,
      // The smallest value that 95 % of 24 samples, 22.8 of them, do not exceed.
      "p95": sorted[22], "max": sorted[count - 1],
    ]
    for (name, value) in expected { #expect(abs(try found.number(name) - value) <= tolerance, "\(name)") }
  }

  @Test func predictionsTellHowEachEquilibriumEnded() throws {
    let folder = try Prepared.workspace()
    try folder.pde("predict runs/fno-deq --tolerance 1e-4")
    let file = try FieldFile(reading: folder.file("prediction.nc"))
    #expect(try file.outcomes() == Array(repeating: .converged, count: 24))
    let (residuals, iterations) = (try file.reals("solver_residual"), try file.integers("solver_iterations"))
    #expect(residuals.allSatisfy { $0 >= 0 && $0 <= 1e-4 })
    #expect(iterations.allSatisfy { (2...32).contains($0) })
    // One entry an evaluation.
    #expect(try file.traces("residual_trace").map(\.count) == iterations)
    #expect(try folder.field("permeability", of: "prediction.nc") == folder.field("permeability", of: "darcy.nc"))
  }

  @Test func aComparisonReportsTheErrorsAndResidualsThatItsFieldsHave() throws {
    let folder = try Prepared.workspace()
    let report = try object(folder.pde("compare runs/fno-deq --json --threads 1"))
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(try report.number("samples") == 4 && report.number("labelError") > 0)
    let truth = try folder.field("pressure_reference", of: "compare.nc")
    let predictions = try folder.field("pressure_fno_deq", of: "compare.nc")
    let media = try folder.field("permeability", of: "compare.nc")
    let errors = zip(predictions, truth).map { relativeError($0, $1) }
    let residuals = zip(predictions, media).map { darcyResidual($0, permeability: $1) }
    let labels = zip(truth, media).map { darcyResidual($0, permeability: $1) }
    let model = try #require(rows.first)
    #expect(model["name"] as? String == "fno-deq" && model["isModel"] as? Bool == true)
    // Residuals divide single-precision fields by h² = 1/100 and lose two digits more than errors do.
    #expect(abs(try model.number("meanError") - errors.reduce(0, +) / 4) <= 1e-5)
    #expect(abs(try model.number("maxError") - (errors.max() ?? 0)) <= 1e-5)
    #expect(abs(try model.number("meanResidual") - residuals.reduce(0, +) / 4) <= 1e-3)
    #expect(abs(try report.number("labelResidual") - labels.reduce(0, +) / 4) <= 1e-3)
    #expect(try model.number("iterations") >= 2 && model.number("seconds") > 0 && model.number("batchedSeconds") > 0)

    // The classical solver on the grid of the labels repeats them, on the stored one it has their discretisation error.
    for grid in [11, 21] {
      let settings = rows.filter { $0["isModel"] as? Bool == false && $0["grid"] as? Int == grid }
      let tolerances = try settings.map { try $0.number("tolerance") }
      #expect(tolerances.count >= 3 && tolerances == tolerances.sorted(by: >))
      let iterations = try settings.map { try $0.number("iterations") }
      #expect(iterations == iterations.sorted())
      for setting in settings { #expect(try setting.number("meanResidual") <= setting.number("tolerance")) }
      let best = try #require(settings.last).number("meanError")
      #expect(grid == 21 ? best < 1e-6 : abs(best / (try report.number("labelError")) - 1) < 0.05)
    }
  }

  @Test(arguments: [
    ("darcy.nc", ["fields"]), ("prediction.nc", ["fields", "traces"]), ("compare.nc", ["error", "fields", "traces"]),
    ("runs/fno-deq", []),
  ])
  func everyViewOfAFileOrARunIsAPicture(_ input: String, _ views: [String]) throws {
    let folder = try Prepared.workspace()
    if input == "prediction.nc" { try folder.pde("predict runs/fno-deq") }
    if input == "compare.nc" { try folder.pde("compare runs/fno-deq --threads 1") }
    for view in views.map({ "--view " + $0 }) + [""] {
      let outcome = try folder.pde("plot \(input) \(view) -o picture.png --force")
      #expect(outcome.exitCode == 0 && outcome.output == "picture.png\n" && outcome.errors.isEmpty, "\(outcome.errors)")
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("picture.png"))))
      // The signature of PNG and its first chunk, with the width in bytes 16 to 19 and the height behind it.
      #expect(bytes.starts(with: [137, 80, 78, 71, 13, 10, 26, 10]) && bytes.count > 10_000)
      let sizes = [16, 20].map { bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect(sizes.allSatisfy { (300...10_000).contains($0) }, "\(sizes)")
    }
  }
}
