internal import ArgumentParser
import DatasetIO
import Generation
import Problems
import Solvers
import Studies

/// `pde solve navier-stokes`.
struct SolveNavierStokes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "navier-stokes", abstract: "Solve steady incompressible flow on a torus.",
    discussion: """
      The force comes from a file (variable 'forcing', its curl, or 'force_x' and 'force_y'), or is sample --sample of the
      forces of 'pde gen navier-stokes' with the same options. Stores the force, its curl, vorticity, u and v.

        pde solve navier-stokes --viscosity 0.005 --plot
        pde solve navier-stokes --data navier-stokes.nc --index 3 --viscosity 0.002
      """)

  @Option(help: "File with the variable 'forcing', or 'force_x' and 'force_y'.") var data: String?
  @Option(help: "Position of the sample in that file, counted from 0.") var index = 0
  @Option(help: "Kinematic viscosity nu. (default: 0.01, or the file's)") var viscosity: Double?
  @Option(help: "Points a side.") var grid = NavierStokesDatasetRecipe().grid
  @Option(help: "Length L of a side. (default: 2 pi)") var extent: Double?
  @Option(help: "Root mean square of the force's curl.") var forcingRms = NavierStokesDatasetRecipe().forcingRMS
  @Option(help: "Sample of the random forces.") var sample = 0
  @Option(help: "Decides the forces.") var seed: UInt64 = 0
  @Option(help: "Relative residual to reach.") var tolerance = 1e-8
  @Flag(help: "Find the least stable disturbance: a positive growth rate means that the flow is unstable in time.")
  var stability = false
  @Option(name: .shortAndLong, help: "File to write.") var output = "flow.nc"
  @OptionGroup var solution: SolutionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    for (name, value) in [("--viscosity", viscosity), ("--extent", extent), ("--forcing-rms", forcingRms)] {
      try OptionRange.checkPositive(name, value)
    }
    guard tolerance >= 1e-13, tolerance < 1 else {
      throw ValidationError("--tolerance must be at least 1e-13 and below 1, found \(tolerance).")
    }
    try OptionRange(8...2048).check("--grid", grid)
    try OptionRange(0...Int(Int32.max)).check("--sample", sample)
  }

  func run() throws {
    shared.apply()
    var recipe = SolveRecipe(problem: "navier-stokes solve", options: ["tolerance": "\(tolerance)"])
    let flow: SteadyNavierStokes
    if let data {
      let file = try FieldFile(reading: data)
      (recipe.data, recipe.index) = (try file.attribute("id"), index)
      flow = try SteadyNavierStokes(reading: file, at: index, viscosity: viscosity)
    } else {
      var set = NavierStokesDatasetRecipe()
      (set.grid, set.viscosity, set.extent) = (grid, viscosity ?? set.viscosity, extent ?? set.extent)
      (set.forcingRMS, set.seed) = (forcingRms, seed)
      recipe.options.merge(
        [
          "grid": "\(grid)", "extent": "\(set.extent)", "forcing_rms": "\(forcingRms)", "sample": "\(sample)",
          "seed": "\(seed)",
        ]
      ) { $1 }
      flow = try NavierStokesGenerator(set.problemRecipe).problem(sample)
    }
    recipe.options["viscosity"] = "\(flow.viscosity)"
    let solve = NavierStokesSolve(
      flow, by: NavierStokesSolver(tolerance: Tolerance(relative: tolerance)),
      stability: stability ? Arnoldi() : nil)
    try solution.run(output, recipe: recipe) { solve.run() }
  }
}
