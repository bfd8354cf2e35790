import Autodiff
import Spectral
import Tensors

/// `σ(K v + W v + b + g)` and its pullback as one operation: the filtered field K v and its cotangent exist a few channels
/// of a sample at a time, between the inverse transform and the channel map, and never in memory as a whole.
///
/// Kept for the pullback: v, its kept modes and the slope of σ.
struct FusedFourierLayer<Scalar: TensorScalar> {
  let field: Traced<Scalar>
  let spectralWeight: Traced<Scalar>
  let skip: ChannelLinear<Traced<Scalar>>
  let injection: Traced<Scalar>?
  let activation: Activation
  let transform: FourierTransform<Scalar>

  func callAsFunction() -> Traced<Scalar> {
    let inputs = [field, spectralWeight, skip.weight, skip.bias] + (injection.map { [$0] } ?? [])
    let spectrum = Profiler.measure("Fourier transform") { transform.forward(field.value) }
    let mixed = Profiler.measure("mode product") { ModeMixing.product(spectrum.planes, spectralWeight.value) }
    let map = ChannelMap(
      [(field.value, skip.weight.value)], bias: skip.bias.value, addends: injection.map { [$0.value] } ?? [])
    let (result, slope) = Profiler.measure("inverse transform, channel map, activation") {
      map.apply(
        gelu: activation == .gelu, keepingSlope: inputs.contains { $0.isRecorded },
        adding: transform.synthesis(.inverse, ofPlanes: mixed))
    }
    let pullback = Pullback(
      map: map, spectrum: spectrum.planes, weight: spectralWeight.value, slope: slope, transform: transform)
    return Traced.recorded(result, from: inputs) { cotangent, wanted in pullback(cotangent, wanted) }
  }

  /// What is needed on the way back.
  private struct Pullback {
    let map: ChannelMap<Scalar>
    let spectrum: Tensor<Scalar>
    let weight: Tensor<Scalar>
    let slope: Tensor<Scalar>?
    let transform: FourierTransform<Scalar>

    /// Cotangents of the field, R, W, b and g.
    func callAsFunction(_ cotangent: Tensor<Scalar>, _ wanted: [Bool]) -> [Tensor<Scalar>?] {
      // The injection's cotangent is that before the activation; where it is not wanted, it exists piece by piece only.
      let wantsInjection = wanted.count > 4 && wanted[4]
      let inner = wantsInjection ? slope.map { $0 * cotangent } ?? cotangent : nil
      let (source, factor) = inner.map { ($0, nil) } ?? (cotangent, slope)
      let needsSpectral = wanted[0] || wanted[1]
      let outer = Profiler.measure("Fourier transform of a cotangent") {
        needsSpectral ? transform.analysis(.inverse, of: source, times: factor) : nil
      }
      let spectralWeight = Profiler.measure("mode product, weight gradient") {
        wanted[1] ? outer.map { ModeMixing.weightCotangent(spectrum, $0) } : nil
      }
      let field = Profiler.measure("mode product, transposed") {
        wanted[0] ? outer.map { ModeMixing.inputCotangent($0, weight) } : nil
      }
      let bars = Profiler.measure("pullback of transform and channel map") {
        map.pullback(
          source, slope: factor, wanted: (inputs: [wanted[0]], weights: wanted[2], bias: wanted[3]),
          onto: field.map { transform.synthesis(.unit, ofPlanes: $0) })
      }
      return [bars.inputs[0], spectralWeight, bars.weights[0], bars.bias, inner]
    }
  }
}

extension FourierTransform {
  /// The fields of planes (sample, channel, 2, mode), some channels of a sample at a time.
  fileprivate func synthesis(
    _ weights: ColumnWeights, ofPlanes planes: Tensor<Scalar>
  ) -> ChannelMap<Scalar>.Synthesis {
    let channels = planes.shape[1]
    return { sample, range, out in
      planes.withUnsafeBuffer { modes in
        guard let modes = modes.baseAddress else { return }
        withScratch(of: Scalar.self, count: scratchCount(fields: range.count)) { scratch in
          synthesis(
            weights, fields: range.count, from: modes + (sample * channels + range.lowerBound) * modeStride, to: out,
            scratch: scratch)
        }
      }
    }
  }

  /// The modes of `fields`, or of their product with `factor`, as planes (sample, channel, 2, mode).
  fileprivate func analysis(
    _ weights: ColumnWeights, of fields: Tensor<Scalar>, times factor: Tensor<Scalar>?
  ) -> Tensor<Scalar> {
    guard let factor else {
      return (weights == .inverse ? inverseAdjoint(fields) : forward(fields)).planes
    }
    let count = fields.shape[0] * fields.shape[1]
    // As many fields as stay in the second-level cache.
    let size = max(1, (1 << 16) / fieldStride)
    return Tensor(shape: [fields.shape[0], fields.shape[1], 2, band.count]) { out in
      fields.withUnsafeBuffer { fields in
        factor.withUnsafeBuffer { factor in
          guard let x = fields.baseAddress, let y = factor.baseAddress, let out = out.baseAddress else { return }
          Parallel.chunks(of: count, size: size) { range in
            let (elements, start) = (range.count * fieldStride, range.lowerBound * fieldStride)
            withScratch(of: Scalar.self, count: elements + scratchCount(fields: range.count)) { scratch in
              Scalar.kernels.multiply(elements, x + start, y + start, scratch)
              analysis(
                weights, fields: range.count, from: scratch, to: out + range.lowerBound * modeStride,
                scratch: scratch + elements)
            }
          }
        }
      }
    }
  }
}
