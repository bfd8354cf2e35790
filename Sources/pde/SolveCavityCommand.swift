internal import ArgumentParser
import Problems
import Studies

/// `pde solve cavity`.
struct SolveCavity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cavity", abstract: "Solve the steady lid-driven cavity.",
    discussion: """
      The unit square with walls at rest and the lid at y = 1 sliding towards larger x with speed 1; Re = 1/viscosity.
      Prints the extrema on the centre lines and the primary vortex, and stores u, v, vorticity and stream_function on a
      uniform grid.

        pde solve cavity --reynolds 1000 --plot
        pde solve cavity --reynolds 5000 --degree 72
      """)

  @Option(help: "Reynolds number: lid speed times side over viscosity.") var reynolds = 1000.0
  @Option(help: "Polynomial degree; from 64 on for Reynolds numbers of several thousand.") var degree =
    BoundedFlowSolver().degree
  @Option(help: "Vertices a side of the stored fields.") var grid = 129
  @Option(help: "Relative residual to reach.") var tolerance = BoundedFlowSolver().tolerance
  @Option(help: "Most Newton steps, all stages together.") var maxIterations = BoundedFlowSolver().iterationLimit
  @Option(name: .shortAndLong, help: "File to write.") var output = "cavity.nc"
  @OptionGroup var solution: SolutionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OptionRange.checkPositive("--reynolds", reynolds)
    try OptionRange.checkPositive("--tolerance", tolerance)
    try OptionRange(BoundedFlowSolver.degrees).check("--degree", degree)
    try OptionRange(3...8193).check("--grid", grid)
    try OptionRange.iterations.check("--max-iterations", maxIterations)
  }

  func run() throws {
    shared.apply()
    let solve = CavitySolve(
      try LidDrivenCavity(reynolds: reynolds),
      by: BoundedFlowSolver(degree: degree, tolerance: tolerance, iterationLimit: maxIterations), storedOn: grid)
    let recipe = SolveRecipe(
      problem: "cavity solve",
      options: [
        "reynolds": "\(reynolds)", "degree": "\(degree)", "grid": "\(grid)", "tolerance": "\(tolerance)",
        "max_iterations": "\(maxIterations)",
      ])
    try solution.run(output, recipe: recipe) { try solve.run() }
  }
}
