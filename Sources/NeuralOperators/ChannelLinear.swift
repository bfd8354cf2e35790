public import Autodiff
public import Tensors

/// An affine map of channels at every point: a 1×1 convolution with bias.
public struct ChannelLinear<Value> {
  /// Of shape (out, in).
  public let weight: Value
  /// Of shape (out).
  public let bias: Value

  /// The same layer with each parameter replaced by `transform(name, parameter)`.
  public func mapParameters<Other>(
    _ path: String, _ transform: (String, Value) throws -> Other
  ) rethrows -> ChannelLinear<Other> {
    ChannelLinear<Other>(
      weight: try transform(path + ".weight", weight), bias: try transform(path + ".bias", bias))
  }

  /// - Parameters:
  ///   - field: of shape (sample, in, spatial …).
  ///   - activation: applied to the result.
  public func callAsFunction<Scalar: TensorScalar>(
    _ field: Traced<Scalar>, activation: Activation = .identity
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    field.channelMap(weight: weight, bias: bias, activation: activation)
  }
}

/// Two affine maps of channels with a GELU between them.
public struct ChannelMLP<Value> {
  /// Before the GELU.
  public let hidden: ChannelLinear<Value>
  /// After it.
  public let output: ChannelLinear<Value>

  /// The same layers with each parameter replaced by `transform(name, parameter)`.
  public func mapParameters<Other>(
    _ path: String, _ transform: (String, Value) throws -> Other
  ) rethrows -> ChannelMLP<Other> {
    ChannelMLP<Other>(
      hidden: try hidden.mapParameters(path + ".hidden", transform),
      output: try output.mapParameters(path + ".output", transform))
  }

  /// - Parameter field: of shape (sample, in, spatial …).
  public func callAsFunction<Scalar: TensorScalar>(
    _ field: Traced<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    field.hiddenChannelMap(parameters: [hidden.weight, hidden.bias, output.weight, output.bias])
  }
}

extension ChannelLinear: Sendable where Value: Sendable {}

extension ChannelMLP: Sendable where Value: Sendable {}
