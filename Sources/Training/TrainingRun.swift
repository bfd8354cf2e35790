public import DatasetIO
import Foundation
import NeuralOperators
import Tensors

/// What a running training has to say.
public enum TrainingEvent {
  /// Something the user should know, in one sentence.
  case warning(String)
  /// Before the first step; `warmStartBytes` is what the states kept for warm starts take, 0 for cold ones.
  case started(parameters: Int, steps: Int, done: Int, warmStartBytes: Int)
  /// After each step: steps done in the whole run, relative error of the batch.
  case step(done: Int, error: Double)
  /// After each epoch.
  case epoch(EpochSummary, isBest: Bool)
}

/// A training with its files: the loop that `pde train` runs.
public struct TrainingRun {
  /// Its files.
  public let folder: RunFolder
  /// Its settings and data.
  public let trainer: Trainer
  let data: DataDescription

  /// A run over a file's samples.
  ///
  /// - Parameters:
  ///   - trainer: settings and data, split already.
  ///   - data: what the data are, stored with the checkpoints.
  ///   - folder: where the run's files go.
  public init(_ trainer: Trainer, _ data: DataDescription, in folder: RunFolder) {
    self.trainer = trainer
    self.data = data
    self.folder = folder
  }

  /// A run on the usable samples of a file.
  ///
  /// - Parameters:
  ///   - loaded: the file's samples.
  ///   - file: where they come from.
  ///   - settings: validated against the data's grid.
  ///   - split: of the loaded samples.
  ///   - folder: where the run's files go.
  public init(
    _ loaded: LoadedPairs, of file: FieldFile, settings: TrainingSettings, split: DataSplit, in folder: RunFolder
  ) throws {
    self.init(
      try Trainer(
        settings: settings, train: loaded.pairs.gathering(split.train),
        validation: loaded.pairs.gathering(split.validation)),
      try DataDescription(file, loaded, split), in: folder)
  }

  /// Trains to the end, or until `shouldStop`, which is asked after every step and every epoch.
  ///
  /// - Parameters:
  ///   - resuming: continue from the latest state that can be read; else start anew.
  ///   - replacing: whether files of an earlier run in the folder may be replaced.
  ///   - shouldStop: asked after every step.
  ///   - observe: told what happens.
  /// - Throws: `TrainingError.interrupted` after a checkpoint has been saved on request; `nonfinite` with the last good
  ///   checkpoint kept; file errors.
  @discardableResult public func run(
    resuming: Bool, replacing: Bool, shouldStop: () -> Bool, observe: (TrainingEvent) -> Void
  ) throws -> TrainingState {
    var fellBack = false
    let claim: ProcessLock
    var state: TrainingState
    if resuming {
      claim = try folder.claimExisting()
      state = try resumedState {
        fellBack = true
        observe(.warning($0))
      }
    } else {
      state = try trainer.start()
      claim = try folder.create(replacing: replacing)
      try AtomicFile.write(try CanonicalJSON.encode(trainer.settings) + "\n", to: folder.config, overwrite: true)
    }
    defer { withExtendedLifetime(claim) {} }
    func saveLast() throws {
      try folder.save(Checkpoint(trainer, data, state), replacingUnreadable: fellBack)
      fellBack = false
    }
    let log = try EpochLog(folder, keeping: state.progress.history)
    let steps = trainer.settings.epochs * trainer.stepsPerEpoch
    func done() -> Int { state.progress.epochsDone * trainer.stepsPerEpoch + state.progress.stepsIntoEpoch }
    observe(
      .started(
        parameters: trainer.parameterCount, steps: steps, done: done(),
        warmStartBytes: 4 * (state.equilibria?.count ?? 0)))
    while !trainer.isFinished(state) {
      while state.progress.stepsIntoEpoch < trainer.stepsPerEpoch {
        let error = try namingSamples { try trainer.step(&state) }
        observe(.step(done: done(), error: error))
        if shouldStop() {
          try saveLast()
          throw TrainingError.interrupted
        }
      }
      let (summary, isBest) = try trainer.finishEpoch(&state)
      if isBest { try Checkpoint(trainer, data, state.forAnswers).write(to: folder.best) }
      try saveLast()
      try log.append(summary, seconds: state.progress.history.reduce(0) { $0 + $1.seconds })
      observe(.epoch(summary, isBest: isBest))
      if shouldStop(), !trainer.isFinished(state) { throw TrainingError.interrupted }
    }
    return state
  }

  /// Samples are known to the user by their position in the file.
  private func namingSamples<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as TrainingError {
      throw error.mappingSample { data.split.train.indices.contains($0) ? data.split.train[$0] : $0 }
    }
  }

  private func resumedState(warn: (String) -> Void) throws -> TrainingState {
    let checkpoint = try folder.latest(warn: warn)
    guard checkpoint.settings == trainer.settings, checkpoint.data == data,
      (checkpoint.state.equilibria != nil) == trainer.settings.startsWarm
    else {
      throw RunError.otherSettings(path: folder.path)
    }
    guard !trainer.isFinished(checkpoint.state) else {
      throw RunError.alreadyDone(path: folder.path)
    }
    return checkpoint.state
  }
}
