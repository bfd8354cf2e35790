public import DatasetIO
import Foundation
public import Plots
import Tensors
public import Training

/// The picture that says most about a file or a run.
public enum FileFigure {
  /// What to draw of a file that offers several pictures.
  public enum View: String, Sendable, CaseIterable {
    /// Fields of some samples.
    case fields
    /// Error against time; of a comparison.
    case error
    /// Residuals of equilibria; of predictions and comparisons.
    case traces
  }

  /// Training curves of a run.
  ///
  /// - Parameters:
  ///   - folder: where the run is.
  ///   - warn: given a sentence when the last checkpoint cannot be read and the one before is taken.
  public static func training(_ folder: RunFolder, warn: (String) -> Void) throws -> Figure {
    let checkpoint = try folder.latest(warn: warn)
    let history = checkpoint.state.progress.history
    guard !history.isEmpty else { throw FigureError.nothing(path: folder.path, what: "a finished epoch") }
    let epochs = history.map { Double($0.epoch) }
    let name = checkpoint.settings.model.architecture.name
    func curve(_ label: String, _ value: (EpochSummary) -> Double) -> TrainingCurves.Curve {
      TrainingCurves.Curve(label, epochs: epochs, values: history.map(value))
    }
    let curves = TrainingCurves(
      losses: [curve("training", \.trainError), curve("validation", \.validationError)],
      lossLabel: "relative L² error", bestOf: 1, learningRate: curve("learning rate", \.learningRate),
      evaluations: history.contains { $0.evaluations > 0 } ? [curve("block evaluations", \.evaluations)] : [])
    let noise = checkpoint.settings.noise
    return curves.figure(
      title: "Training of \(name)",
      subtitle: "\(checkpoint.data.split.train.count) samples, batch \(checkpoint.settings.batch), seed "
        + "\(checkpoint.settings.seed)"
        + (noise.level > 0 ? String(format: ", noise %.0f %% on the %@", 100 * noise.level, noise.target.rawValue) : "")
    )
  }

  /// A picture of a NetCDF file; without a view, the one that says most.
  public static func file(_ file: FieldFile, view: View?, samples: [Int]) throws -> Figure {
    if let recipe: DarcyComparisonFile.Recipe = decoded(file), recipe.problem == "darcy comparison" {
      switch view ?? .error {
      case .error: return try errorAgainstTime(file, recipe)
      case .fields: return try comparedFields(file, recipe, samples)
      case .traces:
        return try traces(file, recipe.models.map { ($0.name, "residual_trace_" + $0.suffix) })
      }
    }
    if let recipe: PredictionFile.Recipe = decoded(file), recipe.problem == "prediction" {
      switch view ?? .fields {
      case .error:
        throw FigureError.nothing(path: file.path, what: "error against time; that is in files of 'pde compare'")
      case .fields: return try predictedFields(file, recipe, samples)
      case .traces: return try traces(file, [(recipe.model, "residual_trace")])
      }
    }
    guard (view ?? .fields) == .fields else {
      throw FigureError.nothing(path: file.path, what: "\(view?.rawValue ?? ""); it holds fields only")
    }
    return try plainFields(file, samples)
  }

