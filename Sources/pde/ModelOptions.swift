internal import ArgumentParser
import NeuralOperators

/// The models that can be trained.
enum ModelName: String, ExpressibleByArgument, CaseIterable {
  case fno
  case injectedFNO = "fno++"
  case weightTied = "fno-wt"
  case equilibrium = "fno-deq"
}

/// Padding as typed: `9` points, or `10%` of the domain.
struct PaddingArgument: ExpressibleByArgument {
  /// Far above what is useful; keeps the padded grid within 64 bits.
  private static let mostPoints = 100_000

  let padding: DomainPadding

  init?(argument: String) {
    if argument.hasSuffix("%"), let percent = Double(argument.dropLast()) {
      padding = .fraction(percent / 100)
    } else if let points = Int(argument), points <= Self.mostPoints {
      padding = .points(points)
    } else {
      return nil
    }
  }
}

/// The shape of a model.
struct ModelOptions: ParsableArguments {
  @Option(help: "Channels of the state. (default: 32)")
  var width: Int?

  @Option(help: "Fourier modes kept on each axis. (default: 12)")
  var modes: Int?

  @Option(help: "Blocks of fno and fno++. (default: 1)")
  var blocks: Int?

  @Option(
    help: """
      Applications of the block: of fno-wt (default: 12), or exactly so many evaluations for fno-deq instead of its \
      tolerance.
      """)
  var iterations: Int?

  @Option(help: ArgumentHelp("Extension of the domain: points, or a percentage. (default: 10%)", valueName: "n|p%"))
  var padding: PaddingArgument?

  @Option(help: "Normalisation inside the layers, for any model.")
  var norm: LayerNormalization = .none

  @Option(help: "Start of the spectral weights; positive as published. (default: centered)")
  var initialization: SpectralInitialization?

  func validate() throws { try OptionRange.iterations.check("--iterations", iterations) }

  /// The configuration for a model; what was not given keeps its default.
  func configuration(_ name: ModelName) throws -> OperatorConfiguration {
    var result = OperatorConfiguration(architecture: try architecture(name))
    if let width { result.width = width }
    if let modes { result.modes = [modes, modes] }
    if let padding { result.padding = padding.padding }
    if let initialization { result.initialization = initialization }
    result.normalization = norm
    return result
  }

  private func architecture(_ name: ModelName) throws -> Architecture {
    if blocks != nil, name == .weightTied || name == .equilibrium {
      throw ValidationError("--blocks is for fno and fno++; \(name.rawValue) has one block.")
    }
    if iterations != nil, name == .fno || name == .injectedFNO {
      throw ValidationError("--iterations is for fno-wt and fno-deq; \(name.rawValue) applies each block once.")
    }
    return switch name {
    case .fno: .fno(blocks: blocks ?? 1)
    case .injectedFNO: .injectedFNO(blocks: blocks ?? 1)
    case .weightTied: .weightTied(iterations: iterations ?? 12)
    case .equilibrium: .equilibrium
    }
  }
}

/// The kinds of gradient of an equilibrium.
enum AdjointName: String, ExpressibleByArgument, CaseIterable {
  case implicit, phantom, unrolled
}

/// How an equilibrium is found and differentiated.
struct EquilibriumOptions: ParsableArguments {
  @Option(help: "Fixed-point method. (default: anderson)")
  var solver: SolverKind?

  @Option(help: "Earlier iterates that anderson or broyden keep. (default: 5)")
  var memory: Int?

  @Option(help: "Residual a state must reach, relative to the state. (default: 1e-3)")
  var tolerance: Double?

  @Option(help: "Most evaluations of the block for a sample. (default: 32)")
  var maxEvaluations: Int?

  func validate() throws {
    try OptionRange(1...1000).check("--memory", memory)
    try OptionRange.iterations.check("--max-evaluations", maxEvaluations)
    try OptionRange.checkPositive("--tolerance", tolerance)
  }

  /// Whether an option was given that only means something where the solve stops at a tolerance.
  var stopsAtTolerance: Bool { tolerance != nil || maxEvaluations != nil }

  /// The settings with what was given here; a number of evaluations set for training yields to a tolerance or a limit.
  func apply(to settings: inout EquilibriumSettings) {
    if let solver { settings.solver = solver }
    if let memory { settings.memory = memory }
    if stopsAtTolerance { settings.exactEvaluations = nil }
    if let tolerance { settings.tolerance = tolerance }
    if let maxEvaluations { settings.evaluationLimit = maxEvaluations }
  }
}

/// How gradients through an equilibrium are formed.
struct AdjointOptions: ParsableArguments {
  @Option(help: "Gradient of the equilibrium. (default: phantom)")
  var adjoint: AdjointName?

  @Option(help: "Damped steps of the phantom gradient. (default: 1)")
  var phantomSteps: Int?

  @Option(help: "Their damping, 0 < d <= 1. (default: 0.5)")
  var phantomDamping: Double?

  @Option(help: "Steps of the unrolled gradient. (default: 12)")
  var unrolledSteps: Int?

  @Option(help: "Residual the implicit adjoint must reach, relative. (default: 1e-3)")
  var adjointTolerance: Double?

  func validate() throws {
    try OptionRange.iterations.check("--phantom-steps", phantomSteps)
    try OptionRange.iterations.check("--unrolled-steps", unrolledSteps)
    if let phantomDamping, !(phantomDamping > 0 && phantomDamping <= 1) {
      throw ValidationError("--phantom-damping must be above 0 and at most 1, found \(phantomDamping).")
    }
    try OptionRange.checkPositive("--adjoint-tolerance", adjointTolerance)
  }

  /// The settings with what was given here.
  func apply(to settings: inout EquilibriumSettings) {
    let (steps, damping) = (phantomSteps ?? 1, phantomDamping ?? 0.5)
    switch adjoint {
    case .implicit: settings.adjoint = .implicit
    case .unrolled: settings.adjoint = .unrolled(steps: unrolledSteps ?? 12)
    case .phantom: settings.adjoint = .phantom(steps: steps, damping: damping)
    case nil where phantomSteps != nil || phantomDamping != nil:
      settings.adjoint = .phantom(steps: steps, damping: damping)
    case nil: break
    }
    if let adjointTolerance { settings.adjointTolerance = adjointTolerance }
  }
}
