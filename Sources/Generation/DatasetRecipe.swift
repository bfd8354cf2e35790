public import DatasetIO
import Foundation
public import Solvers
import Tensors

/// Everything that decides the contents of a file of solved problems; stored in it as JSON, so that any sample can be made
/// again.
public protocol DatasetRecipe: Codable, Hashable, Sendable {
  /// One problem with its solution.
  associatedtype Sample: SolvedSample
  /// The problem's name in the JSON, by which readers know the recipe.
  static var problemName: String { get }
  /// The defaults.
  init()
  /// The problem's name as decoded.
  var problem: String { get }
  /// Samples in the file.
  var samples: Int { get }
  /// Index of the first one.
  var first: Int { get }
  /// What the file holds.
  var layout: FieldFileLayout { get }
  /// Checks every number.
  ///
  /// - Throws: `RecipeError`.
  func validate() throws
  /// The same problems stored with other points along x, and along y in proportion, solved at least as finely as here.
  ///
  /// Media and forces are functions of seed and sample, seen on a grid: modes and objects keep their random numbers, a finer
  /// grid adds modes of its own. So sample i is the same problem on every grid, up to what a coarser one cannot show.
  ///
  /// - Throws: `RecipeError` when the two axes cannot keep their proportion.
  func onGrid(_ points: Int) throws -> Self
  /// Prepares what the samples share; the function makes the sample with an index and may be called from many threads.
  func generator() throws -> @Sendable (_ index: Int) throws -> Sample
  /// The fields of some samples as the layout names them; the variables of every solved sample are added to these.
  func fields(_ samples: [Sample]) -> [SampleColumn]
}

/// What the file and the summary need to know of a sample, whatever its problem.
public protocol SolvedSample: Sendable {
  /// Which sample of the set it is.
  var index: Int { get }
  /// How the solve ended.
  var termination: Termination { get }
  /// Iterations of the solve.
  var iterations: Int { get }
  /// The relative residual of the solution, computed anew from it.
  var residual: Double { get }
  /// The estimated relative L² error of the stored solution; nil where there is no estimate.
  var labelError: Double? { get }
}

extension DatasetRecipe {
  /// What a file says it was made from; nil when it is not a file of this problem made by this program, or its recipe
  /// cannot be followed. What a recipe of an earlier version does not say has its default.
  public init?(of file: FieldFile) throws {
    guard let text = try file.recipe, let recipe = Self(overDefaults: text), (try? recipe.validate()) != nil
    else { return nil }
    self = recipe
  }

  private init?(overDefaults text: String) {
    guard let encoded = try? CanonicalJSON.encode(Self()), let defaults = Self.object(encoded),
      let given = Self.object(text), given["problem"] as? String == Self.problemName,
      Set(given.keys).isSubset(of: defaults.keys)
    else { return nil }
    let merged = defaults.merging(given) { standard, given in
      // Settings are a list of names; anything deeper is one value.
      guard let standard = standard as? [String: Any], let given = given as? [String: Any],
        Set(given.keys).isSubset(of: standard.keys)
      else { return given }
      return standard.merging(given) { $1 }
    }
    guard let data = try? JSONSerialization.data(withJSONObject: merged),
      let recipe = try? JSONDecoder().decode(Self.self, from: data)
    else { return nil }
    self = recipe
  }

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  /// The values of all variables for some samples of the set, made now.
  ///
  /// - Parameters:
  ///   - indices: of the samples, in any order.
  ///   - progress: called with the number of samples done, from any thread.
  public func columns(samples indices: [Int], progress: (Int) -> Void) throws -> [SampleColumn] {
    columns(try Dataset(self).samples(indices, progress: progress))
  }

  /// The variables that every solved sample has, for the layout.
  var solverVariables: [SampleVariable] { [.solverOutcome, .solverIterations, .solverResidual, .labelError] }

  /// Their values, beside the fields.
  func columns(_ samples: [Sample]) -> [SampleColumn] {
    fields(samples) + [
      .outcomes(samples.map { SampleOutcome($0.termination) }),
      .integers(SampleVariable.solverIterations.name, samples.map(\.iterations)),
      .reals(SampleVariable.solverResidual.name, samples.map(\.residual)),
      .reals(SampleVariable.labelError.name, samples.map { $0.labelError ?? .nan }),
    ]
  }

  /// Checks what every recipe has.
  func validateCounts() throws {
    for (name, value, least) in [("samples", samples, 1), ("first", first, 0)] where value < least {
      throw RecipeError.tooSmall(name, value: "\(value)", least: "\(least)")
    }
    guard samples <= Int(Int32.max) - first else { throw RecipeError.tooManySamples(first: first, samples: samples) }
  }
}

extension SampleColumn {
  /// Fields of some samples, each [ny, nx], in the precision they are stored with.
  static func field(_ name: String, _ fields: [Tensor<Double>], isDouble: Bool) -> SampleColumn {
    let stack = Tensor(concatenatingSamples: fields.map { $0.reshaped(to: [1] + $0.shape) })
    return isDouble ? .field(name, stack) : .field(name, Tensor<Float>(converting: stack))
  }
}

extension SampleOutcome {
  /// The file's flag for a solver's verdict; both number the cases alike.
  public init(_ termination: Termination) {
    switch termination {
    case .converged: self = .converged
    case .iterationLimit: self = .iterationLimit
    case .stagnated: self = .stagnated
    case .diverged: self = .diverged
    case .nonfinite: self = .nonfinite
    }
  }
}
