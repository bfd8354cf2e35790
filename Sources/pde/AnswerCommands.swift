internal import ArgumentParser
import DatasetIO
import Foundation
import Studies
import Synchronization
import Training

/// `pde eval`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Measure a model's error on samples it has not seen.",
    discussion: """
      On the file the model was trained on, the samples set aside for the test are used; any other file is used whole.
      --metrics adds the measures of PDEBench, as its code computes them and as they are meant, the relative H1 error and
      energy spectra; --plot draws these.

        pde eval runs/fno-deq --data darcy.nc
        pde eval runs/fno-deq --metrics --plot spectrum.png
        pde eval runs/fno-deq --grid 32,64,128,256

      --grid evaluates the same samples on several grids: made again from the recipe of a file of this program, as every n-th
      point of others.
      """)

  @Argument(help: ArgumentHelp("Folder of a run, or a checkpoint.", valueName: "run")) var run_: String
  @Option(help: "Fields with the answers.") var data = "darcy.nc"
  @Option(help: "Samples of the file the model was trained on.") var part: SplitPart = .test
  @Option(
    help: ArgumentHelp("Points along x of the grids to evaluate on, instead of the file's own.", valueName: "n,n,..."))
  var grid: GridList?
  @Flag(help: "Measure more: PDEBench's set, H1, spectra.") var metrics = false
  @Option(help: ArgumentHelp("Picture of the energy spectra to write.", valueName: "file")) var plot: String?
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var files: OutputOptions
  @OptionGroup(title: "Equilibrium") var equilibrium: EquilibriumOptions
  @OptionGroup var profiling: ProfileOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    try profiling.run(evaluate)
  }

  func validate() throws {
    if grid != nil, metrics || plot != nil {
      throw ValidationError("--metrics and --plot are for the grid of the file; give them without --grid.")
    }
  }

  private func evaluate() throws {
    let file = try FieldFile.opening(data, note: { Terminal.note($0, quiet: shared.quiet) })
    let checkpoint = try RunFolder(run_).checkpoint(warn: Terminal.warn)
    if let grid { return try evaluate(checkpoint, on: file, grids: grid.sides) }
    if let plot { try AtomicFile.checkVacant(plot, overwrite: files.force) }
    var bar: ProgressBar?
    let report = try EvaluationReport(
      checkpoint, on: file, part: part, metrics: metrics || plot != nil,
      adjusting: { equilibrium.apply(to: &$0.equilibrium) },
      progress: { done, total in
        let current = bar ?? ProgressBar("sample", total: total, quiet: shared.quiet)
        bar = current
        current.update(done)
      })
    bar?.finish()
    if let plot, let metrics = report.metrics {
      try Picture.write(FieldMetrics.figure(metrics, model: report.model), to: plot, force: files.force)
    }
    try Terminal.print(json ? CanonicalJSON.encode(report) : EvaluationTable.text(report, data: data))
    try Warnings.equilibria(report.unconverged)
  }

  private func evaluate(_ checkpoint: Checkpoint, on file: FieldFile, grids: [Int]) throws {
    // Told from several threads; the total is known with the first sample.
    let bar = Mutex<ProgressBar?>(nil)
    let evaluation = try GridEvaluation(
      checkpoint, on: file, grids: grids, part: part, adjusting: { equilibrium.apply(to: &$0.equilibrium) },
      progress: { done, total in
        bar.withLock { bar in
          let current = bar ?? ProgressBar("sample", total: total, quiet: shared.quiet)
          bar = current
          current.update(done)
        }
      })
    bar.withLock { $0?.finish() }
    try Terminal.print(json ? CanonicalJSON.encode(evaluation) : EvaluationTable.text(evaluation, data: data))
    try Warnings.equilibria(evaluation.unconverged)
  }
}

