public import DatasetIO

/// The recipes that files of this program are made from.
public enum StoredRecipe {
  private static let kinds: [any DatasetRecipe.Type] = [
    DarcyDatasetRecipe.self, PoissonDatasetRecipe.self, NavierStokesDatasetRecipe.self,
  ]

  /// What a file says it was made from; nil when it is no data set of this program, or its recipe cannot be followed.
  public static func of(_ file: FieldFile) throws -> (any DatasetRecipe)? {
    for kind in kinds {
      if let recipe = try recipe(of: file, kind) { return recipe }
    }
    return nil
  }

  /// The same, for callers that need one.
  ///
  /// - Throws: `StoredRecipeError`.
  public static func required(of file: FieldFile) throws -> any DatasetRecipe {
    guard let recipe = try of(file) else { throw StoredRecipeError(path: file.path, hasOne: try file.recipe != nil) }
    return recipe
  }

  private static func recipe<Recipe: DatasetRecipe>(of file: FieldFile, _ kind: Recipe.Type) throws -> Recipe? {
    try Recipe(of: file)
  }
}

/// A file that does not say how its samples are made.
public struct StoredRecipeError: ClassifiedError {
  let path: String
  let hasOne: Bool

  /// The file is not of the kind that is needed.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    "'\(path)' holds "
      + (hasOne ? "a recipe that 'pde gen' of this version does not follow" : "no recipe (attribute pde_recipe)")
      + "; expected a data set of 'pde gen darcy', 'poisson' or 'navier-stokes'"
  }
}
