public import Autodiff
public import Spectral
public import Tensors

/// A linear map of channels for every kept Fourier mode: `out_o(k) = Σ_i v_i(k)·R_{io}(k)`, all other modes zero.
///
/// Li et al. 2021 (arXiv:2010.08895, eq. 5), in any number of dimensions: the leading spatial axes keep `modes` modes of
/// either sign, the last one the first `modes` of the half spectrum. Forward transform without scaling, inverse with 1/N.
/// The weight has shape (in, out, 2, mode), real plane first: no complex numbers, so an optimiser needs no special case.
/// A complex weight counts as two real parameters.
public struct SpectralConv<Value> {
  /// R, of shape (in, out, 2, kept modes).
  public let weight: Value

  /// - Parameter weight: of shape (in, out, 2, kept modes).
  public init(weight: Value) { self.weight = weight }

  /// The same layer with its parameter replaced by `transform(name, parameter)`.
  public func mapParameters<Other>(
    _ path: String, _ transform: (String, Value) throws -> Other
  ) rethrows -> SpectralConv<Other> {
    SpectralConv<Other>(weight: try transform(path + ".weight", weight))
  }

  /// The map of the modes alone: planes (sample, in, 2, mode) to (sample, out, 2, mode).
  public static func mixed<Scalar: TensorScalar>(_ planes: Tensor<Scalar>, weight: Tensor<Scalar>) -> Tensor<Scalar>
  where Value == Tensor<Scalar> {
    ModeMixing.product(planes, weight)
  }

  /// - Parameters:
  ///   - field: of shape (sample, in, spatial …).
  ///   - transform: truncated to the layer's modes, on the field's grid.
  public func callAsFunction<Scalar: TensorScalar>(
    _ field: Traced<Scalar>, _ transform: FourierTransform<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    let spectrum = Profiler.measure("Fourier transform") { transform.forward(field.value).planes }
    let mixed = Profiler.measure("mode product") { ModeMixing.product(spectrum, weight.value) }
    let result = Profiler.measure("inverse transform") { transform.inverse(transform.spectrum(mixed)) }
    return Traced.recorded(result, from: [field, weight]) { [weight = weight.value] cotangent, wanted in
      Profiler.measure("pullback of a spectral convolution") {
        let outer = transform.inverseAdjoint(cotangent).planes
        return [
          wanted[0]
            ? transform.forwardAdjoint(transform.spectrum(ModeMixing.inputCotangent(outer, weight))) : nil,
          wanted[1] ? ModeMixing.weightCotangent(spectrum, outer) : nil,
        ]
      }
    }
  }
}

extension FourierTransform {
  /// Planes of modes computed here, as a spectrum of this transform.
  fileprivate func spectrum(_ planes: Tensor<Scalar>) -> Spectrum<Scalar> {
    Spectrum(planes: planes, band: band, grid: grid)
  }
}

/// The complex matrix product of every mode and its two transposes, on split planes.
///
/// Spectra are (sample, channel, 2, mode), weights (in, out, 2, mode). Work is cut by modes, so threads share nothing.
enum ModeMixing {
  /// Modes a piece of work covers: a few lines of every row.
  private static let piece = 64

  /// `out_bo = Σ_i x_bi·w_io`.
  static func product<Scalar>(_ x: Tensor<Scalar>, _ w: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(x.shape[1] == w.shape[0] && x.shape[3] == w.shape[3], "spectrum \(x.shape), weight \(w.shape)")
    return contracted(x, w, inputs: w.shape[0], outputs: w.shape[1], transposed: false)
  }

  /// `x̄_bi = Σ_o c_bo·conj(w_io)`.
  static func inputCotangent<Scalar>(_ c: Tensor<Scalar>, _ w: Tensor<Scalar>) -> Tensor<Scalar> {
    contracted(c, w, inputs: w.shape[1], outputs: w.shape[0], transposed: true)
  }

  private static func contracted<Scalar>(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, inputs: Int, outputs: Int, transposed: Bool
  ) -> Tensor<Scalar> {
    let (samples, modes) = (x.shape[0], x.shape[3])
    let line = 2 * modes
    let (row, column) = transposed ? (line, inputs * line) : (outputs * line, line)
    return Tensor(shape: [samples, outputs, 2, modes]) { out in
      x.withUnsafeBuffer { x in
        w.withUnsafeBuffer { w in
          guard let x = x.baseAddress, let w = w.baseAddress, let y = out.baseAddress else { return }
          Parallel.chunks(of: modes, size: piece) { range in
            let q = range.lowerBound
            withScratch(of: Scalar.self, count: Scalar.kernels.modesScratch(samples, inputs, outputs)) { scratch in
              Scalar.kernels.modes(
                samples, inputs, outputs, range.count, x + q, x + modes + q, inputs * line, line, w + q, w + modes + q,
                row, column, y + q, y + modes + q, outputs * line, line, transposed, scratch)
            }
          }
        }
      }
    }
  }

  /// `w̄_io = Σ_b conj(x_bi)·c_bo`.
  static func weightCotangent<Scalar>(_ x: Tensor<Scalar>, _ c: Tensor<Scalar>) -> Tensor<Scalar> {
    let (samples, inputs, outputs, modes) = (x.shape[0], x.shape[1], c.shape[1], x.shape[3])
    let line = 2 * modes
    return Tensor(shape: [inputs, outputs, 2, modes]) { out in
      x.withUnsafeBuffer { x in
        c.withUnsafeBuffer { c in
          guard let x = x.baseAddress, let c = c.baseAddress, let g = out.baseAddress else { return }
          Parallel.chunks(of: modes, size: piece) { range in
            let q = range.lowerBound
            withScratch(of: Scalar.self, count: Scalar.kernels.modesScratch(samples, inputs, outputs)) { scratch in
              Scalar.kernels.modesOuter(
                samples, inputs, outputs, range.count, x + q, x + modes + q, inputs * line, line, c + q, c + modes + q,
                outputs * line, line, g + q, g + modes + q, outputs * line, line, scratch)
            }
          }
        }
      }
    }
  }
}

extension SpectralConv: Sendable where Value: Sendable {}
