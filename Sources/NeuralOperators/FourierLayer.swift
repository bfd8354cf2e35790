public import Autodiff
public import Spectral
public import Tensors

/// Normalisation inside Fourier layers; one meaning for all models (the published code gave it to some of them only).
public enum LayerNormalization: String, Codable, Sendable, CaseIterable {
  case none
  /// Instance normalisation of the block's input and of each of the three terms of a layer.
  case instance
}

/// One Fourier layer: `σ(M(K v) + W v + g)`, with the spectral convolution K, the channel MLP M, the pointwise skip W and
/// the optional injection g inside the activation (Marwah et al. 2023, arXiv:2312.00234, as their code has it).
public struct FourierLayer<Value> {
  /// K.
  public let spectral: SpectralConv<Value>
  /// M; nil leaves K v as it is.
  public let mlp: ChannelMLP<Value>?
  /// W.
  public let skip: ChannelLinear<Value>
  /// Applied to K v, M(K v) and W v.
  public let normalization: LayerNormalization

  /// The same layer with each parameter replaced by `transform(name, parameter)`.
  public func mapParameters<Other>(
    _ path: String, _ transform: (String, Value) throws -> Other
  ) rethrows -> FourierLayer<Other> {
    FourierLayer<Other>(
      spectral: try spectral.mapParameters(path + ".spectral", transform),
      mlp: try mlp?.mapParameters(path + ".mlp", transform),
      skip: try skip.mapParameters(path + ".skip", transform),
      normalization: normalization)
  }

  /// - Parameters:
  ///   - field: v, of shape (sample, width, spatial …).
  ///   - injection: g, of the same shape.
  ///   - activation: σ.
  ///   - transform: truncated to the layer's modes, on the field's grid.
  public func callAsFunction<Scalar: TensorScalar>(
    _ field: Traced<Scalar>, injection: Traced<Scalar>? = nil, activation: Activation,
    _ transform: FourierTransform<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    switch normalization {
    case .none: fused(field, injection, activation, transform)
    case .instance: normalized(field, injection, activation, transform)
    }
  }

  /// The last map of M, the skip, the injection and the activation in one pass over the data.
  private func fused<Scalar>(
    _ field: Traced<Scalar>, _ injection: Traced<Scalar>?, _ activation: Activation,
    _ transform: FourierTransform<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    guard let mlp else {
      return FusedFourierLayer(
        field: field, spectralWeight: spectral.weight, skip: skip, injection: injection, activation: activation,
        transform: transform)()
    }
    let filtered = spectral(field, transform)
    let hidden = mlp.hidden(filtered, activation: .gelu)
    return .channelMap(
      [(hidden, mlp.output.weight), (field, skip.weight)], bias: mlp.output.bias + skip.bias, addend: injection,
      activation: activation)
  }

  private func normalized<Scalar>(
    _ field: Traced<Scalar>, _ injection: Traced<Scalar>?, _ activation: Activation,
    _ transform: FourierTransform<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    var filtered = spectral(field, transform).instanceNormalized()
    if let mlp { filtered = mlp(filtered).instanceNormalized() }
    let sum = filtered + skip(field).instanceNormalized()
    let state = injection.map { sum + $0 } ?? sum
    return activation == .gelu ? state.gelu() : state
  }
}

/// Fourier layers in series, each with its own weights and, if there is one, the same injection.
public struct FourierBlock<Value> {
  /// In order of application.
  public let layers: [FourierLayer<Value>]

  /// The same block with each parameter replaced by `transform(name, parameter)`.
  public func mapParameters<Other>(
    _ path: String, _ transform: (String, Value) throws -> Other
  ) rethrows -> FourierBlock<Other> {
    FourierBlock<Other>(
      layers: try layers.enumerated().map { try $1.mapParameters("\(path).layers.\($0)", transform) })
  }

  /// - Parameters:
  ///   - field: of shape (sample, width, spatial …).
  ///   - injection: added inside every layer's GELU.
  ///   - transform: between the grid and the modes of the layers.
  public func callAsFunction<Scalar: TensorScalar>(
    _ field: Traced<Scalar>, injection: Traced<Scalar>?, _ transform: FourierTransform<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    let normalizes = layers.first?.normalization == .instance
    return layers.reduce(normalizes ? field.instanceNormalized() : field) {
      $1($0, injection: injection, activation: .gelu, transform)
    }
  }
}

extension FourierLayer: Sendable where Value: Sendable {}

extension FourierBlock: Sendable where Value: Sendable {}
