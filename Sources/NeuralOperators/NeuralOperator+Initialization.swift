public import Tensors

extension NeuralOperator {
  /// A model with random parameters, each from its own stream, so that a change of one size leaves the others alone.
  ///
  /// Spectral weights as `SpectralInitialization` says; affine maps uniform on ±1/√in for weights and biases (the default
  /// of the published code's framework).
  public init<Scalar: TensorScalar>(
    _ configuration: OperatorConfiguration, seed: UInt64
  ) throws where Value == Tensor<Scalar> {
    self.init(try ParameterBuilder(configuration, seed: seed))
  }

  /// A model whose parameters are all zero: the shapes and names of a configuration, to be filled from a file.
  public init<Scalar: TensorScalar>(
    zeros configuration: OperatorConfiguration
  ) throws where Value == Tensor<Scalar> {
    self.init(try ParameterBuilder(configuration, seed: nil))
  }

  private init<Scalar: TensorScalar>(_ builder: ParameterBuilder<Scalar>) where Value == Tensor<Scalar> {
    var builder = builder
    let configuration = builder.configuration
    let width = configuration.width
    self.configuration = configuration
    lifting = builder.linear(from: configuration.inputChannels + configuration.modes.count, to: width)
    blocks = (0..<configuration.architecture.blocks).map { _ in
      FourierBlock(layers: (0..<configuration.layersPerBlock).map { _ in builder.layer() })
    }
    head = builder.layer()
    projection = ChannelMLP(
      hidden: builder.linear(from: width, to: configuration.projectionWidth),
      output: builder.linear(from: configuration.projectionWidth, to: configuration.outputChannels))
  }
}

/// Draws parameters one after the other.
private struct ParameterBuilder<Scalar: TensorScalar> {
  /// Without a seed all parameters are zero.
  let seed: UInt64?
  let configuration: OperatorConfiguration
  private var drawn = 0

  init(_ configuration: OperatorConfiguration, seed: UInt64?) throws {
    try configuration.validate()
    self.seed = seed
    self.configuration = configuration
  }

  private mutating func uniform(_ shape: [Int], in range: Range<Scalar>) -> Tensor<Scalar> {
    guard let seed else { return .zeros(shape) }
    drawn += 1
    return .uniform(shape, in: range, from: RandomStream(seed: seed, purpose: .initialization, sample: drawn))
  }

  mutating func linear(from inputs: Int, to outputs: Int) -> ChannelLinear<Tensor<Scalar>> {
    let bound = 1 / Scalar.sqrt(Scalar(inputs))
    return ChannelLinear(
      weight: uniform([outputs, inputs], in: -bound..<bound), bias: uniform([outputs], in: -bound..<bound))
  }

  mutating func layer() -> FourierLayer<Tensor<Scalar>> {
    let width = configuration.width
    let kept = configuration.modes.dropLast().reduce(1) { $0 * 2 * $1 } * (configuration.modes.last ?? 1)
    let bound = 1 / Scalar(width * width)
    let range = configuration.initialization == .centered ? -bound..<bound : 0..<bound
    return FourierLayer(
      spectral: SpectralConv(weight: uniform([width, width, 2, kept], in: range)),
      mlp: configuration.hasChannelMLP
        ? ChannelMLP(hidden: linear(from: width, to: width), output: linear(from: width, to: width)) : nil,
      skip: linear(from: width, to: width),
      normalization: configuration.normalization)
  }
}
