public import DatasetIO
import NeuralOperators
import Tensors

/// A comparison as a NetCDF file: fields, and one variable a model or classical setting for everything measured.
public enum DarcyComparisonFile {
  /// What the file was made from, and which variable belongs to what.
  struct Recipe: Codable {
    struct Entry: Codable {
      let name: String
      let suffix: String
      let grid: Int?
      let tolerance: Double?
    }
    var problem = "darcy comparison"
    let data: String?
    let models: [Entry]
    let classical: [Entry]
  }

  /// The recipe of a comparison, as JSON.
  public static func recipe(_ result: DarcyComparisonResult, data: FieldFile) throws -> String {
    try CanonicalJSON.encode(recipe(result, identifier: try data.attribute("id")))
  }

  private static func recipe(_ result: DarcyComparisonResult, identifier: String?) -> Recipe {
    Recipe(
      data: identifier,
      models: zip(result.models, suffixes(result)).map {
        .init(name: $0.name, suffix: $1, grid: nil, tolerance: nil)
      },
      classical: result.classical.map {
        .init(
          name: "multigrid-CG", suffix: suffix($0.setting), grid: $0.setting.grid, tolerance: $0.setting.tolerance)
      })
  }

  /// Parts of variables' names, one a model, that differ from each other and from all other ones.
  private static func suffixes(_ result: DarcyComparisonResult) -> [String] {
    var taken = Set(["reference"] + result.classical.map { suffix($0.setting) })
    return result.models.map { model in
      let base = suffix(model.name)
      let candidates = (1...).lazy.map { $0 == 1 ? base : "\(base)_\($0)" }
      return candidates.first { taken.insert($0).inserted } ?? base
    }
  }

  /// A name as part of a variable's name, which has at most 256 characters.
  private static func suffix(_ name: String) -> String {
    String(name.prefix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  private static func suffix(_ setting: DarcyComparison.ClassicalCase) -> String {
    "classical_\(setting.grid)_" + suffix("\(setting.tolerance)")
  }

  /// Writes the file; it appears whole.
  public static func write(
    _ result: DarcyComparisonResult, data: FieldFile, to path: String, overwrite: Bool, provenance: Provenance
  ) throws {
    let layout = try layout(result, data)
    let writer = try FieldFileWriter(creating: path, layout: layout, provenance: provenance, overwrite: overwrite)
    // Samples of the file ascend; so do their indices.
    try writer.append(samples: result.indices, columns(result))
    try writer.finish()
  }

  private static func layout(_ result: DarcyComparisonResult, _ data: FieldFile) throws -> FieldFileLayout {
    var fields = [
      FieldVariable("permeability", "permeability of the medium"),
      FieldVariable("pressure_reference", "stored pressure, the reference of all errors"),
    ]
    var perSample: [SampleVariable] = [
      .labelError, SampleVariable("residual_reference", "relative residual of the reference on the stored grid"),
    ]
    var traces: [TraceVariable] = []
    for (model, suffix) in zip(result.models, suffixes(result)) {
      let hasEquilibrium = !model.terminations.isEmpty
      fields.append(
        FieldVariable(
          "pressure_\(suffix)", "pressure predicted by \(model.name)",
          ancillary: hasEquilibrium ? ["outcome_\(suffix)"] : []))
      perSample += [
        SampleVariable("error_\(suffix)", "relative L2 error of \(model.name)"),
        SampleVariable("residual_\(suffix)", "relative PDE residual of \(model.name) on the stored grid"),
        SampleVariable("seconds_\(suffix)", "time of \(model.name) for the sample alone", units: "s"),
      ]
      guard hasEquilibrium else { continue }
      perSample += [
        SampleVariable(
          "outcome_\(suffix)", "how the equilibrium of \(model.name) ended",
          kind: .flags(SampleOutcome.allCases.map(\.meaning))),
        SampleVariable("evaluations_\(suffix)", "evaluations of the block of \(model.name)", kind: .integer),
      ]
      traces.append(
        TraceVariable(
          "residual_trace_\(suffix)", "residual of the equilibrium of \(model.name) after each evaluation",
          length: max(1, model.traces.map(\.count).max() ?? 1)))
    }
    for classical in result.classical {
      let suffix = suffix(classical.setting)
      let words =
        "the classical solver on \(classical.setting.grid) vertices a side, stopped at \(classical.setting.tolerance)"
      perSample += [
        SampleVariable("error_\(suffix)", "relative L2 error of \(words)"),
        SampleVariable("iterations_\(suffix)", "iterations of \(words)", kind: .integer),
        SampleVariable("residual_\(suffix)", "relative residual of \(words)"),
        SampleVariable("seconds_\(suffix)", "time of \(words)", units: "s"),
      ]
    }
    return FieldFileLayout(
      grid: try data.axes(), fields: fields, perSample: perSample, traces: traces,
      description: FileDescription(
        title: "Darcy flow: models and classical solver on the same samples",
        summary: "Errors are relative L2 errors against the reference at the stored vertices."))
  }

  private static func columns(_ result: DarcyComparisonResult) -> [SampleColumn] {
    func stack(_ fields: [Tensor<Double>]) -> Tensor<Float> {
      Tensor(converting: Tensor(concatenatingSamples: fields.map { $0.reshaped(to: [1] + $0.shape) }))
    }
    var columns: [SampleColumn] = [
      .field("permeability", stack(result.permeability)), .field("pressure_reference", stack(result.reference)),
      .reals(SampleVariable.labelError.name, result.labelErrors), .reals("residual_reference", result.labelResiduals),
    ]
    for (model, suffix) in zip(result.models, suffixes(result)) {
      columns += [
        .field("pressure_\(suffix)", stack(model.predictions)), .reals("error_\(suffix)", model.errors),
        .reals("residual_\(suffix)", model.residuals), .reals("seconds_\(suffix)", model.seconds),
      ]
      guard !model.terminations.isEmpty else { continue }
      columns += [
        .integers("outcome_\(suffix)", model.terminations.map { SampleOutcome($0).rawValue }),
        .integers("evaluations_\(suffix)", model.evaluations), .traces("residual_trace_\(suffix)", model.traces),
      ]
    }
    for classical in result.classical {
      let suffix = suffix(classical.setting)
      columns += [
        .reals("error_\(suffix)", classical.errors), .integers("iterations_\(suffix)", classical.iterations),
        .reals("residual_\(suffix)", classical.residuals), .reals("seconds_\(suffix)", classical.seconds),
      ]
    }
    return columns
  }
}
