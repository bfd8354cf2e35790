public import DatasetIO
import Foundation
import NeuralOperators
import Solvers
import Tensors
public import Training

/// Writes a model's predictions for a file of inputs, streaming from file to file.
public struct PredictionFile {
  let checkpoint: Checkpoint
  let source: FieldFile
  let predictor: Predictor

  /// What is said about a written file.
  public struct Summary: Codable, Sendable {
    /// Samples predicted.
    public var samples = 0
    /// Samples whose equilibrium did not reach the tolerance.
    public var unconverged = 0
    /// Mean relative L² error, where the source holds the answers.
    public var relativeL2: Double?
    /// Seconds in the model.
    public var modelSeconds = 0.0
    /// Seconds spent on reading, writing and errors.
    public var fileSeconds = 0.0
  }

  /// The recipe of a file of predictions.
  struct Recipe: Codable {
    var problem = "prediction"
    var model: String
    var settings: TrainingSettings
    var data: String?
    var equilibrium: EquilibriumSettings
    var outputs: [String]
    var inputs: [String]
  }

  /// - Throws: `DataMismatch` or `FieldFileError` when the file does not hold what the model needs.
  public init(
    _ checkpoint: Checkpoint, for source: FieldFile, adjusting adjust: (inout Predictor) throws -> Void = { _ in }
  ) throws {
    self.checkpoint = checkpoint
    self.source = source
    let outputs = checkpoint.data.map.outputs
    try checkpoint.data.check(source, needsOutputs: outputs.allSatisfy { source.has($0) })
    var predictor = try checkpoint.predictor()
    try adjust(&predictor)
    self.predictor = predictor
  }

  private var map: FieldMap { checkpoint.data.map }
  private var hasEquilibrium: Bool { checkpoint.settings.model.architecture == .equilibrium }
  private var hasTruth: Bool { map.outputs.allSatisfy { source.has($0) } }
  private var traceLength: Int {
    max(1, predictor.equilibrium.exactEvaluations ?? predictor.equilibrium.evaluationLimit)
  }

  /// The recipe, as JSON.
  public func recipe() throws -> String {
    try CanonicalJSON.encode(
      Recipe(
        model: checkpoint.settings.model.architecture.name, settings: checkpoint.settings,
        data: try source.attribute("id"),
        equilibrium: predictor.equilibrium, outputs: map.outputs, inputs: map.inputs))
  }

  /// Predicts every sample and writes inputs, predictions and, if the source has them, answers and errors.
  ///
  /// - Parameters:
  ///   - path: the new file.
  ///   - overwrite: whether a file of that name may be replaced.
  ///   - provenance: stored with it.
  ///   - progress: called with the number of samples done.
  /// - Throws: file errors; nothing is left behind then.
  public func write(
    to path: String, overwrite: Bool, provenance: Provenance, progress: (Int) -> Void = { _ in }
  ) throws -> Summary {
    let began = DispatchTime.now()
    let indices = try source.sampleIndices()
    let usable = try source.convergedSamples()
    guard !usable.isEmpty else { throw DataMismatch.noSamples(path: source.path) }
    let writer = try FieldFileWriter(
      creating: path, layout: try layout(), provenance: provenance, overwrite: overwrite)
    var summary = Summary()
    var errors: [Double] = []
    for start in stride(from: 0, to: usable.count, by: checkpoint.settings.batch) {
      let rows = Array(usable[start..<min(start + checkpoint.settings.batch, usable.count)])
      let inputs = try source.channels(map.inputs, samples: rows)
      let (seconds, (fields, outcome)) = try timed { try predictor.predict(inputs) }
      summary.modelSeconds += seconds
      var columns = map.inputs.indices.map { field(map.inputs[$0], inputs, $0) }
      columns += map.outputs.indices.map { field(map.outputs[$0], fields, $0) }
      if let outcome {
        columns += [
          .outcomes(outcome.terminations.map { SampleOutcome($0) }),
          .integers(SampleVariable.solverIterations.name, outcome.statistics.map(\.evaluations)),
          .reals(SampleVariable.solverResidual.name, outcome.statistics.map(\.relativeResidual)),
          .traces("residual_trace", outcome.statistics.map(\.trace)),
        ]
        summary.unconverged += outcome.unconverged
      }
      if hasTruth {
        let truth = try source.channels(map.outputs, samples: rows)
        columns += map.outputs.indices.map { field(map.outputs[$0] + "_reference", truth, $0) }
        let batch = rows.indices.map {
          SampleError(fields.gathering(samples: $0..<$0 + 1), truth.gathering(samples: $0..<$0 + 1)).relativeL2
        }
        columns.append(.reals("relative_error", batch))
        errors += batch
      }
      try writer.append(samples: rows.map { indices[$0] }, columns)
      summary.samples += rows.count
      progress(summary.samples)
    }
    try writer.finish()
    summary.fileSeconds =
      Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9 - summary.modelSeconds
    if !errors.isEmpty { summary.relativeL2 = errors.reduce(0, +) / Double(errors.count) }
    return summary
  }

  private func field(_ name: String, _ fields: Tensor<Float>, _ channel: Int) -> SampleColumn {
    .field(name, fields.channels(channel..<channel + 1))
  }

  private func layout() throws -> FieldFileLayout {
    func variable(_ name: String, _ suffix: String = "", _ words: String) throws -> FieldVariable {
      FieldVariable(
        name + suffix, words, units: checkpoint.data.units[name] ?? "1",
        ancillary: hasEquilibrium && suffix.isEmpty ? [SampleVariable.solverOutcome.name] : [])
    }
    var fields = try map.inputs.map { try variable($0, "", $0.replacing("_", with: " ")) }
    fields += try map.outputs.map { try variable($0, "", "predicted \($0.replacing("_", with: " "))") }
    if hasTruth {
      fields += try map.outputs.map {
        try variable($0, "_reference", "\($0.replacing("_", with: " ")) of the source file")
      }
    }
    var perSample: [SampleVariable] = []
    if hasEquilibrium { perSample += [.solverOutcome, .solverIterations, .solverResidual] }
    if hasTruth { perSample.append(SampleVariable("relative_error", "relative L2 error of the prediction")) }
    return FieldFileLayout(
      grid: try source.axes(), fields: fields, perSample: perSample,
      traces: hasEquilibrium
        ? [TraceVariable("residual_trace", "residual of the equilibrium after each evaluation", length: traceLength)]
        : [],
      description: FileDescription(
        title: "Predictions of \(checkpoint.settings.model.architecture.name)",
        references: "Marwah et al. 2023, arXiv:2312.00234"))
  }
}