  private static func decoded<Recipe: Decodable>(_ file: FieldFile) -> Recipe? {
    guard let text = try? file.recipe else { return nil }
    return try? CanonicalJSON.decode(Recipe.self, from: text)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  private static func errorAgainstTime(_ file: FieldFile, _ recipe: DarcyComparisonFile.Recipe) throws -> Figure {
    func measurement(_ entry: DarcyComparisonFile.Recipe.Entry, _ label: String) throws -> ErrorAgainstTime.Measurement
    {
      .init(
        label, seconds: median(try file.reals("seconds_" + entry.suffix)),
        error: mean(try file.reals("error_" + entry.suffix)))
    }
    let grids = Array(Set(recipe.classical.compactMap(\.grid))).sorted()
    let curves = try grids.map { grid in
      ErrorAgainstTime.Curve(
        "multigrid-CG, \(grid)²",
        points: try recipe.classical.filter { $0.grid == grid }.map {
          try measurement($0, $0.tolerance.map(powerOfTen) ?? "")
        })
    }
    let labelErrors = try file.reals(SampleVariable.labelError.name).filter(\.isFinite)
    return ErrorAgainstTime(
      classical: curves, models: try recipe.models.map { try measurement($0, $0.name) },
      labelError: labelErrors.isEmpty ? nil : mean(labelErrors), errorLabel: "mean relative L² error"
    ).figure(
      title: "What accuracy costs",
      subtitle:
        "Darcy flow, \(file.sampleCount) samples, one at a time; the number at a point is the residual at which "
        + "the solver stops")
  }

  /// A tolerance such as 1e-4 as `10⁻⁴`; other numbers as they are.
  private static func powerOfTen(_ value: Double) -> String {
    let exponent = log10(value)
    guard abs(exponent - exponent.rounded()) < 1e-9 else { return String(format: "%.0e", value) }
    let raised: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return "10" + String("\(Int(exponent.rounded()))".compactMap { raised[$0] })
  }

  private static func traces(_ file: FieldFile, _ candidates: [(String, String)]) throws -> Figure {
    let present = candidates.filter { file.has($0.1) }
    guard !present.isEmpty else { throw FigureError.nothing(path: file.path, what: "a residual trace") }
    return ResidualTraces(
      groups: try present.map { .init($0.0, traces: try file.traces($0.1)) }, tolerance: nil,
      residualLabel: "rms residual of the state"
    ).figure(title: "How equilibria are reached", subtitle: "\(file.sampleCount) samples")
  }

  private static func comparedFields(
    _ file: FieldFile, _ recipe: DarcyComparisonFile.Recipe, _ samples: [Int]
  ) throws -> Figure {
    guard let model = recipe.models.first else { throw FigureError.nothing(path: file.path, what: "a model") }
    return try comparison(
      file, samples, names: ("permeability", "pressure_reference", "pressure_" + model.suffix),
      errors: "error_" + model.suffix, title: "\(model.name) on samples it has not seen")
  }

  private static func predictedFields(_ file: FieldFile, _ recipe: PredictionFile.Recipe, _ samples: [Int]) throws
    -> Figure
  {
    guard let input = recipe.inputs.first, let output = recipe.outputs.first, file.has(output + "_reference") else {
      return try plainFields(file, samples)
    }
    return try comparison(
      file, samples, names: (input, output + "_reference", output), errors: "relative_error",
      title: "Predictions of \(recipe.model)")
  }

  private static func comparison(
    _ file: FieldFile, _ samples: [Int], names: (String, String, String), errors: String, title: String
  ) throws -> Figure {
    let indices = try file.sampleIndices()
    let errors = try file.reals(errors)
    let rows = try chosen(samples, of: file).map { position in
      FieldComparison.Sample(
        "sample \(indices[position])\n" + String(format: "%.2g %%", 100 * errors[position]),
        input: try field(file, names.0, position), truth: try field(file, names.1, position),
        prediction: try field(file, names.2, position))
    }
    return FieldComparison(
      input: .init(names.0), output: .init(names.1.replacing("_reference", with: "")), domain: try domain(file),
      samples: rows
    ).figure(title: title)
  }

  private static func plainFields(_ file: FieldFile, _ samples: [Int]) throws -> Figure {
    let names = file.fieldNames
    guard let first = names.first else {
      throw FigureError.nothing(path: file.path, what: "a field over (sample, y, x)")
    }
    let indices = try file.sampleIndices()
    let positions = try chosen(samples, of: file)
    let title = try file.attribute("title") ?? file.path
    guard names.count == 2 else {
      let panels = try positions.map { position in
        try names.prefix(4).map { name in
          let values = try field(file, name, position)
          return Panel.heatMap(
            HeatMap(
              values, title: "\(name), sample \(indices[position])", colours: .suiting(values.elements),
              domain: try domain(file)))
        }
      }
      return Figure(title: title, panels: panels)
    }
    let rows = try positions.map { position in
      FieldComparison.Sample(
        "sample \(indices[position])", input: try field(file, first, position),
        truth: try field(file, names[1], position))
    }
    return FieldComparison(
      input: .init(first), output: .init(names[1]), domain: try domain(file), samples: rows
    ).figure(title: title)
  }

  private static func chosen(_ samples: [Int], of file: FieldFile) throws -> [Int] {
    if let bad = samples.first(where: { $0 < 0 || $0 >= file.sampleCount }) {
      throw FigureError.noSample(bad, count: file.sampleCount)
    }
    return samples.isEmpty ? Array(0..<min(3, file.sampleCount)) : samples
  }

  private static func field(_ file: FieldFile, _ name: String, _ position: Int) throws -> Tensor<Double> {
    let values: Tensor<Double> = try file.read(name, samples: position..<position + 1, missing: .asNaN)
    return values.reshaped(to: Array(values.shape.dropFirst()))
  }

  private static func domain(_ file: FieldFile) throws -> FieldDomain {
    let axes = try file.axes()
    return FieldDomain(x: axes.x.lower...axes.x.upper, y: axes.y.lower...axes.y.upper)
  }
}

/// A picture that cannot be drawn.
public enum FigureError: Error, CustomStringConvertible {
  case nothing(path: String, what: String)
  case noSample(Int, count: Int)

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .nothing(let path, let what): "'\(path)' does not have \(what)"
    case .noSample(let index, let count):
      "there is no sample at position \(index); the file has \(count), counted from 0"
    }
  }
}
