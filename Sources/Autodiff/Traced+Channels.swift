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
  /// - Returns: shape (sample, out, spatial …).
  ///
  /// Cost: `2·out·Σ in_j` operations a point. The state before the activation is kept for the pullback only if something
  /// is recorded.
  public static func channelMap(
    _ terms: [(input: Traced, weight: Traced)], bias: Traced, addend: Traced? = nil,
    activation: Activation = .identity
  ) -> Traced {
    precondition(!terms.isEmpty, "a channel map needs at least one term")
    let inputs = terms.flatMap { [$0.input, $0.weight] } + [bias] + (addend.map { [$0] } ?? [])
    let map = ChannelMap(
      terms: terms.map { ($0.input.value, $0.weight.value) }, bias: bias.value, addend: addend?.value)
    let keepsState = inputs.contains { $0.isRecorded } && activation == .gelu
    let (result, state) = map.apply(activation, keepingState: keepsState)
    return recorded(result, from: inputs) { cotangent, wanted in
      let inner = state.map { $0.zipped(with: cotangent, Scalar.kernels.geluPullback) } ?? cotangent
      return map.pullback(inner, wanted)
    }
  }

  /// `W·x + bias` at every point: a pointwise linear layer.
  public func channelMap(weight: Traced, bias: Traced, activation: Activation = .identity) -> Traced {
    Self.channelMap([(self, weight)], bias: bias, activation: activation)
  }
}

/// The affine part of a channel map, forward and transposed, cut into pieces of samples and points.
struct ChannelMap<Scalar: TensorScalar>: Sendable {
  let terms: [(input: Tensor<Scalar>, weight: Tensor<Scalar>)]
  let bias: Tensor<Scalar>
  let addend: Tensor<Scalar>?
  let samples: Int
  let points: Int
  let outputs: Int

  /// Points a piece covers: its rows of all channels stay in the second-level cache.
  static var block: Int { 512 }

  init(terms: [(input: Tensor<Scalar>, weight: Tensor<Scalar>)], bias: Tensor<Scalar>, addend: Tensor<Scalar>?) {
    self.terms = terms
    self.bias = bias
    self.addend = addend
    samples = terms[0].input.shape[0]
    points = terms[0].input.shape.dropFirst(2).reduce(1, *)
    outputs = bias.count
    for (input, weight) in terms {
      precondition(
        weight.shape == [outputs, input.shape[1]] && input.shape[0] == samples
          && input.shape.dropFirst(2) == terms[0].input.shape.dropFirst(2),
        "channel map of \(input.shape) with weights \(weight.shape) and bias \(bias.shape)")
    }
    if let addend {
      precondition(addend.shape == outputShape, "addend of shape \(addend.shape); expected \(outputShape)")
    }
  }

  var outputShape: [Int] { [samples, outputs] + terms[0].input.shape.dropFirst(2) }
  private var blocks: Int { (points + Self.block - 1) / Self.block }

  /// Runs `body(sample, first point, number of points)` over all pieces.
  private func forEachPiece(_ body: (Int, Int, Int) -> Void) {
    Parallel.forEach(samples * blocks) { piece in
      let start = piece % blocks * Self.block
      body(piece / blocks, start, min(Self.block, points - start))
    }
  }

  /// The activated result and, if asked for, the state before the activation.
  func apply(_ activation: Activation, keepingState: Bool) -> (result: Tensor<Scalar>, state: Tensor<Scalar>?) {
    var state = keepingState ? Tensor<Scalar>.zeros([0]) : nil
    let result = Tensor<Scalar>(shape: outputShape) { out in
      guard let result = out.baseAddress else { return }
      guard keepingState else { return fill(result, activated: activation == .gelu ? result : nil) }
      state = Tensor(shape: outputShape) { before in
        if let before = before.baseAddress { fill(before, activated: result) }
      }
    }
    return (result, state)
  }

  /// Writes the affine part to `out`, and its activation to `activated`, which may be `out` itself.
  private func fill(_ out: UnsafeMutablePointer<Scalar>, activated: UnsafeMutablePointer<Scalar>?) {
    let kernels = Scalar.kernels
    withPointers { inputs, weights, bias, addend in
      forEachPiece { sample, start, count in
        let rows = sample * outputs * points + start
        for channel in 0..<outputs {
          let row = rows + channel * points
          if let addend {
            kernels.affine(count, addend + row, 1, bias[channel], out + row)
          } else {
            kernels.fill(count, bias[channel], out + row)
          }
        }
        for (term, (x, w)) in zip(inputs, weights).enumerated() {
          let channels = terms[term].input.shape[1]
          kernels.gemm(
            outputs, count, channels, w, channels, 1, x + sample * channels * points + start, points, out + rows,
            points, true)
        }
        guard let activated else { return }
        for channel in 0..<outputs {
          let row = rows + channel * points
          kernels.gelu(count, out + row, activated + row)
        }
      }
    }
  }

