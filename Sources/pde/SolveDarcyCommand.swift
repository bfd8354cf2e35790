internal import ArgumentParser
import DatasetIO
import Problems
import Studies

/// `pde solve darcy`.
struct SolveDarcy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "darcy", abstract: "Solve -div(a grad u) + s u = f on a rectangle.",
    discussion: """
      Second-order conservative finite volumes on vertices. The permeability a comes from a file (variable
      'permeability', and 'source' where there is one), or is sample --sample of the random media of 'pde gen darcy' with
      the same --seed.

        pde solve darcy --plot
        pde solve darcy --data darcy.nc --index 3 --tolerance 1e-10
        pde solve darcy --source 0 --west dirichlet=1 --south neumann=0 --north neumann=0
      """)

  @Option(help: "File with the variable 'permeability'.") var data: String?
  @Option(help: "Position of the sample in that file, counted from 0.") var index = 0
  @Option(help: ArgumentHelp("Vertices a side, or along x and y.", valueName: "n|nxm")) var grid = GridArgument(
    GridShape(square: 129))
  @Option(help: "Sample of the random media.") var sample = 0
  @Option(help: "Decides the media.") var seed: UInt64 = 0
  @Option(help: "Source f, where the file has none.") var source = 1.0
  @Option(name: .shortAndLong, help: "File to write.") var output = "solution.nc"
  @OptionGroup(title: "Medium") var medium: MediumOptions
  @OptionGroup(title: "Domain and conditions") var domain: DomainOptions
  @OptionGroup(title: "Solver") var linear: LinearOptions
  @OptionGroup var solution: SolutionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try grid.validate()
    guard source.isFinite else { throw ValidationError("--source must be a finite number, found \(source).") }
    try OptionRange(0...Int(Int32.max)).check("--sample", sample)
  }

  func run() throws {
    shared.apply()
    var recipe = SolveRecipe(
      problem: "darcy solve",
      options: domain.recipe.merging(linear.recipe) { $1 }.merging(["source": "\(source)"]) { $1 })
    let flow: DarcyFlow
    // Jumps of a medium from elsewhere are taken to lie anywhere.
    var order = 1
    if let data {
      let file = try FieldFile(reading: data)
      (recipe.data, recipe.index) = (try file.attribute("id"), index)
      flow = try DarcyFlow(reading: file, at: index, needsPermeability: true, source: source, setting: domain.setting)
    } else {
      let family = try medium.family()
      order = family.discretisationOrder
      let sampler = family.sampler(
        shape: (grid.shape.rows, grid.shape.columns), domain: domain.setting.domain,
        joined: domain.boundary.joined)
      recipe.options.merge(
        [
          "grid": grid.description, "sample": "\(sample)", "seed": "\(seed)",
          "family": try CanonicalJSON.encode(family),
        ]
      ) { $1 }
      flow = try DarcyFlow(
        permeability: sampler.permeability(sample: sample, seed: seed), source: .constant(source),
        setting: domain.setting)
    }
    let solve = DarcySolve(flow, as: .darcy, order: order, by: linear.method, linear.solver)
    try solution.run(output, recipe: recipe) { try solve.run() }
  }
}
