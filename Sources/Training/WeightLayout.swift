import DatasetIO
public import NeuralOperators
public import Tensors

/// How another program names and arranges the weights of a model.
public enum WeightLayout: String, Sendable, CaseIterable {
  /// The plain two-dimensional module of Li et al. 2021 (arXiv:2010.08895): see `Fourier2DLayout`.
  case fourier2d

  /// The model in a file: `.safetensors`, or else a file of `torch.save`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - padding: what the module adds at the end of every axis, which its weights do not tell.
  /// - Throws: `WeightError`, and the errors of `TorchFile` and `SafetensorsFile`.
  public func model(reading path: String, padding: DomainPadding) throws -> NeuralOperator<Tensor<Float>> {
    let tensors =
      path.lowercased().hasSuffix(".safetensors")
      ? try SafetensorsFile(reading: path).tensors : try TorchFile(reading: path).tensors
    switch self {
    case .fourier2d: return try Fourier2DLayout.model(tensors, of: path, padding: padding)
    }
  }
}

extension RunFolder {
  /// Puts imported weights here as the run's best checkpoint, with its settings.
  ///
  /// - Parameters:
  ///   - model: the weights.
  ///   - map: the variables that they map to each other, one a channel.
  ///   - path: where the weights came from, for messages.
  ///   - replacing: whether files of an earlier run in the folder may be replaced.
  /// - Throws: `WeightError.channels`, `RunError`, `FileError`.
  public func store(
    _ model: NeuralOperator<Tensor<Float>>, _ map: FieldMap, from path: String, replacing: Bool
  ) throws {
    let configuration = model.configuration
    for (what, names, count) in [
      ("input", map.inputs, configuration.inputChannels), ("output", map.outputs, configuration.outputChannels),
    ] where names.count != count {
      throw WeightError.channels(path: path, what: what, names: names.count, found: count)
    }
    let checkpoint = Checkpoint(importing: model, map)
    let claim = try create(replacing: replacing)
    defer { withExtendedLifetime(claim) {} }
    try AtomicFile.write(try CanonicalJSON.encode(checkpoint.settings) + "\n", to: config, overwrite: true)
    try checkpoint.write(to: best)
  }
}
