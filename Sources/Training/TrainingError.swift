/// A training that cannot go on.
public enum TrainingError: Error, CustomStringConvertible {
  case tooFewSamples(found: Int, needed: Int)
  /// `sample` is the position of the responsible one in the file, or among those the trainer was given; nil where no
  /// single one is.
  case nonfinite(what: String, epoch: Int, step: Int, sample: Int?)
  case interrupted

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .tooFewSamples(let found, let needed):
      "the data have \(found) samples; training, validation and test need at least \(needed): "
        + "generate more or set smaller --validation and --test"
    case .nonfinite(let what, let epoch, let step, let sample):
      "\(what) is not finite at epoch \(epoch), step \(step)\(sample.map { ", sample \($0)" } ?? ""); "
        + "checkpoints saved before are kept: "
        + "try a smaller --lr, or look for outliers in the data"
    case .interrupted: "interrupted; the checkpoint is saved"
    }
  }

  /// The same, with the number that a sample has elsewhere.
  func mappingSample(_ number: (Int) -> Int) -> TrainingError {
    guard case .nonfinite(let what, let epoch, let step, let sample?) = self else { return self }
    return .nonfinite(what: what, epoch: epoch, step: step, sample: number(sample))
  }
}