  /// Cotangents of (x_1, W_1, x_2, W_2, …, bias, addend).
  func pullback(_ cotangent: Tensor<Scalar>, _ wanted: [Bool]) -> [Tensor<Scalar>?] {
    var result: [Tensor<Scalar>?] = []
    for (index, term) in terms.enumerated() {
      result.append(wanted[2 * index] ? inputCotangent(cotangent, term.weight, term.input.shape) : nil)
      result.append(wanted[2 * index + 1] ? weightCotangent(cotangent, term.input) : nil)
    }
    result.append(wanted[2 * terms.count] ? biasCotangent(cotangent) : nil)
    if addend != nil { result.append(wanted[2 * terms.count + 1] ? cotangent : nil) }
    return result
  }

  /// `Wᵀ·c` at every point.
  private func inputCotangent(_ cotangent: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ shape: [Int]) -> Tensor<Scalar> {
    let channels = shape[1]
    return Tensor(shape: shape) { out in
      cotangent.withUnsafeBuffer { input in
        weight.withUnsafeBuffer { weight in
          guard let c = input.baseAddress, let w = weight.baseAddress, let y = out.baseAddress else { return }
          forEachPiece { sample, start, count in
            Scalar.kernels.gemm(
              channels, count, outputs, w, 1, channels, c + sample * outputs * points + start, points,
              y + sample * channels * points + start, points, false)
          }
        }
      }
    }
  }

  /// `Σ c·xᵀ` over all points; one partial sum a sample, added in order.
  private func weightCotangent(_ cotangent: Tensor<Scalar>, _ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let channels = input.shape[1]
    let partial = Tensor<Scalar>(shape: [samples, outputs * channels]) { out in
      cotangent.withUnsafeBuffer { cotangent in
        input.withUnsafeBuffer { input in
          guard let c = cotangent.baseAddress, let x = input.baseAddress, let y = out.baseAddress else { return }
          Parallel.forEach(samples) { sample in
            Scalar.kernels.gemmNT(
              outputs, channels, points, c + sample * outputs * points, points, x + sample * channels * points, points,
              y + sample * outputs * channels, channels, false)
          }
        }
      }
    }
    return partial.summingSamples().reshaped(to: [outputs, channels])
  }

  /// `Σ c` over samples and points.
  private func biasCotangent(_ cotangent: Tensor<Scalar>) -> Tensor<Scalar> {
    let partial = Tensor<Scalar>(shape: [samples, outputs]) { out in
      cotangent.withUnsafeBuffer { input in
        guard let c = input.baseAddress else { return }
        Parallel.forEach(samples) { sample in
          for channel in 0..<outputs {
            out[sample * outputs + channel] = Scalar(
              Scalar.kernels.sum(points, c + (sample * outputs + channel) * points))
          }
        }
      }
    }
    return partial.summingSamples()
  }

  private typealias Pointer = UnsafePointer<Scalar>

  /// Pointers to all operands, valid inside `body`; `self` keeps their tensors alive.
  private func withPointers(_ body: ([Pointer], [Pointer], Pointer, Pointer?) -> Void) {
    withExtendedLifetime(self) {
      let inputs = terms.compactMap { $0.input.withUnsafeBuffer { $0.baseAddress } }
      let weights = terms.compactMap { $0.weight.withUnsafeBuffer { $0.baseAddress } }
      guard let bias = bias.withUnsafeBuffer({ $0.baseAddress }) else { return }
      body(inputs, weights, bias, addend?.withUnsafeBuffer { $0.baseAddress })
    }
  }
}

extension Tensor {
  /// The sum over the leading axis, added in order.
  public func summingSamples() -> Tensor {
    let (samples, stride) = (samples, sampleStride)
    return Tensor(shape: Array(shape.dropFirst())) { out in
      withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        Scalar.kernels.fill(stride, 0, y)
        for sample in 0..<samples { Scalar.kernels.axpby(stride, 1, x + sample * stride, 1, y) }
      }
    }
  }
}
