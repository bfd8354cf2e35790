public import DatasetIO
import Foundation

/// A folder with everything a training leaves behind.
///
/// `config.json` holds the resolved settings; `last.safetensors`, `previous.safetensors` and `best.safetensors` are the
/// checkpoints, `log.csv`, `log.jsonl` and, for TensorBoard, `events.out.tfevents.pde` have a row an epoch. While a
/// process trains here, `.lock` has its number.
public struct RunFolder: Sendable {
  /// The folder.
  public let path: String

  /// The run in a folder.
  public init(_ path: String) { self.path = path }

  /// The latest state.
  public var last: String { path + "/last.safetensors" }
  /// The state that was the latest before.
  public var previous: String { path + "/previous.safetensors" }
  /// The state with the smallest validation error.
  public var best: String { path + "/best.safetensors" }
  /// The resolved settings.
  public var config: String { path + "/config.json" }
  /// The log as a table.
  public var csv: String { path + "/log.csv" }
  /// The log as JSON lines.
  public var jsonl: String { path + "/log.jsonl" }
  /// The log for TensorBoard.
  public var events: String { path + "/events.out.tfevents.pde" }
  private var lock: String { path + "/.lock" }

  /// The checkpoint to answer with: the best, or the last where no epoch has ended yet; a file is taken as it is.
  ///
  /// - Parameter warn: given a sentence when a checkpoint cannot be read and another one is taken.
  /// - Throws: `RunError` where there is none, and what is wrong with the first one where none can be read.
  public func checkpoint(warn: (String) -> Void) throws -> Checkpoint {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RunError.noRun(path: path)
    }
    guard isFolder.boolValue else { return try Checkpoint(reading: path) }
    return try firstReadable([best, last, previous], warn: warn)
  }

  /// The latest state that can be read: the last, or else the one before.
  ///
  /// - Throws: as `checkpoint`.
  public func latest(warn: (String) -> Void) throws -> Checkpoint { try firstReadable([last, previous], warn: warn) }

  private func firstReadable(_ candidates: [String], warn: (String) -> Void) throws -> Checkpoint {
    var failure: (any Error)?
    for candidate in candidates where FileManager.default.fileExists(atPath: candidate) {
      do {
        let checkpoint = try Checkpoint(reading: candidate)
        if let failure {
          let epochs = checkpoint.state.progress.epochsDone
          warn("\(failure); taking '\(candidate)' instead, after \(epochs) epochs")
        }
        return checkpoint
      } catch {
        failure = failure ?? error
      }
    }
    throw failure ?? RunError.noCheckpoint(path: path)
  }

  /// Writes the latest state; the one that was the latest is kept as `previous`, unless it cannot be read.
  func save(_ checkpoint: Checkpoint, replacingUnreadable: Bool) throws {
    try checkpoint.write(to: last, keepingOlderAs: replacingUnreadable ? nil : previous)
  }

  private var existingFiles: [String] {
    [last, previous, best, config, csv, jsonl, events].filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// Checks that no process is training here.
  ///
  /// - Throws: `RunError.inUse`.
  public func checkFree() throws { try named { try ProcessLock.check(lock) } }

  /// Keeps other processes out as long as the value lives.
  ///
  /// - Throws: `RunError.inUse`, `FileError.cannotCreate`.
  func claim() throws -> ProcessLock { try named { try ProcessLock(lock) } }

  /// As `claim`, for a run that is there; no folder is made for one that is not.
  ///
  /// - Throws: `RunError.noCheckpoint` as well.
  func claimExisting() throws -> ProcessLock {
    guard FileManager.default.fileExists(atPath: path) else { throw RunError.noCheckpoint(path: path) }
    return try claim()
  }

  private func named<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let held as ProcessLock.Held {
      throw RunError.inUse(path: path, process: held.process)
    }
  }

  /// Checks that a new run may be put here, so that this is known before any work is done.
  ///
  /// - Throws: `RunError.exists`, `RunError.inUse`.
  public func checkVacant(replacing: Bool) throws {
    try checkFree()
    try checkEmpty(replacing: replacing)
  }

  private func checkEmpty(replacing: Bool) throws {
    guard replacing || existingFiles.isEmpty else { throw RunError.exists(path: path) }
  }

  /// Makes the folder, or takes an existing one that holds no run, or whose run may be replaced; nobody else gets it as
  /// long as the value lives.
  func create(replacing: Bool) throws -> ProcessLock {
    try checkEmpty(replacing: replacing)
    func orRefuse(_ body: () throws -> Void) throws {
      do { try body() } catch { throw RunError.cannotCreate(path: path) }
    }
    try orRefuse { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    let claim = try claim()
    // Another process may have put a run here meanwhile.
    try checkEmpty(replacing: replacing)
    try orRefuse { for file in existingFiles { try FileManager.default.removeItem(atPath: file) } }
    return claim
  }
}

/// A run folder that cannot be used.
public enum RunError: ClassifiedError {
  case noRun(path: String)
  case noCheckpoint(path: String)
  case exists(path: String)
  case inUse(path: String, process: Int32?)
  case cannotCreate(path: String)
  case otherSettings(path: String)
  case alreadyDone(path: String)

  /// Input for what is missing, output for what is in the way.
  public var failureClass: FailureClass {
    switch self {
    case .noRun, .noCheckpoint: .noInput
    case .exists, .inUse, .cannotCreate: .cannotCreate
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
    case .inUse(let path, let process):
      "'\(path)' is in use by \(process.map { "process \($0)" } ?? "another process"); wait for its end, or give another -o"
    case .cannotCreate(let path): "the folder '\(path)' cannot be created or emptied; check its place and permissions"
    case .otherSettings(let path):
      "'\(path)' was started with other settings or data; resume with the same ones, or use --force to start over"
    case .alreadyDone(let path): "'\(path)' has finished all its epochs; use --force to train again"
    }
  }
}
