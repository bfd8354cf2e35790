public import DatasetIO
import NeuralOperators
public import Training
import Tensors

/// How a model does on samples it has not seen, beside the prediction that knows nothing of its input.
public struct EvaluationReport: Codable, Sendable {
  /// A statistic over samples.
  public struct Distribution: Codable, Sendable {
    /// The mean.
    public let mean: Double
    /// The middle value.
    public let median: Double
    /// The smallest value that 95 % of the samples do not exceed.
    public let p95: Double
    /// The largest value.
    public let max: Double

    /// The statistics of at least one number.
    public init(_ values: [Double]) {
      let sorted = values.sorted()
      func quantile(_ q: Double) -> Double { sorted[Swift.max(0, Int((q * Double(sorted.count)).rounded(.up)) - 1)] }
      mean = values.reduce(0, +) / Double(values.count)
      median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      p95 = quantile(0.95)
      max = sorted[sorted.count - 1]
    }
  }

  /// The model's name.
  public let model: String
  /// Samples evaluated.
  public let samples: Int
  /// Which part of the file they are.
  public let part: SplitPart
  /// Relative L² error of the predictions.
  public let relativeL2: Distribution
  /// Largest pointwise error over all samples, in the units of the output.
  public let maximumError: Double
  /// Relative L² error of the mean training target as the prediction; of the mean of these samples' targets for imported
  /// weights.
  public let meanFieldRelativeL2: Distribution
  /// Estimated relative L² error of the labels themselves, where the file has it.
  public let labelError: Double?
  /// Mean evaluations of the equilibrium's block; nil for other models.
  public let evaluations: Double?
  /// Samples whose equilibrium did not reach the tolerance.
  public let unconverged: Int
  /// Wall-clock seconds a sample, in batches.
  public let secondsPerSample: Double
  /// More measures of each output, where they were asked for.
  public let metrics: [FieldMetrics]?

  /// Evaluates a checkpoint on a file.
  ///
  /// - Parameters:
  ///   - checkpoint: the model.
  ///   - file: inputs and answers.
  ///   - part: of the file the model was trained on; any other file is used whole.
  ///   - metrics: whether every output gets its ``FieldMetrics``.
  ///   - adjust: last changes to how equilibria are found.
  ///   - progress: called with the number of samples done and their total.
  public init(
    _ checkpoint: Checkpoint, on file: FieldFile, part: SplitPart, metrics: Bool = false,
    adjusting adjust: (inout Predictor) throws -> Void = { _ in }, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let data = checkpoint.data
    try data.check(file, needsOutputs: true)
    let known = try data.positions(of: part, in: file)
    let positions = try known ?? file.convergedSamples()
    guard !positions.isEmpty else { throw DataMismatch.noSamples(path: file.path) }
    let pairs = try FieldPairs(reading: file, data.map, samples: positions)
    var predictor = try checkpoint.predictor()
    try adjust(&predictor)
    let axes = metrics ? try file.axes() : nil
    var sums = try axes.map { axes in try data.map.outputs.map { try FieldMetricsSum($0, on: axes) } }
    let observe = { (prediction: Tensor<Float>, target: Tensor<Float>) in
      for channel in (sums ?? []).indices {
        let part = channel..<channel + 1
        sums?[channel].add(prediction.channels(part), target.channels(part))
      }
    }
    let evaluation = try predictor.evaluate(
      pairs, batch: checkpoint.settings.batch, observing: metrics ? observe : nil
    ) { progress($0, positions.count) }
    let mean = checkpoint.meanTarget ?? pairs.targets.summingSamples().scaled(by: 1 / Float(pairs.count))
    let baseline = (0..<pairs.count).map { row in
      SampleError(mean, pairs.targets.gathering(samples: row..<row + 1).reshaped(to: mean.shape))
    }
    model = checkpoint.settings.model.architecture.name
    samples = pairs.count
    self.part = known == nil ? .all : part
    relativeL2 = Distribution(evaluation.errors.map(\.relativeL2))
    maximumError = evaluation.errors.map(\.maximum).max() ?? 0
    meanFieldRelativeL2 = Distribution(baseline.map(\.relativeL2))
    labelError = try Self.labelError(file, positions)
    let evaluations = evaluation.statistics.reduce(0) { $0 + $1.evaluations }
    self.evaluations = evaluation.statistics.isEmpty ? nil : Double(evaluations) / Double(pairs.count)
    unconverged = evaluation.unconverged
    secondsPerSample = evaluation.seconds / Double(pairs.count)
    self.metrics = sums.map { $0.map(\.result) }
  }

  /// The mean label error over samples that have one.
  static func labelError(_ file: FieldFile, _ positions: [Int]) throws -> Double? {
    guard file.has(SampleVariable.labelError.name) else { return nil }
    let all = try file.reals(SampleVariable.labelError.name)
    let known = positions.map { all[$0] }.filter(\.isFinite)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }
}
