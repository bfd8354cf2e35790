import DatasetIO

/// The training log of a run, as a table, as JSON lines and for TensorBoard.
struct EpochLog {
  private static let columns = [
    "epoch", "step", "learning_rate", "train_error", "validation_error", "evaluations", "adjoint_evaluations",
    "unconverged", "seconds",
  ]
  private let logs: [TableLog]
  private let events: EventFile

  /// Opens the files with the rows of a resumed run, none for a new one.
  init(_ folder: RunFolder, keeping history: [EpochSummary]) throws {
    logs = try [(folder.csv, TableLog.Format.csv), (folder.jsonl, .jsonLines)].map {
      try TableLog(path: $0.0, columns: Self.columns, format: $0.1, existing: .replaced)
    }
    events = try EventFile(path: folder.events)
    var seconds = 0.0
    for row in history {
      seconds += row.seconds
      try append(row, seconds: seconds)
    }
  }

  /// Adds a row.
  ///
  /// - Parameter seconds: the whole run has taken so far; TensorBoard's time, so that a resumed run goes on where it was.
  func append(_ row: EpochSummary, seconds: Double) throws {
    let values: [LogValue] = [
      .integer(row.epoch), .integer(row.step), .real(row.learningRate), .real(row.trainError),
      .real(row.validationError), .real(row.evaluations), .real(row.adjointEvaluations),
      .integer(row.unconverged), .real(row.seconds),
    ]
    for log in logs { try log.append(values) }
    let scalars = [
      ("error/train", row.trainError), ("error/validation", row.validationError), ("learning rate", row.learningRate),
      ("equilibrium/evaluations", row.evaluations), ("equilibrium/adjoint evaluations", row.adjointEvaluations),
      ("equilibrium/unconverged", Double(row.unconverged)),
    ]
    try events.append(scalars, step: row.step, time: seconds)
  }
}
