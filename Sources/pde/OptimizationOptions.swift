internal import ArgumentParser
import Training

/// How the weights follow the gradients.
struct OptimizationOptions: ParsableArguments {
  @Option(help: "Course of the learning rate. (default: cosine)")
  var schedule: RateSchedule.Shape?

  @Option(help: "Steps over which the learning rate first rises to its peak. (default: 0)")
  var warmUpSteps: Int?

  @Option(help: "What the schedules step and plateau multiply the learning rate by. (default: 0.5)")
  var decayFactor: Double?

  @Option(
    help: """
      Epochs from one step to the next (default: a fifth of the run), or without a smaller validation error that make \
      a plateau (default: 10).
      """)
  var decayEpochs: Int?

  @Option(help: ArgumentHelp("Average the weights with this decay, and answer with the average.", valueName: "decay"))
  var ema: Double?

  @Option(help: ArgumentHelp("Shorten gradients that are longer than this, over all parameters.", valueName: "norm"))
  var clipNorm: Double?

  @Option(help: ArgumentHelp("Stop after so many epochs without a smaller validation error.", valueName: "epochs"))
  var patience: Int?

  func validate() throws {
    try OptionRange.countsFromZero.check("--warm-up-steps", warmUpSteps)
    try OptionRange.counts.check("--decay-epochs", decayEpochs)
    try OptionRange.counts.check("--patience", patience)
    try OptionRange.checkPositive("--clip-norm", clipNorm)
    if let decayFactor, !(decayFactor > 0 && decayFactor < 1) {
      throw ValidationError("--decay-factor must be above 0 and below 1, found \(decayFactor).")
    }
    if let ema, !(ema >= 0 && ema < 1) {
      throw ValidationError("--ema must be 0 or more and below 1, found \(ema).")
    }
  }

  /// The settings with what was given here.
  func apply(to settings: inout TrainingSettings) {
    if let schedule { settings.schedule.shape = schedule }
    if let warmUpSteps { settings.schedule.rampSteps = warmUpSteps }
    if let decayFactor { settings.schedule.factor = decayFactor }
    settings.schedule.interval = decayEpochs
    settings.averageDecay = ema
    settings.clipNorm = clipNorm
    settings.patience = patience
  }
}
