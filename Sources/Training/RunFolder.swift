public import DatasetIO
import Foundation

/// A folder with everything a training leaves behind.
///
/// `config.json` holds the resolved settings, `last.safetensors` and `best.safetensors` the checkpoints, `log.csv` and
/// `log.jsonl` a row an epoch.
public struct RunFolder: Sendable {
  /// The folder.
  public let path: String

  /// The run in a folder.
  public init(_ path: String) { self.path = path }

  /// The latest state.
  public var last: String { path + "/last.safetensors" }
  /// The state with the smallest validation error.
  public var best: String { path + "/best.safetensors" }
  /// The resolved settings.
  public var config: String { path + "/config.json" }
  /// The log as a table.
  public var csv: String { path + "/log.csv" }
  /// The log as JSON lines.
  public var jsonl: String { path + "/log.jsonl" }

  /// The checkpoint to answer with: the best, or the last where no epoch has ended yet; a file is taken as it is.
  public func checkpoint() throws -> Checkpoint {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RunError.noRun(path: path)
    }
    guard isFolder.boolValue else { return try Checkpoint(reading: path) }
    for candidate in [best, last] where FileManager.default.fileExists(atPath: candidate) {
      return try Checkpoint(reading: candidate)
    }
    throw RunError.noCheckpoint(path: path)
  }

  private var existingFiles: [String] {
    [last, best, config, csv, jsonl].filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Checks that a new run may be put here, so that this is known before any work is done.
  ///
  /// - Throws: `RunError.exists`.
  public func checkVacant(replacing: Bool) throws {
    guard replacing || existingFiles.isEmpty else { throw RunError.exists(path: path) }
  }

  /// Makes the folder, or takes an existing one that holds no run, or whose run may be replaced.
  func create(replacing: Bool) throws {
    try checkVacant(replacing: replacing)
    let existing = existingFiles
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for file in existing { try FileManager.default.removeItem(atPath: file) }
    } catch {
      throw RunError.cannotCreate(path: path)
    }
  }
}

/// A run folder that cannot be used.
public enum RunError: ClassifiedError {
  case noRun(path: String)
  case noCheckpoint(path: String)
  case exists(path: String)
  case cannotCreate(path: String)
  case otherSettings(path: String)
  case alreadyDone(path: String)

  /// Input for what is missing, output for what is in the way.
  public var failureClass: FailureClass {
    switch self {
    case .noRun, .noCheckpoint: .noInput
    case .exists, .cannotCreate: .cannotCreate
    case .otherSettings, .alreadyDone: .badData
    }
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .noRun(let path): "there is no run '\(path)'; train one with 'pde train', or check the name"
    case .noCheckpoint(let path):
      "'\(path)' holds no checkpoint (best.safetensors or last.safetensors); is it the folder of a run?"
    case .exists(let path): "'\(path)' already holds a run; use --resume, --force, or another -o"
    case .cannotCreate(let path): "the folder '\(path)' cannot be created or emptied; check its place and permissions"
    case .otherSettings(let path):
      "'\(path)' was started with other settings or data; resume with the same ones, or use --force to start over"
    case .alreadyDone(let path): "'\(path)' has finished all its epochs; use --force to train again"
    }
  }
}
