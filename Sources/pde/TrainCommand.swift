internal import ArgumentParser
import DatasetIO
import Foundation
import Generation
import NeuralOperators
import Training

/// Ready-made settings.
enum Preset: String, ExpressibleByArgument, CaseIterable {
  /// The published experiment: 85 × 85, 1024 training and 500 test samples, 500 epochs.
  case paper
}

/// `pde train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a neural operator.",
    discussion: """
      Without --data, uses darcy.nc in this folder, and makes it first if it is not there. Writes a folder with
      config.json, log.csv, log.jsonl, events for TensorBoard, last.safetensors, previous.safetensors and
      best.safetensors. SIGINT saves a checkpoint and exits 75; --resume continues it to the same bits as an unbroken
      run, from the previous checkpoint where the last one cannot be read.

        pde train fno-deq --noise 0.1
        pde train fno --blocks 4 --lr 2e-3 -o runs/fno4
        pde train fno --schedule plateau --warm-up-steps 100 --ema 0.999 --clip-norm 10 --patience 40
        pde train fno --config run.toml --set epochs=50
        pde train fno-deq --solver broyden --adjoint implicit --tolerance 1e-4
      """)

  @Argument(help: "The model.")
  var model: ModelName

  @Option(help: "Fields to learn from.")
  var data: String?

  @Option(name: .shortAndLong, help: "Folder of the run. (default: runs/MODEL)")
  var output: String?

  // Takes whatever follows as the value, so that a negative number is refused as one and not taken for an option.
  @Option(parsing: .unconditional, help: "Noise on the training data: standard deviation relative to the field's own.")
  var noise: Double = 0

  @Option(help: "Fields that get the noise.")
  var noiseOn: NoiseTarget = .target

  @Option(help: "Spread of the noise over samples; paper-ramp as published.")
  var noiseLaw: NoiseLaw = .constant

  @Option(help: "Passes over the training set. (default: 100)")
  var epochs: Int?

  @Option(help: "Samples a step. (default: 16)")
  var batch: Int?

  @Option(name: .customLong("lr"), help: "The largest learning rate. (default: 4e-3)")
  var learningRate: Double?

  @Option(help: "Decides initialisation, split, order and noise.")
  var seed: UInt64 = 0

  @Option(help: "Variables to learn from, separated by commas. (default: those of the file's problem)")
  var inputs: NameList?

  @Option(help: "Variables to learn. (default: those of the file's problem)")
  var outputs: NameList?

  @Option(help: "Normalisation of the fields. (default: channel)")
  var normalizer: NormalizerKind?

  @Option(help: "Samples to train on. (default: all that are not set aside)")
  var trainSamples: Int?

  @Option(help: "Samples set aside to choose the best epoch. (default: 128, an eighth of smaller sets)")
  var validation: Int?

  @Option(help: "Samples set aside for the final test. (default: 128, an eighth of smaller sets)")
  var test: Int?

  // What these two hold has become options before the parser sees the line: `ConfiguredArguments`.
  @Option(help: "TOML file of settings, named as the options; --set and options win.")
  var config: String?

  @Option(help: ArgumentHelp("A setting, named as its option; options win.", valueName: "key=value"))
  var set: [String] = []

  @Option(help: "Ready-made settings; options given beside it win.")
  var preset: Preset?

  @Flag(
    help: """
      Begin the solve of a training sample where its last epoch left it; keeps the states of all samples in memory \
      and in the checkpoint.
      """)
  var warmStart = false

  @Flag(help: "Continue an interrupted run.")
  var resume = false

  @OptionGroup(title: "Optimisation") var optimization: OptimizationOptions
  @OptionGroup(title: "Model") var modelOptions: ModelOptions
  @OptionGroup(title: "Equilibrium") var equilibrium: EquilibriumOptions
  @OptionGroup(title: "Gradient of the equilibrium") var adjoint: AdjointOptions
  @OptionGroup var files: OutputOptions
  @OptionGroup var profiling: ProfileOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard noise >= 0, noise.isFinite else { throw ValidationError("--noise must be 0 or more, found \(noise).") }
    let counts = [
      ("--epochs", epochs), ("--batch", batch), ("--validation", validation), ("--train-samples", trainSamples),
    ]
    for (name, value) in counts { try OptionRange.counts.check(name, value) }
    try OptionRange.countsFromZero.check("--test", test)
    try OptionRange.checkPositive("--lr", learningRate)
    if warmStart, model != .equilibrium || adjoint.adjoint == .unrolled {
      throw ValidationError("--warm-start is for fno-deq with an implicit or phantom gradient: it begins solves.")
    }
    if modelOptions.iterations != nil, equilibrium.stopsAtTolerance {
      throw ValidationError(
        "--iterations asks for exactly so many evaluations; leave out --tolerance and --max-evaluations, or it.")
    }
  }

  func run() throws {
    shared.apply()
    Interrupt.listen()
    var settings = try settings()
    try settings.model.validate()
    let folder = RunFolder(output ?? "runs/\(model.rawValue)")
    if resume { try folder.checkFree() } else { try folder.checkVacant(replacing: files.force) }
    let path = try data ?? DefaultData.path(for: preset, shared)
    let file = try FieldFile.opening(path, note: { Terminal.note($0, quiet: shared.quiet) })
    var map = FieldMap(of: file)
    map.inputs = inputs?.names ?? map.inputs
    map.outputs = outputs?.names ?? map.outputs
    settings.model.adapt(to: map, of: file, keepingPadding: modelOptions.padding != nil)
    let loaded = try LoadedPairs(reading: file, map)
    if loaded.leftOut > 0 {
      Terminal.note(
        "\(loaded.leftOut) samples of \(path) are left out: their solver did not converge", quiet: shared.quiet)
    }
    let run = try TrainingRun(
      loaded, of: file, settings: settings, split: split(count: loaded.pairs.count),
      in: folder)
    try profiling.run {
      try TrainingReport(run, quiet: shared.quiet).run(resuming: resume, replacing: files.force)
    }
  }

  /// The settings: options, else the preset's, else the defaults.
  private func settings() throws -> TrainingSettings {
    var settings = TrainingSettings(model: try modelOptions.configuration(model))
    if preset == .paper { settings.applyPaperPreset(keeping: modelOptions) }
    if model == .equilibrium {
      settings.equilibrium.exactEvaluations = modelOptions.iterations ?? settings.equilibrium.exactEvaluations
    }
    settings.warmStart = warmStart
    equilibrium.apply(to: &settings.equilibrium)
    adjoint.apply(to: &settings.equilibrium)
    if let epochs { settings.epochs = epochs }
    if let batch { settings.batch = batch }
    if let learningRate { settings.learningRate = learningRate }
    optimization.apply(to: &settings)
    if let normalizer { settings.normalizer = normalizer }
    settings.noise = TrainingNoise(level: noise, target: noiseOn, law: noiseLaw)
    settings.seed = seed
    return settings
  }

  private func split(count: Int) throws -> DataSplit {
    let paper = preset == .paper
    return try DataSplit(
      count: count, train: trainSamples ?? (paper ? 1024 : nil), validation: validation ?? max(1, min(128, count / 8)),
      test: test ?? (paper ? 500 : min(128, count / 8)), seed: seed)
  }
}

/// Names separated by commas.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(names).count == names.count, !names.contains("") else { return nil }
  }
}

extension OperatorConfiguration {
  /// One channel a variable; on a periodic grid no padding, unless it was asked for, and coordinates that leave out the
  /// right end.
  fileprivate mutating func adapt(to map: FieldMap, of file: FieldFile, keepingPadding: Bool) {
    (inputChannels, outputChannels) = (map.inputs.count, map.outputs.count)
    // A file from elsewhere need not say how its points lie; then they are taken as they are.
    guard let axes = try? file.axes(), axes.x.kind == .periodic, axes.y.kind == .periodic else { return }
    coordinates = .periodic
    if !keepingPadding { padding = .points(0) }
  }
}

extension TrainingSettings {
  /// The settings of the published Darcy experiment (Marwah et al. 2023, their code), where options do not say otherwise.
  fileprivate mutating func applyPaperPreset(keeping options: ModelOptions) {
    epochs = 500
    batch = 32
    learningRate = 1e-3
    normalizer = .pixel
    warmUp = WarmUp(steps: 300, iterations: 8)
    equilibrium.exactEvaluations = 32
    if options.padding == nil { model.padding = .points(9) }
    if options.initialization == nil { model.initialization = .positive }
  }
}
