import DatasetIO
import Foundation
import Testing

/// Every model and every family of options trains, is stored, and can be used again.
@Suite struct TrainingOptionTests {
  @Test(arguments: [
    // Parameters at width c = 4, modes 3, projection to 128: lifting (3 → 4) 16, projection 4·128 + 128 + 128 + 1 = 769,
    // and 2544 a block; see `NeuralOperatorTests` for the count in general.
    ("fno", "", ["\"fno\":{\"blocks\":1}"]), ("fno", "--blocks 2", ["\"fno\":{\"blocks\":2}"]),
    ("fno++", "", ["\"injectedFNO\":{\"blocks\":1}"]), ("fno++", "--blocks 2", ["\"injectedFNO\":{\"blocks\":2}"]),
    ("fno-wt", "", ["\"weightTied\":{\"iterations\":12}"]),
    ("fno-wt", "--iterations 8", ["\"weightTied\":{\"iterations\":8}"]),
    ("fno-deq", "", ["\"equilibrium\":{}", "\"solver\":\"anderson\""]),
    ("fno-deq", "--iterations 8", ["\"exactEvaluations\":8"]),
    ("fno-deq", "--solver picard", ["\"solver\":\"picard\""]),
    ("fno-deq", "--solver anderson --memory 3", ["\"solver\":\"anderson\"", "\"memory\":3"]),
    ("fno-deq", "--solver broyden --tolerance 1e-4", ["\"solver\":\"broyden\"", "\"tolerance\":0.0001"]),
    ("fno-deq", "--adjoint implicit --adjoint-tolerance 1e-5", ["\"implicit\":{}", "\"adjointTolerance\":1e-05"]),
    (
      "fno-deq", "--adjoint phantom --phantom-steps 2 --phantom-damping 0.7",
      ["\"phantom\":{\"damping\":0.7,\"steps\":2}"]
    ),
    ("fno-deq", "--phantom-steps 3", ["\"phantom\":{\"damping\":0.5,\"steps\":3}"]),
    ("fno-deq", "--adjoint unrolled --unrolled-steps 4", ["\"unrolled\":{\"steps\":4}"]),
    ("fno-deq", "--norm instance", ["\"normalization\":\"instance\""]),
    ("fno", "--norm instance", ["\"normalization\":\"instance\""]),
    ("fno-deq", "--normalizer per-pixel", ["\"normalizer\":\"per-pixel\""]),
    ("fno-deq", "--initialization positive", ["\"initialization\":\"positive\""]),
    ("fno", "--padding 0", ["\"padding\":{\"points\":{\"_0\":0}}"]),
    ("fno", "--padding 10%", ["\"padding\":{\"fraction\":{\"_0\":0.1}}"]),
    ("fno", "--noise 0.2 --noise-on input", ["\"level\":0.2", "\"target\":\"input\""]),
    ("fno", "--noise 0.2 --noise-law paper-ramp", ["\"law\":\"paper-ramp\""]),
    ("fno", "--ema 0.9 --clip-norm 5 --patience 3", ["\"averageDecay\":0.9", "\"clipNorm\":5", "\"patience\":3"]),
    (
      "fno", "--lr 1e-3 --schedule step --warm-up-steps 2 --decay-factor 0.1 --decay-epochs 4",
      ["\"schedule\":{\"factor\":0.1,\"interval\":4,\"rampSteps\":2,\"shape\":\"step\"}"]
    ),
    // At a rate that does not fall two epochs at the default one end where they like.
    ("fno", "--lr 1e-3 --schedule plateau", ["\"shape\":\"plateau\""]),
    ("fno", "--lr 1e-3 --seed 7 --train-samples 6", ["\"learningRate\":0.001", "\"seed\":7"]),
  ])
  func anOptionTrainsAndIsStored(_ model: String, _ options: String, _ settings: [String]) throws {
    let folder = try Prepared.workspace()
    let outcome = try folder.pde("train \(model) \(options) -o run \(Prepared.tiny)")
    let rows = try Log(folder.text("run/log.csv"))
    // A block with instance normalisation need not contract; then the exit code says so.
    #expect(try outcome.exitCode == (rows.column("unconverged")[1] > 0 ? 10 : 0), "\(outcome.errors)")
    #expect(outcome.exitCode == 0 || options == "--norm instance")
    let config = try folder.text("run/config.json")
    for setting in settings { #expect(config.contains(setting), "\(setting) in \(config)") }

    // Two epochs of training bring the error below that of the first state, on samples that were not trained on.
    #expect(rows.count == 2)
    let errors = try rows.column("validation_error")
    #expect(errors[1] < errors[0] && errors[1] > 0)
    // A solved equilibrium counts its evaluations; other models, and an unrolled one, solve none.
    let solves = model == "fno-deq" && !options.contains("unrolled")
    #expect(try rows.column("evaluations").allSatisfy { solves ? $0 >= 1 : $0 == 0 })
    if options == "--iterations 8", model == "fno-deq" { #expect(try rows.column("evaluations") == [8, 8]) }

    let report = try object(folder.pde("eval run --part validation --json"))
    let mean = try report.object("relativeL2").number("mean")
    // The best epoch's, as the log has it: the same samples in the same batches.
    #expect(abs(mean - (errors.min() ?? 0)) <= 1e-12)
    #expect(report["model"] as? String == model)
  }

  @Test func trainingWithoutNoiseAndWithNoiseDiffer() throws {
    let folder = try Prepared.workspace()
    let options = ["", "--noise 0.1", "--noise 0.1 --noise-on input", "--noise 0.1 --noise-law paper-ramp", "--seed 1"]
    var losses: Set<Double> = []
    for (number, option) in options.enumerated() {
      try folder.pde("train fno -o run\(number) \(option) \(Prepared.tiny)")
      losses.insert(try Log(folder.text("run\(number)/log.csv")).column("validation_error")[1])
    }
    #expect(losses.count == options.count)
  }

  @Test func bothLogsHoldTheSameRows() throws {
    let folder = try Prepared.workspace()
    let rows = try Log(folder.text("runs/fno-deq/log.csv"))
    let lines = try folder.text("runs/fno-deq/log.jsonl").split(separator: "\n")
    #expect(lines.count == rows.count)
    for (number, line) in lines.enumerated() {
      let entry = try JSONDecoder().decode([String: Double].self, from: Data(line.utf8))
      #expect(Set(entry.keys) == Set(rows.columns))
      for name in rows.columns { #expect(try entry[name] == rows.column(name)[number]) }
    }
    #expect(try rows.column("epoch") == [1, 2] && rows.column("step") == [4, 8])
  }
}

/// The table of a training log.
struct Log {
  let columns: [String]
  private let rows: [[Double]]

  init(_ text: String) throws {
    let lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    columns = try #require(lines.first)
    rows = try lines.dropFirst().map { try $0.map { try #require(Double($0)) } }
  }

  var count: Int { rows.count }

  func column(_ name: String) throws -> [Double] {
    let index = try #require(columns.firstIndex(of: name))
    return rows.map { $0[index] }
  }
}
