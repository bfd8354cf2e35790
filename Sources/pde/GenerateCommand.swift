internal import ArgumentParser
import DatasetIO
import Foundation
import Generation

/// `pde gen`.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gen", abstract: "Generate verified data.",
    discussion: """
      With --from, makes a data set again from the recipe that its file holds: the same bits in every variable.

        pde gen darcy
        pde gen --from darcy.nc -o again.nc
      """,
    subcommands: [GenerateDarcy.self, GeneratePoisson.self, GenerateNavierStokes.self, GenerateAgain.self],
    defaultSubcommand: GenerateAgain.self)
}

/// `pde gen --from`.
struct GenerateAgain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "again", abstract: "Make a data set again from the recipe that a file holds.", shouldDisplay: false)

  @Option(help: ArgumentHelp("File whose recipe to follow.", valueName: "file")) var from: String?
  @Option(name: .shortAndLong, help: "File to write.") var output: String?
  @Flag(help: "Continue an interrupted generation.") var resume = false
  @Flag(help: "Replace the output if it exists, and what an interrupted generation has left.") var force = false
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if (from == nil) != (output == nil) { throw ValidationError("--from FILE and --output FILE belong together.") }
  }

  func run() throws {
    guard let from, let output else { throw CleanExit.helpRequest(Generate.self) }
    try run(StoredRecipe.required(of: try FieldFile(reading: from)), output)
  }

  private func run(_ recipe: some DatasetRecipe, _ output: String) throws {
    var options = try GenerationOptions.parse([])
    (options.resume, options.force, options.json) = (resume, force, json)
    let grid = recipe.layout.grid
    try GenerationRun.run(
      recipe, at: output, options, shared, grids: "on \(grid.x.count) × \(grid.y.count) points")
  }
}

/// Options of every generation.
struct GenerationOptions: ParsableArguments {
  @Option(help: "Index of the first sample; any part of a set is made alone to the same bits.") var first = 0
  @Option(help: "Decides the samples.") var seed: UInt64 = 0
  @Flag(help: "Store fields in 64 bits.") var double = false
  @Flag(help: "Continue an interrupted generation.") var resume = false
  @Flag(help: "Replace the output if it exists, and what an interrupted generation has left.") var force = false
  @Flag(help: "Print a JSON object.") var json = false

  func validate() throws {
    if resume && force { throw ValidationError("--resume continues what is there and --force removes it; give one.") }
  }

  var existing: ExistingOutput { resume ? .continued : force ? .replaced : .refused }
}

/// A generation with its progress bars and its report.
enum GenerationRun {
  /// Makes a file.
  static func make<Recipe: DatasetRecipe>(
    _ recipe: Recipe, at path: String, existing: ExistingOutput, quiet: Bool
  ) throws -> DatasetSummary {
    let dataset = try Dataset(recipe)
    let solving = ProgressBar("solved", total: recipe.samples, quiet: quiet)
    let copying = ProgressBar("stored", total: recipe.samples, quiet: quiet)
    defer { [solving, copying].forEach { $0.finish() } }
    return try dataset.write(
      to: path, existing: existing, provenance: .ofThisRun(recipe: try CanonicalJSON.encode(recipe)),
      observer: .init(
        shouldStop: { Interrupt.isRequested }, solved: { solving.update($0, skipped: $1) },
        copied: { copying.update($0) }))
  }

  /// Makes a file and says what is in it: `grids` in words, then iterations, residual and label error.
  static func run<Recipe: DatasetRecipe>(
    _ recipe: Recipe, at path: String, _ options: GenerationOptions, _ shared: SharedOptions, grids: String
  ) throws {
    shared.apply()
    Interrupt.listen()
    let summary = try make(recipe, at: path, existing: options.existing, quiet: shared.quiet)
    if options.json {
      try Terminal.print(CanonicalJSON.encode(Report(output: path, summary: summary)))
    } else {
      try Terminal.print(
        "\(path): \(summary.samples) samples \(grids), " + String(format: "%.1f", summary.meanIterations)
          + " iterations each, residual below " + String(format: "%.1e", summary.worstResidual)
          + (summary.meanLabelError.map { ", label error about \(Percent($0))" } ?? ""))
    }
    guard summary.unconverged > 0 else { return }
    let ways = summary.outcomes.filter { $0.key != "converged" }.sorted { $0.key < $1.key }
    Terminal.write(
      "Warning: \(summary.unconverged) samples did not converge ("
        + ways.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + "); they are flagged in the file\n")
    throw Outcome.unconverged
  }

  private struct Report: Encodable {
    let output: String
    let summary: DatasetSummary
  }
}

extension Provenance {
  /// Made by this process from `recipe`.
  static func ofThisRun(recipe: String, earlierHistory: String = "") -> Provenance {
    Provenance(
      program: "pde \(Toolkit.version)", recipe: recipe, command: ["pde"] + CommandLine.arguments.dropFirst(),
      earlierHistory: earlierHistory)
  }
}

/// The data a training uses when none are named.
enum DefaultData {
  /// `darcy.nc` in this folder, made first if it is not there; the paper's set has its own name.
  static func path(for preset: Preset?, _ shared: SharedOptions) throws -> String {
    var recipe = DarcyDatasetRecipe()
    var path = "darcy.nc"
    if preset == .paper {
      // 1024 to train on, 500 to test, and 100 held out to choose the best epoch, which the paper did not do.
      path = "darcy85.nc"
      (recipe.samples, recipe.settings.grid, recipe.settings.oversample) = (1624, 85, 5)
    }
    if !FileManager.default.fileExists(atPath: path) {
      Terminal.note("making \(path), since there is none here", quiet: shared.quiet)
      _ = try GenerationRun.make(recipe, at: path, existing: .continued, quiet: shared.quiet)
    }
    return path
  }
}
