public import Tensors

/// The values of one variable for the samples of one `append`.
public struct SampleColumn: Sendable {
  enum Values: Sendable {
    case single(Tensor<Float>)
    case double(Tensor<Double>)
    case integers([Int])
    case reals([Double])
    case traces([[Double]])
  }

  /// The variable's name.
  public let name: String
  let values: Values

  /// The values of a field in single precision; nil for other variables.
  public var field: Tensor<Float>? {
    switch values {
    case .single(let values): values
    case .double(let values): Tensor<Float>(converting: values)
    case .integers, .reals, .traces: nil
    }
  }

  /// The values of whole numbers, one a sample; nil for other variables.
  public var integers: [Int]? {
    if case .integers(let values) = values { values } else { nil }
  }

  /// The values of real numbers, one a sample; nil for other variables.
  public var reals: [Double]? {
    if case .reals(let values) = values { values } else { nil }
  }

  /// A field, [samples, y, x]; axes of length 1 between the first and the last two are allowed.
  public static func field(_ name: String, _ values: Tensor<Float>) -> SampleColumn {
    SampleColumn(name: name, values: .single(values))
  }

  /// A field, [samples, y, x]; axes of length 1 between the first and the last two are allowed.
  public static func field(_ name: String, _ values: Tensor<Double>) -> SampleColumn {
    SampleColumn(name: name, values: .double(values))
  }

  /// One integer a sample.
  public static func integers(_ name: String, _ values: [Int]) -> SampleColumn {
    SampleColumn(name: name, values: .integers(values))
  }

  /// One real number a sample; NaN where there is none.
  public static func reals(_ name: String, _ values: [Double]) -> SampleColumn {
    SampleColumn(name: name, values: .reals(values))
  }

  /// How the solver ended, for the variable `solver_outcome`.
  public static func outcomes(_ values: [SampleOutcome]) -> SampleColumn {
    .integers(SampleVariable.solverOutcome.name, values.map(\.rawValue))
  }

  /// One history a sample, each at most as long as the variable allows.
  public static func traces(_ name: String, _ values: [[Double]]) -> SampleColumn {
    SampleColumn(name: name, values: .traces(values))
  }
}
