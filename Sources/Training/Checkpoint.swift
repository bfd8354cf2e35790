public import DatasetIO
public import NeuralOperators
public import Tensors

/// A run's state in one file: weights, optimiser, normalisers, counters, settings, and what the data were.
///
/// Safetensors, checksummed, appearing under its name whole or not at all. Tensors are named `model.…`, `adam.first.…`,
/// `adam.second.…`, `average.…`, `normalizer.…`, `equilibria`; settings and counters are JSON in the metadata.
public struct Checkpoint: Sendable {
  /// What the run was asked to do.
  public let settings: TrainingSettings
  /// What it learns from.
  public let data: DataDescription
  /// Where it stands.
  public let state: TrainingState
  /// Fitted to the training inputs.
  public let inputNormalizer: Normalizer<Float>
  /// Fitted to the training targets.
  public let targetNormalizer: Normalizer<Float>
  /// The mean training target of shape (channel, y, x); nil for imported weights, whose training data are unknown.
  public let meanTarget: Tensor<Float>?

  /// The layout of the file; raised when it changes.
  static let format = "pde-checkpoint-2"

  /// The state of a running training.
  public init(_ trainer: Trainer, _ data: DataDescription, _ state: TrainingState) {
    settings = trainer.settings
    self.data = data
    self.state = state
    inputNormalizer = trainer.inputNormalizer
    targetNormalizer = trainer.targetNormalizer
    meanTarget = trainer.meanTarget
  }

  /// Weights that were trained elsewhere: no normalisation, no progress, any grid.
  ///
  /// - Parameters:
  ///   - model: the weights, in physical units.
  ///   - map: the variables of files that they map to each other, one a channel.
  public init(importing model: NeuralOperator<Tensor<Float>>, _ map: FieldMap) {
    settings = TrainingSettings(model: model.configuration)
    data = DataDescription(imported: map)
    state = TrainingState(model: model)
    inputNormalizer = Normalizer(identityOf: model.configuration.inputChannels)
    targetNormalizer = Normalizer(identityOf: model.configuration.outputChannels)
    meanTarget = nil
  }

  /// Writes the file; an earlier one of the same name is replaced at once, and gets the name `older` if that is given.
  public func write(to path: String, keepingOlderAs older: String? = nil) throws {
    let names = try NeuralOperator<Tensor<Float>>(zeros: settings.model).parameters.map(\.name)
    var tensors: [(String, Tensor<Float>)] = [
      ("normalizer.input.mean", inputNormalizer.mean), ("normalizer.input.deviation", inputNormalizer.deviation),
      ("normalizer.target.mean", targetNormalizer.mean),
      ("normalizer.target.deviation", targetNormalizer.deviation),
    ]
    if let meanTarget { tensors.append(("baseline.mean", meanTarget)) }
    for (index, name) in names.enumerated() {
      tensors.append(("model." + name, state.parameters[index]))
      tensors.append(("adam.first." + name, state.optimizer.first[index]))
      tensors.append(("adam.second." + name, state.optimizer.second[index]))
      if let averages = state.averages { tensors.append(("average." + name, averages[index])) }
    }
    if let equilibria = state.equilibria { tensors.append(("equilibria", equilibria)) }
    let metadata = [
      "format": Self.format, "settings": try CanonicalJSON.encode(settings), "data": try CanonicalJSON.encode(data),
      "progress": try CanonicalJSON.encode(state.progress), "adam.steps": String(state.optimizer.steps),
    ]
    let stored = Dictionary(uniqueKeysWithValues: tensors.map { ($0.0, StoredTensor.single($0.1)) })
    try SafetensorsFile(tensors: stored, metadata: metadata)
      .write(to: path, overwrite: true, keepingOlderAs: older)
  }

  /// Reads a file back.
  ///
  /// - Throws: `CheckpointError` for a file that is no checkpoint, `SafetensorsError` or `FileError` for one that cannot be
  ///   read; all classified.
  public init(reading path: String) throws {
    let file = try SafetensorsFile(reading: path, verification: .required)
    guard file.metadata["format"] == Self.format else {
      throw CheckpointError.notACheckpoint(path: path, format: file.metadata["format"])
    }
    func metadata<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
      guard let text = file.metadata[key] else { throw CheckpointError.missing(path: path, what: key) }
      do {
        return try CanonicalJSON.decode(type, from: text)
      } catch {
        throw CheckpointError.unreadable(path: path, what: key)
      }
    }
    settings = try metadata("settings", as: TrainingSettings.self)
    data = try metadata("data", as: DataDescription.self)
    let template = try NeuralOperator<Tensor<Float>>(zeros: settings.model).parameters
    var optimizer = Adam.State<Float>(shapes: [])
    optimizer.first = try template.map { try file.tensor("adam.first." + $0.name, shape: $0.value.shape) }
    optimizer.second = try template.map { try file.tensor("adam.second." + $0.name, shape: $0.value.shape) }
    optimizer.steps = try metadata("adam.steps", as: Int.self)
    state = TrainingState(
      parameters: try template.map { try file.tensor("model." + $0.name, shape: $0.value.shape) }, optimizer: optimizer,
      equilibria: try file.tensors["equilibria"].map { _ in try file.tensor("equilibria") },
      averages: settings.averageDecay == nil
        ? nil : try template.map { try file.tensor("average." + $0.name, shape: $0.value.shape) },
      progress: try metadata("progress", as: TrainingState.Progress.self))
    inputNormalizer = Normalizer(
      mean: try file.tensor("normalizer.input.mean"), deviation: try file.tensor("normalizer.input.deviation"))
    targetNormalizer = Normalizer(
      mean: try file.tensor("normalizer.target.mean"), deviation: try file.tensor("normalizer.target.deviation"))
    meanTarget = data.grid.isEmpty ? nil : try file.tensor("baseline.mean")
  }

  /// The model as stored, ready to predict in physical units.
  public func predictor() throws -> Predictor {
    Predictor(
      model: try NeuralOperator<Tensor<Float>>(zeros: settings.model).replacingParameters(state.answering),
      inputNormalizer: inputNormalizer, targetNormalizer: targetNormalizer, equilibrium: settings.equilibrium)
  }
}

/// A file that is not the checkpoint that was expected.
public enum CheckpointError: ClassifiedError {
  case notACheckpoint(path: String, format: String?)
  case missing(path: String, what: String)
  case unreadable(path: String, what: String)

  /// All of these are unusable data.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .notACheckpoint(let path, let format):
      "'\(path)' is not a checkpoint of this version (format \(format ?? "none"), expected \(Checkpoint.format)); "
        + "train again or give another run"
    case .missing(let path, let what): "'\(path)' lacks '\(what)'; the checkpoint is damaged, use another one"
    case .unreadable(let path, let what):
      "'\(path)' holds '\(what)' in a form this version cannot read; use the version that wrote it"
    }
  }
}
