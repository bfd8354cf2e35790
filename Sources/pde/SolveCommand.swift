internal import ArgumentParser
import DatasetIO
import Foundation
import Problems
import Solvers
import Studies
import Tensors

/// `pde solve`.
struct Solve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Solve one problem with a classical solver and show how it converged.",
    subcommands: [SolveDarcy.self, SolvePoisson.self, SolveNavierStokes.self, SolveCavity.self])
}

/// Options of every single solve.
struct SolutionOptions: ParsableArguments {
  @Flag(help: "Draw the fields and the convergence beside the output, as PNG.") var plot = false
  @Flag(help: "Store fields in 64 bits.") var double = false
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var files: OutputOptions

  /// Solves, stores, draws and reports.
  func run(_ output: String, recipe: some Encodable, _ solve: () throws -> SolvedProblem) throws {
    let picture = plot ? Picture.name(beside: output, "") : nil
    for path in [output, picture].compactMap({ $0 }) {
      try AtomicFile.checkVacant(path, overwrite: files.force)
    }
    let solved = try solve()
    try solved.write(
      to: output, isDouble: double, overwrite: files.force,
      provenance: .ofThisRun(recipe: try CanonicalJSON.encode(recipe)))
    if let picture { try Picture.write(try solved.figure(), to: picture, force: files.force) }
    try Terminal.print(json ? CanonicalJSON.encode(solved.report) : "\(solved.text)\n\(output)")
    guard solved.termination != .converged else { return }
    Terminal.write("Warning: the solve did not converge (\(solved.termination.flag)); the file says so\n")
    throw Outcome.unconverged
  }
}

/// How a linear problem is solved.
struct LinearOptions: ParsableArguments {
  @Option(help: "Relative residual to reach.") var tolerance = 1e-8
  @Option(help: "Most iterations.") var maxIterations = 200
  @Option(help: "multigrid, or direct: a band factorisation for small grids, to check.") var method = DarcySolve.Method
    .multigrid

  func validate() throws {
    guard tolerance >= 1e-14, tolerance < 1 else {
      throw ValidationError("--tolerance must be at least 1e-14 and below 1, found \(tolerance).")
    }
    try OptionRange.iterations.check("--max-iterations", maxIterations)
  }

  var recipe: [String: String] {
    ["tolerance": "\(tolerance)", "max_iterations": "\(maxIterations)", "method": method.rawValue]
  }

  var solver: DarcySolver { DarcySolver(tolerance: Tolerance(relative: tolerance), iterationLimit: maxIterations) }
}

/// `pde solve poisson`.
struct SolvePoisson: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "poisson", abstract: "Solve -laplace(u) + s u = f on a rectangle.",
    discussion: """
      Second-order finite volumes on vertices. Without --data, f is the constant of --source; a file gives it as the
      variable 'source'. The solution is stored as 'potential'.

        pde solve poisson
        pde solve poisson --grid 257x129 --width 2 --west neumann=0 --east robin=1,0 --plot
      """)

  @Option(help: "File with the variable 'source'.") var data: String?
  @Option(help: "Position of the sample in that file, counted from 0.") var index = 0
  @Option(help: ArgumentHelp("Vertices a side, or along x and y.", valueName: "n|nxm")) var grid = GridArgument(
    GridShape(square: 129))
  @Option(help: "Source f.") var source = 1.0
  @Option(name: .shortAndLong, help: "File to write.") var output = "poisson.nc"
  @OptionGroup(title: "Domain and conditions") var domain: DomainOptions
  @OptionGroup(title: "Solver") var linear: LinearOptions
  @OptionGroup var solution: SolutionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try grid.validate()
    guard source.isFinite else { throw ValidationError("--source must be a finite number, found \(source).") }
  }

  func run() throws {
    shared.apply()
    var recipe = SolveRecipe(
      problem: "poisson solve",
      options: domain.recipe.merging(linear.recipe) { $1 }.merging(["grid": grid.description, "source": "\(source)"]) {
        $1
      })
    let flow: DarcyFlow
    if let data {
      let file = try FieldFile(reading: data)
      (recipe.data, recipe.index) = (try file.attribute("id"), index)
      flow = try DarcyFlow(
        reading: file, at: index, needsPermeability: false, source: source, setting: domain.setting)
    } else {
      flow = try DarcyFlow(
        permeability: Tensor(shape: [grid.shape.rows, grid.shape.columns], repeating: 1), source: .constant(source),
        setting: domain.setting)
    }
    let solve = DarcySolve(flow, as: .poisson, order: 2, by: linear.method, linear.solver)
    try solution.run(output, recipe: recipe) { try solve.run() }
  }
}

/// What a file of a single solve says it was made from: the options that decide its contents.
struct SolveRecipe: Encodable {
  let problem: String
  /// The `id` of the file that states the problem.
  var data: String?
  var index: Int?
  var options: [String: String]
}
