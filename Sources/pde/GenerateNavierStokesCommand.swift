internal import ArgumentParser
import Generation

/// `pde gen navier-stokes`.
struct GenerateNavierStokes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "navier-stokes", abstract: "Solve steady incompressible flow on a torus for random forces.",
    discussion: """
      u.grad(w) = nu laplace(w) + g in vorticity form on [0, L)^2, pseudo-spectral with the 2/3 rule; the curl g of the body
      force is a periodic Gaussian field. Every sample is driven to the relative residual by Newton-Krylov with
      continuation and pseudo-time where that fails; samples that do not converge are kept and flagged. The file holds
      force_x, force_y, forcing (= g), vorticity, viscosity, and with --velocity u and v.

        pde gen navier-stokes --viscosity 0.01 --grid 128 --samples 1024
        pde gen navier-stokes --viscosity 0.001 --extent 1 --forcing-rms 0.1
      """)

  @Option(help: "Number of samples.") var samples = NavierStokesDatasetRecipe().samples
  @Option(help: "Points a side.") var grid = NavierStokesDatasetRecipe().grid
  @Option(help: "Kinematic viscosity nu.") var viscosity = NavierStokesDatasetRecipe().viscosity
  @Option(help: "Length L of a side. (default: 2 pi)") var extent: Double?
  @Option(help: "Root mean square of the force's curl.") var forcingRms = NavierStokesDatasetRecipe().forcingRMS
  @Option(help: "Power of the inverse operator in the covariance of the force's curl.") var alpha =
    NavierStokesDatasetRecipe().alpha
  @Option(help: "Its inverse correlation length, in units of 1/L.") var tau = NavierStokesDatasetRecipe().tau
  @Option(help: "Relative residual of the solve.") var tolerance = NavierStokesDatasetRecipe().tolerance
  @Flag(help: "Store the velocity u, v.") var velocity = false
  @Flag(help: "Store the growth rate of the least stable disturbance of each flow (slow).") var stability = false
  @Option(name: .shortAndLong, help: "File to write.") var output = "navier-stokes.nc"
  @OptionGroup var generation: GenerationOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    try GenerationRun.run(try recipe(), at: output, generation, shared, grids: "on \(grid) × \(grid) points")
  }

  func recipe() throws -> NavierStokesDatasetRecipe {
    var recipe = NavierStokesDatasetRecipe()
    (recipe.samples, recipe.first, recipe.isDouble) = (samples, generation.first, generation.double)
    (recipe.grid, recipe.viscosity, recipe.seed) = (grid, viscosity, generation.seed)
    recipe.extent = extent ?? recipe.extent
    (recipe.alpha, recipe.tau, recipe.forcingRMS) = (alpha, tau, forcingRms)
    (recipe.tolerance, recipe.hasVelocity, recipe.hasStability) = (tolerance, velocity, stability)
    try recipe.validate()
    return recipe
  }
}
