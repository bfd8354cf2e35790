internal import ArgumentParser
import Generation
import Problems

/// `pde gen darcy`.
struct GenerateDarcy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "darcy", abstract: "Solve -div(a grad u) + s u = f for random media.",
    discussion: """
      By default the published problem (Li et al. 2021): the permeability a is 12 where a Gaussian field is not negative
      and 3 elsewhere, f = 1, u = 0 around the unit square. Each problem is solved on (grid - 1)*oversample + 1 vertices a
      side and stored on grid vertices, with the solver's outcome, iterations, true residual and an estimate of the stored
      solution's error. Sample i depends on the options and i alone.

        pde gen darcy
        pde gen darcy --grid 85 --oversample 5 --samples 1624 -o paper.nc
        pde gen darcy --medium lognormal --matern 1.5,0.1 --source gaussian --south neumann=0 --north neumann=0
      """)

  @Option(help: "Number of samples.") var samples = DarcyDatasetRecipe().samples
  @Option(help: ArgumentHelp("Vertices a side, or along x and y, that are stored.", valueName: "n|nxm")) var grid =
    GridArgument(GridShape(square: 43))
  @Option(help: "Cells of the solve grid along one stored cell.") var oversample = 10
  @Option(help: "Relative residual of the solve.") var tolerance = 1e-8
  @Option(name: .shortAndLong, help: "File to write.") var output = "darcy.nc"
  @OptionGroup(title: "Medium and source") var medium: MediumOptions
  @OptionGroup(title: "Medium and source") var source: SourceOptions
  @OptionGroup(title: "Domain and conditions") var domain: DomainOptions
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let recipe = try recipe()
    try GenerationRun.run(recipe, at: output, generation, shared, grids: recipe.settings.gridsInWords)
  }

  func recipe() throws -> DarcyDatasetRecipe {
    var recipe = DarcyDatasetRecipe()
    (recipe.samples, recipe.first, recipe.isDouble) = (samples, generation.first, generation.double)
    recipe.family = try medium.family()
    recipe.settings = try domain.settings(
      grid: grid, oversample: oversample, seed: generation.seed, source: source.family(else: .constant(1)),
      tolerance: tolerance)
    try recipe.validate()
    return recipe
  }
}

/// `pde gen poisson`.
struct GeneratePoisson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poisson", abstract: "Solve -laplace(u) + s u = f for random sources.",
    discussion: """
      By default f is a Gaussian field of unit variance and u = 0 around the unit square. The file holds 'source' and
      'potential'; grids and verdicts are as for 'pde gen darcy'.

        pde gen poisson
        pde gen poisson --reaction 100 --west periodic --east periodic --south periodic --north periodic
      """)

  @Option(help: "Number of samples.") var samples = PoissonDatasetRecipe().samples
  @Option(help: ArgumentHelp("Vertices a side, or along x and y, that are stored.", valueName: "n|nxm")) var grid =
    GridArgument(GridShape(square: 43))
  @Option(help: "Cells of the solve grid along one stored cell.") var oversample = PoissonDatasetRecipe().settings
    .oversample
  @Option(help: "Relative residual of the solve.") var tolerance = 1e-8
  @Option(name: .shortAndLong, help: "File to write.") var output = "poisson.nc"
  @OptionGroup(title: "Source") var source: SourceOptions
  @OptionGroup(title: "Domain and conditions") var domain: DomainOptions
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let recipe = try recipe()
    try GenerationRun.run(recipe, at: output, generation, shared, grids: recipe.settings.gridsInWords)
  }

  func recipe() throws -> PoissonDatasetRecipe {
    var recipe = PoissonDatasetRecipe()
    (recipe.samples, recipe.first, recipe.isDouble) = (samples, generation.first, generation.double)
    recipe.settings = try domain.settings(
      grid: grid, oversample: oversample, seed: generation.seed, source: source.family(else: recipe.settings.source),
      tolerance: tolerance)
    try recipe.validate()
    return recipe
  }
}

extension DomainOptions {
  /// Settings of a set of problems on this domain.
  func settings(
    grid: GridArgument, oversample: Int, seed: UInt64, source: SourceFamily, tolerance: Double
  ) throws -> EllipticSettings {
    var settings = EllipticSettings()
    (settings.rows, settings.columns, settings.oversample) = (grid.shape.rows, grid.shape.columns, oversample)
    (settings.seed, settings.source, settings.tolerance) = (seed, source, tolerance)
    (settings.width, settings.height, settings.boundary) = (width, height, boundary)
    (settings.reaction, settings.faceMean) = (reaction, faceMean)
    return settings
  }
}

extension EllipticSettings {
  /// The stored and the solved grid, for the report.
  var gridsInWords: String {
    let solved = GridShape(rows: rows, columns: columns).refined(by: oversample, boundary)
    return "on \(columns) × \(rows) vertices, solved on \(solved.columns) × \(solved.rows)"
  }
}
