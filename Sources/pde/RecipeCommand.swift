internal import ArgumentParser
import Generation
import Problems
import Spectral

/// Recipes as the command lines that make their files.
enum RecipeCommand {
  /// The options of `pde gen` that give this recipe, those with other than default values; where the options cannot say
  /// all that it holds, the command that reads it from `file`.
  static func line(_ recipe: any DatasetRecipe, else file: String) throws -> String {
    let words: [String]? =
      switch recipe {
      case let recipe as DarcyDatasetRecipe: checked(recipe, arguments(recipe), GenerateDarcy.self) { try $0.recipe() }
      case let recipe as PoissonDatasetRecipe:
        checked(recipe, arguments(recipe), GeneratePoisson.self) { try $0.recipe() }
      case let recipe as NavierStokesDatasetRecipe:
        checked(recipe, arguments(recipe), GenerateNavierStokes.self) { try $0.recipe() }
      default: nil
      }
    return (words ?? ["pde gen --from", quoted(file), "-o again.nc"]).joined(separator: " ")
  }

  /// The words, if the parser makes exactly this recipe of them.
  private static func checked<Recipe: DatasetRecipe, Command: ParsableCommand>(
    _ recipe: Recipe, _ arguments: [String], _ command: Command.Type, _ made: (Command) throws -> Recipe
  ) -> [String]? {
    guard let parsed = try? Command.parse(arguments), (try? made(parsed)) == recipe else { return nil }
    return ["pde gen", Recipe.problemName] + arguments
  }

  private static func arguments(_ recipe: DarcyDatasetRecipe) -> [String] {
    var list = OptionList()
    list.add(recipe, defaults: DarcyDatasetRecipe())
    list.add(recipe.settings, defaults: EllipticSettings())
    list.add(recipe.family)
    list.add("double", if: recipe.isDouble)
    return list.words
  }

  private static func arguments(_ recipe: PoissonDatasetRecipe) -> [String] {
    var list = OptionList()
    list.add(recipe, defaults: PoissonDatasetRecipe())
    list.add(recipe.settings, defaults: PoissonDatasetRecipe().settings)
    list.add("double", if: recipe.isDouble)
    return list.words
  }

  private static func arguments(_ recipe: NavierStokesDatasetRecipe) -> [String] {
    let standard = NavierStokesDatasetRecipe()
    var list = OptionList()
    list.add(recipe, defaults: standard)
    list.add("grid", recipe.grid, unless: standard.grid)
    list.add("viscosity", recipe.viscosity, unless: standard.viscosity)
    list.add("extent", recipe.extent, unless: standard.extent)
    list.add("forcing-rms", recipe.forcingRMS, unless: standard.forcingRMS)
    list.add("alpha", recipe.alpha, unless: standard.alpha)
    list.add("tau", recipe.tau, unless: standard.tau)
    list.add("tolerance", recipe.tolerance, unless: standard.tolerance)
    list.add("seed", recipe.seed, unless: standard.seed)
    list.add("velocity", if: recipe.hasVelocity)
    list.add("stability", if: recipe.hasStability)
    list.add("double", if: recipe.isDouble)
    return list.words
  }

  private static func quoted(_ path: String) -> String {
    path.allSatisfy { $0.isLetter || $0.isNumber || "-_./+".contains($0) }
      ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}

/// Options as words; what has its default is left out.
private struct OptionList {
  private(set) var words: [String] = []

  mutating func add<Value: Equatable>(_ name: String, _ value: Value, unless standard: Value) {
    if value != standard { words += ["--" + name, "\(value)"] }
  }

  mutating func add(_ name: String, if isSet: Bool) {
    if isSet { words.append("--" + name) }
  }

  mutating func add(_ recipe: some DatasetRecipe, defaults: some DatasetRecipe) {
    add("samples", recipe.samples, unless: defaults.samples)
    add("first", recipe.first, unless: defaults.first)
  }

  mutating func add(_ settings: EllipticSettings, defaults: EllipticSettings) {
    let shape = [settings, defaults].map { GridArgument(GridShape(rows: $0.rows, columns: $0.columns)).description }
    add("grid", shape[0], unless: shape[1])
    add("oversample", settings.oversample, unless: defaults.oversample)
    add("tolerance", settings.tolerance, unless: defaults.tolerance)
    add("seed", settings.seed, unless: defaults.seed)
    if settings.source != defaults.source { add(settings.source) }
    add("width", settings.width, unless: defaults.width)
    add("height", settings.height, unless: defaults.height)
    let (sides, standard) = (settings.boundary, defaults.boundary)
    add("west", "\(sides.west)", unless: "\(standard.west)")
    add("east", "\(sides.east)", unless: "\(standard.east)")
    add("south", "\(sides.south)", unless: "\(standard.south)")
    add("north", "\(sides.north)", unless: "\(standard.north)")
    add("reaction", settings.reaction, unless: defaults.reaction)
    add("face-mean", settings.faceMean.rawValue, unless: defaults.faceMean.rawValue)
  }

  private mutating func add(_ source: SourceFamily) {
    switch source {
    case .constant(let value): words += ["--source", "\(value)"]
    case .gaussian(let law, let amplitude):
      words += ["--source", "gaussian", "--source-matern", Self.matern(law)]
      add("source-amplitude", amplitude, unless: 1)
    }
  }

  mutating func add(_ family: DarcyFamily) {
    let (law, standard) = (family.law, GaussianLaw())
    if law.scale == .unitVariance {
      words += ["--matern", Self.matern(law)]
    } else {
      add("alpha", law.alpha, unless: standard.alpha)
      add("tau", law.tau, unless: standard.tau)
    }
    func pair(_ a: Double, _ b: Double) -> String { "\(a),\(b)" }
    switch family.medium {
    case .threshold(let high, let low): add("values", pair(high, low), unless: pair(12, 3))
    case .logNormal(let mean, let deviation):
      words += ["--medium", "lognormal"]
      add("log", pair(mean, deviation), unless: pair(0, 1))
    case .discs(let count, let radius, let inside, let outside):
      words += ["--medium", "discs", "--count", "\(count)", "--size", pair(radius.lowerBound, radius.upperBound)]
      words += ["--values", pair(inside, outside)]
    case .channels(let count, let width, let inside, let outside):
      words += ["--medium", "channels", "--count", "\(count)", "--size", pair(width.lowerBound, width.upperBound)]
      words += ["--values", pair(inside, outside)]
    case .layers(let count, let axis, let values):
      words += ["--medium", "layers", "--count", "\(count)", "--axis", axis.rawValue]
      words += ["--values", pair(values.lowerBound, values.upperBound)]
    }
  }

  /// Smoothness and length of a Matérn law: ν = α − 1, ℓ = √(2ν)/τ.
  private static func matern(_ law: GaussianLaw) -> String {
    let smoothness = law.alpha - 1
    return "\(smoothness),\((2 * smoothness).squareRoot() / law.tau)"
  }
}
