internal import ArgumentParser
import Generation
import Problems

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
  @Option(help: "Vertices a side that are stored.") var grid = DarcyDatasetRecipe().grid
  @Option(help: "Cells of the solve grid along one stored cell.") var oversample = DarcyDatasetRecipe().oversample
  @Option(help: ArgumentHelp("The two permeabilities.", valueName: "high,low")) var values = ValuePair(high: 12, low: 3)
  @Option(help: "Smoothness of the Gaussian field: power of the inverse operator.") var alpha = 2.0
  @Option(help: "Inverse correlation length of the Gaussian field.") var tau = 3.0
  @Option(help: "Permeability of a face from those of its two vertices.") var faceMean = FaceMean.harmonic
  @Option(help: "Relative residual of the solve.") var tolerance = DarcyDatasetRecipe().tolerance
  @Option(name: .shortAndLong, help: "File to write.") var output = "darcy.nc"
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    var recipe = DarcyDatasetRecipe()
    (recipe.samples, recipe.first, recipe.grid, recipe.oversample) = (samples, generation.first, grid, oversample)
    (recipe.seed, recipe.alpha, recipe.tau) = (generation.seed, alpha, tau)
    (recipe.high, recipe.low, recipe.faceMean) = (values.high, values.low, faceMean)
    (recipe.tolerance, recipe.isDouble) = (tolerance, generation.double)
    try recipe.validate()
    let side = (grid - 1) * oversample + 1
    try GenerationRun.run(
      recipe, at: output, generation, shared, grids: "on \(grid) × \(grid) vertices, solved on \(side) × \(side)")
  }
}