/// `pde predict`.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict fields for a file of inputs.",
    discussion: """
      Writes inputs, predictions, the outcome of each equilibrium and, where the file holds the answers, errors. Samples
      pass from file to file a batch at a time, so the file may be larger than the memory.

        pde predict runs/fno-deq --data darcy.nc -o prediction.nc
      """)

  @Argument(help: ArgumentHelp("Folder of a run, or a checkpoint.", valueName: "run")) var run_: String
  @Option(help: "Fields with the inputs.") var data = "darcy.nc"
  @Option(name: .shortAndLong, help: "File to write.") var output = "prediction.nc"
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup(title: "Equilibrium") var equilibrium: EquilibriumOptions
  @OptionGroup var files: OutputOptions
  @OptionGroup var profiling: ProfileOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    try profiling.run(predict)
  }

  private func predict() throws {
    let file = try FieldFile.opening(data, note: { Terminal.note($0, quiet: shared.quiet) })
    let checkpoint = try RunFolder(run_).checkpoint(warn: Terminal.warn)
    let prediction = try PredictionFile(
      checkpoint, for: file, adjusting: { equilibrium.apply(to: &$0.equilibrium) })
    let bar = ProgressBar("predicted", total: file.sampleCount, quiet: shared.quiet)
    let summary = try prediction.write(
      to: output, overwrite: files.force,
      provenance: .ofThisRun(recipe: try prediction.recipe(), earlierHistory: try file.history),
      progress: { bar.update($0) })
    bar.finish()
    try Terminal.print(
      json
        ? CanonicalJSON.encode(summary)
        : "\(output): \(summary.samples) predictions"
          + (summary.relativeL2.map { ", relative L2 error \(Percent($0))" } ?? "")
          + String(
            format: "; %.0f samples/s through the model, %.0f/s with reading and writing",
            Double(summary.samples) / summary.modelSeconds,
            Double(summary.samples) / (summary.modelSeconds + summary.fileSeconds)))
    try Warnings.equilibria(summary.unconverged)
  }
}

/// `pde compare`.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare models with the classical solver: error, residual, iterations, time.",
    discussion: """
      Uses samples that no given model has seen. The classical solver runs at several tolerances on the stored grid and,
      where the file's recipe allows, on finer ones. Writes everything measured to a NetCDF file and two pictures beside
      it: error against time, and fields.

        pde compare runs/fno runs/fno-deq --data darcy.nc -o compare.nc
      """)

  @Argument(help: "Folders of runs, or checkpoints.") var runs: [String]
  @Option(help: "Fields with the answers.") var data = "darcy.nc"
  @Option(name: .shortAndLong, help: "File to write; pictures get its name.") var output = "compare.nc"
  @Option(help: "Most samples to compare.") var samples = 32
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard samples >= 1 else { throw ValidationError("--samples must be at least 1, found \(samples).") }
    guard Set(runs).count == runs.count else { throw ValidationError("A run was given twice.") }
  }

  func run() throws {
    shared.apply()
    let file = try FieldFile.opening(data, note: { Terminal.note($0, quiet: shared.quiet) })
    let pictures = [(FileFigure.View.error, ""), (.fields, "-fields")].map { view, suffix in
      (view: view, path: Picture.name(beside: output, suffix))
    }
    // All names must be free before any work is done.
    for path in [output] + pictures.map(\.path) {
      try AtomicFile.checkVacant(path, overwrite: files.force)
    }
    let comparison = try DarcyComparison(try contestants(), on: file, limit: samples)
    let bar = ProgressBar("compared", total: comparison.positions.count, quiet: shared.quiet)
    let result = try comparison.run { bar.update($0) }
    bar.finish()
    let provenance = Provenance.ofThisRun(
      recipe: try DarcyComparisonFile.recipe(result, data: file), earlierHistory: try file.history)
    try DarcyComparisonFile.write(result, data: file, to: output, overwrite: files.force, provenance: provenance)
    let written = try FieldFile(reading: output)
    for (view, path) in pictures {
      try Picture.write(try FileFigure.file(written, view: view, samples: []), to: path, force: files.force)
    }
    let report = DarcyComparisonReport(result)
    try Terminal.print(json ? CanonicalJSON.encode(report) : report.text)
    if result.unconverged > 0 {
      Terminal.write("Warning: \(result.unconverged) solves did not converge; they are flagged in \(output)\n")
      throw Outcome.unconverged
    }
  }

  /// Runs under the names of their folders, made different where those are alike.
  private func contestants() throws -> [DarcyComparison.Contestant] {
    var taken: Set<String> = []
    return try runs.map { path in
      let checkpoint = try RunFolder(path).checkpoint(warn: Terminal.warn)
      let base = URL(fileURLWithPath: path).lastPathComponent
      let name = (1...).lazy.map { $0 == 1 ? base : "\(base) \($0)" }.first { taken.insert($0).inserted } ?? base
      return DarcyComparison.Contestant(name: name, checkpoint: checkpoint)
    }
  }
}

/// What is said and done when some samples did not converge.
enum Warnings {
  static func equilibria(_ count: Int) throws {
    guard count > 0 else { return }
    Terminal.write("Warning: \(count) equilibria did not reach the tolerance; raise --max-evaluations or --tolerance\n")
    throw Outcome.unconverged
  }
}
