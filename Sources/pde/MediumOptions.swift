internal import ArgumentParser
import Problems
import Spectral

/// The kinds of random media.
enum MediumName: String, ExpressibleByArgument, CaseIterable {
  case threshold, lognormal, discs, channels, layers
}

/// Two numbers, as `12,3`.
struct ValuePair: ExpressibleByArgument, CustomStringConvertible {
  let first: Double
  let second: Double

  init(_ first: Double, _ second: Double) {
    self.first = first
    self.second = second
  }

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let first = numbers[0], let second = numbers[1] else { return nil }
    self.init(first, second)
  }

  var description: String { "\(first.formatted()),\(second.formatted())" }
  var defaultValueDescription: String { description }
}

/// The random media of Darcy problems.
struct MediumOptions: ParsableArguments {
  @Option(
    help: """
      threshold: two values by the sign of a Gaussian field; lognormal: its exponential; discs and channels: random \
      inclusions; layers: random layers.
      """) var medium: MediumName = .threshold
  @Option(
    help: ArgumentHelp(
      "Permeabilities: of threshold high,low; of discs and channels inside,outside; of layers least,greatest.",
      valueName: "a,b")) var values = ValuePair(12, 3)
  @Option(help: "Smoothness of the Gaussian field: power of the inverse operator.") var alpha = 2.0
  @Option(help: "Inverse correlation length of the Gaussian field.") var tau = 3.0
  @Option(
    help: ArgumentHelp(
      "Matern covariance instead of --alpha and --tau: smoothness and correlation length.", valueName: "nu,l"))
  var matern: ValuePair?
  @Option(
    help: ArgumentHelp(
      "Mean and standard deviation of log a, of lognormal.", valueName: "mean,sd")) var log = ValuePair(0, 1)
  @Option(help: "Discs, channels or layers.") var count = 8
  @Option(
    help: ArgumentHelp(
      "Least and greatest radius of discs or width of channels. (default: 0.05,0.15)", valueName: "a,b"))
  var size = ValuePair(0.05, 0.15)
  @Option(help: "Axis along which layers follow one another.") var axis: DarcyFamily.Axis = .y

  func validate() throws {
    for (name, pair) in [("--size", size)] where !(pair.first <= pair.second) {
      throw ValidationError("\(name) must be least,greatest, found \(pair).")
    }
    if medium == .layers, !(values.first <= values.second) {
      throw ValidationError("--values of layers must be least,greatest, found \(values); try --values 1,100.")
    }
    do { try family().validate() } catch let error as MediumError { throw ValidationError("\(error).") }
  }

  /// The media that the options name.
  func family() throws -> DarcyFamily {
    try OptionRange.checkPositive("--alpha", alpha)
    try OptionRange.checkPositive("--tau", tau)
    var law = GaussianLaw(alpha: alpha, tau: tau)
    if let matern {
      try OptionRange.checkPositive("smoothness of --matern", matern.first)
      try OptionRange.checkPositive("length of --matern", matern.second)
      law = .matern(smoothness: matern.first, length: matern.second)
    }
    let kind: DarcyFamily.Medium =
      switch medium {
      case .threshold: .threshold(high: values.first, low: values.second)
      case .lognormal: .logNormal(mean: log.first, standardDeviation: log.second)
      case .discs:
        .discs(count: count, radius: size.first...size.second, inside: values.first, outside: values.second)
      case .channels:
        .channels(count: count, width: size.first...size.second, inside: values.first, outside: values.second)
      case .layers: .layers(count: count, along: axis, values: values.first...values.second)
      }
    return DarcyFamily(law: law, medium: kind)
  }
}

/// The source of elliptic problems.
struct SourceOptions: ParsableArguments {
  @Option(help: "Source f: a number, or gaussian for a random field of unit variance.") var source: SourceArgument?
  @Option(
    help: ArgumentHelp("Smoothness and correlation length of a Gaussian source. (default: 2,0.25)", valueName: "nu,l"))
  var sourceMatern = ValuePair(2, 0.25)
  @Option(help: "Standard deviation of a Gaussian source.") var sourceAmplitude = 1.0

  func validate() throws {
    try OptionRange.checkPositive("smoothness of --source-matern", sourceMatern.first)
    try OptionRange.checkPositive("length of --source-matern", sourceMatern.second)
    try OptionRange.checkPositive("--source-amplitude", sourceAmplitude)
  }

  /// The source that the options name, or `standard` without any.
  func family(else standard: SourceFamily) -> SourceFamily {
    switch source {
    case .constant(let value): .constant(value)
    case .gaussian:
      .gaussian(
        law: .matern(smoothness: sourceMatern.first, length: sourceMatern.second), amplitude: sourceAmplitude)
    case nil: standard
    }
  }
}

/// A number, or `gaussian`.
enum SourceArgument: ExpressibleByArgument {
  case constant(Double)
  case gaussian

  init?(argument: String) {
    if argument == "gaussian" {
      self = .gaussian
    } else if let value = Double(argument), value.isFinite {
      self = .constant(value)
    } else {
      return nil
    }
  }
}
