import DatasetIO

/// The training log of a run, as a table and as JSON lines.
struct EpochLog {
  private static let columns = [
    "epoch", "step", "learning_rate", "train_error", "validation_error", "evaluations", "adjoint_evaluations",
    "unconverged", "seconds",
  ]
  private let logs: [TableLog]

  /// Opens both files with the rows of a resumed run, none for a new one.
  init(_ folder: RunFolder, keeping history: [EpochSummary]) throws {
    logs = try [(folder.csv, TableLog.Format.csv), (folder.jsonl, .jsonLines)].map {
      try TableLog(path: $0.0, columns: Self.columns, format: $0.1, existing: .replaced)
    }
    for row in history { try append(row) }
  }

  func append(_ row: EpochSummary) throws {
    let values: [LogValue] = [
      .integer(row.epoch), .integer(row.step), .real(row.learningRate), .real(row.trainError),
      .real(row.validationError), .real(row.evaluations), .real(row.adjointEvaluations),
      .integer(row.unconverged), .real(row.seconds),
    ]
    for log in logs { try log.append(values) }
  }
}
