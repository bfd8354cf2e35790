internal import ArgumentParser
import DatasetIO
import Foundation
import Generation
import Problems

/// `pde gen`.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gen", abstract: "Generate verified data.", subcommands: [GenerateDarcy.self])
}

/// Two values of a two-valued medium, as `12,3`.
struct ValuePair: ExpressibleByArgument, CustomStringConvertible {
  let high: Double
  let low: Double

  init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  init?(argument: String) {
    let numbers = argument.split(separator: ",").map { Double($0) }
    guard numbers.count == 2, let high = numbers[0], let low = numbers[1] else { return nil }
    self.init(high: high, low: low)
  }

  var description: String { "\(high.formatted()),\(low.formatted())" }
  var defaultValueDescription: String { description }
}

/// `pde gen darcy`.
struct GenerateDarcy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "darcy", abstract: "Solve -div(a grad u) = 1 on the unit square for random media.",
    discussion: """
      The permeability a is 12 where a Gaussian field is not negative and 3 elsewhere (Li et al. 2021); u = 0 on the
      boundary. Each problem is solved on (grid - 1)*oversample + 1 vertices a side and stored on grid vertices, with the
      solver's outcome, iterations, true residual and an estimate of the stored solution's error. Sample i depends on the
      seed and i alone.

        pde gen darcy
        pde gen darcy --grid 85 --oversample 5 --samples 1624 -o paper.nc
      """)

  @Option(help: "Number of samples.") var samples = DarcyDatasetRecipe().samples
  @Option(help: "Index of the first sample.") var first = 0
  @Option(help: "Vertices a side that are stored.") var grid = DarcyDatasetRecipe().grid
  @Option(help: "Cells of the solve grid along one stored cell.") var oversample = DarcyDatasetRecipe().oversample
  @Option(help: "Decides the media.") var seed: UInt64 = 0
  @Option(help: ArgumentHelp("The two permeabilities.", valueName: "high,low")) var values = ValuePair(high: 12, low: 3)
  @Option(help: "Smoothness of the Gaussian field: power of the inverse operator.") var alpha = 2.0
  @Option(help: "Inverse correlation length of the Gaussian field.") var tau = 3.0
  @Option(help: "Permeability of a face from those of its two vertices.") var faceMean = FaceMean.harmonic
  @Option(help: "Relative residual of the solve.") var tolerance = DarcyDatasetRecipe().tolerance
  @Flag(help: "Store fields in 64 bits.") var double = false
  @Flag(help: "Print a JSON object.") var json = false
  @Option(name: .shortAndLong, help: "File to write.") var output = "darcy.nc"
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    Interrupt.listen()
    var recipe = DarcyDatasetRecipe()
    (recipe.samples, recipe.first, recipe.grid, recipe.oversample) = (samples, first, grid, oversample)
    (recipe.seed, recipe.alpha, recipe.tau) = (seed, alpha, tau)
    (recipe.high, recipe.low, recipe.faceMean) = (values.high, values.low, faceMean)
    (recipe.tolerance, recipe.isDouble) = (tolerance, double)
    let summary = try Self.make(recipe, at: output, force: files.force, quiet: shared.quiet)
    try report(summary)
    if summary.unconverged > 0 { throw Outcome.unconverged }
  }

  /// Makes a file with a progress bar.
  static func make(
    _ recipe: DarcyDatasetRecipe, at path: String, force: Bool, quiet: Bool
  ) throws -> DarcyDataset.Summary {
    let dataset = try DarcyDataset(recipe)
    let bar = ProgressBar("solved", total: recipe.samples, quiet: quiet)
    defer { bar.finish() }
    return try dataset.write(
      to: path, overwrite: force, provenance: .ofThisRun(recipe: try CanonicalJSON.encode(recipe)),
      shouldStop: { Interrupt.isRequested }, progress: { bar.update($0) })
  }

  private func report(_ summary: DarcyDataset.Summary) throws {
    if json {
      try Terminal.print(CanonicalJSON.encode(Report(output: output, summary: summary)))
      return
    }
    let side = (grid - 1) * oversample + 1
    try Terminal.print(
      "\(output): \(summary.samples) samples on \(grid) × \(grid) vertices, solved on \(side) × \(side), "
        + String(format: "%.1f", summary.meanIterations) + " iterations each, residual below "
        + String(format: "%.1e", summary.worstResidual)
        + (summary.meanLabelError.map { ", label error about \(Percent($0))" } ?? ""))
    if summary.unconverged > 0 {
      Terminal.write("Warning: \(summary.unconverged) samples did not converge; they are flagged in the file\n")
    }
  }

  private struct Report: Encodable {
    let output: String
    let summary: DarcyDataset.Summary
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
      (recipe.samples, recipe.grid, recipe.oversample) = (1624, 85, 5)
    }
    if !FileManager.default.fileExists(atPath: path) {
      Terminal.note("making \(path), since there is none here", quiet: shared.quiet)
      _ = try GenerateDarcy.make(recipe, at: path, force: false, quiet: shared.quiet)
    }
    return path
  }
}
