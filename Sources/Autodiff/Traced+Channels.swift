public import Tensors

/// What follows an affine map of channels.
public enum Activation: Sendable {
  case identity
  /// `x·Φ(x)`, exact form.
  case gelu
}

/// Pointwise maps of channels: the 1×1 convolutions of a neural operator.
extension Traced {
  /// `activation(Σ_j W_j·x_j + bias + addend)` at every point, in one pass over the data.
  ///
  /// - Parameters:
  ///   - terms: inputs x_j of shape (sample, in_j, spatial …) with weights W_j of shape (out, in_j).
  ///   - bias: of shape (out).
  ///   - addend: of shape (sample, out, spatial …); an injection or a skip connection.
  ///   - activation: applied to the sum.
  /// - Returns: shape (sample, out, spatial …).
  ///
  /// Cost: `2·out·Σ in_j` operations a point. The derivative of the activation is kept for the pullback only if something
  /// is recorded.
  public static func channelMap(
    _ terms: [(input: Traced, weight: Traced)], bias: Traced, addend: Traced? = nil,
    activation: Activation = .identity
  ) -> Traced {
    let inputs = terms.flatMap { [$0.input, $0.weight] } + [bias] + (addend.map { [$0] } ?? [])
    let map = ChannelMap(
      terms.map { ($0.input.value, $0.weight.value) }, bias: bias.value, addends: addend.map { [$0.value] } ?? [])
    let (result, slope) = Profiler.measure("channel map") {
      map.apply(gelu: activation == .gelu, keepingSlope: inputs.contains { $0.isRecorded })
    }
    let count = terms.count
    return recorded(result, from: inputs) { cotangent, wanted in
      // The cotangent of an addend is the cotangent before the activation; without one it never exists as a whole.
      let wantsAddend = wanted.count > 2 * count + 1 && wanted[2 * count + 1]
      let inner = wantsAddend ? slope.map { $0 * cotangent } ?? cotangent : nil
      let bars = Profiler.measure("pullback of a channel map") {
        map.pullback(
          inner ?? cotangent, slope: inner == nil ? slope : nil,
          wanted: (
            inputs: (0..<count).map { wanted[2 * $0] }, weights: (0..<count).contains { wanted[2 * $0 + 1] },
            bias: wanted[2 * count]
          ))
      }
      return zip(bars.inputs, bars.weights).flatMap { [$0, $1] } + [bars.bias, inner]
    }
  }

  /// `W·x + bias` at every point: a pointwise linear layer.
  public func channelMap(weight: Traced, bias: Traced, activation: Activation = .identity) -> Traced {
    Self.channelMap([(self, weight)], bias: bias, activation: activation)
  }

  /// `V·gelu(W·x + b) + d` at every point, the hidden channels computed again on the way back instead of kept.
  ///
  /// - Parameter parameters: W of shape (hidden, in), b of (hidden), V of (out, hidden), d of (out).
  public func hiddenChannelMap(parameters: [Traced]) -> Traced {
    let map = HiddenChannelMap(value, parameters: parameters.map(\.value))
    let result = Profiler.measure("hidden channel map") { map.apply() }
    return Self.recorded(result, from: [self] + parameters) { cotangent, wanted in
      Profiler.measure("pullback of a hidden channel map") { map.pullback(cotangent, wanted: wanted) }
    }
  }
}
