import DatasetIO
public import Training

/// What a run or a checkpoint says about itself.
public struct RunInspection: Codable, Sendable {
  /// What was asked for.
  public let path: String
  /// The model's name.
  public let model: String
  /// Its parameters; a complex one counts as two reals.
  public let parameters: Int
  /// What the run was asked to do.
  public let settings: TrainingSettings
  /// What it learnt from, and which samples it has seen.
  public let data: DataDescription
  /// Finished epochs.
  public let epochsDone: Int
  /// The epoch with the smallest validation error, counted from 1; 0 before the first.
  public let bestEpoch: Int
  /// That error.
  public let bestError: Double?

  /// Reads a checkpoint, every checksum of it; of a folder the best one.
  ///
  /// - Parameters:
  ///   - path: of the run, or of a checkpoint.
  ///   - warn: as for `RunFolder.checkpoint`.
  /// - Throws: as `RunFolder.checkpoint`.
  public init(_ path: String, warn: (String) -> Void) throws {
    let checkpoint = try RunFolder(path).checkpoint(warn: warn)
    self.path = path
    model = checkpoint.settings.model.architecture.name
    parameters = checkpoint.state.parameters.reduce(0) { $0 + $1.count }
    settings = checkpoint.settings
    data = checkpoint.data
    let progress = checkpoint.state.progress
    (epochsDone, bestEpoch, bestError) = (progress.epochsDone, progress.bestEpoch, progress.bestError)
  }
}
