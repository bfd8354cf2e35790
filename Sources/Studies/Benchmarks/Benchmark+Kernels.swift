import NeuralOperators
import Spectral
import Tensors
import Training

extension Benchmark {
  /// Every benchmark, in the order in which they run.
  public static let all = kernels + networks + classical

  /// The kernels that neural operators are made of.
  static let kernels = transforms + products + [copy, gelu, geluPullback, adam]

  private static let transforms = [(64, 12), (64, 16), (85, 12), (94, 12), (96, 12), (97, 12), (128, 12), (256, 16)]
    .flatMap { n, modes in
      [true, false].map { isForward in
        let name = isForward ? "forward" : "inverse"
        return Benchmark(
          name: "dft.n\(n)_m\(modes).\(name)", summary: "\(name) transform of 320 fields, \(n)² points, \(modes) modes"
        ) { size in
          let (n, modes, fields) = size.pick((n, modes, 320), small: (16, 4, 2))
          let transform = try FourierTransform<Float>(grid: [n, n], band: .truncated(modes: [modes, modes]))
          let field = noise([fields, n, n])
          let spectrum = transform.forward(field)
          return {
            if isForward { _ = transform.forward(field) } else { _ = transform.inverse(spectrum) }
            return Work(
              samples: fields, operations: Double(fields) * transform.operations,
              bytes: 4 * Double(field.count + spectrum.planes.count))
          }
        }
      }
    }

  private static func noise(_ shape: [Int]) -> Tensor<Float> {
    .uniform(shape, in: -1..<1, from: RandomStream(seed: 1, purpose: .test))
  }

  /// Fields of a batch of 20 with 32 channels on 96² points.
  private static func fields(_ size: Size) -> Tensor<Float> { noise([size.pick(20 * 32 * 96 * 96, small: 1024)]) }

  /// What a Fourier layer does between and beside its transforms.
  private static let products = [(32, 12, 64), (64, 16, 64), (32, 12, 128)].flatMap { width, modes, n in
    let name = "w\(width)_m\(modes)_n\(n)"
    return [
      Benchmark(name: "modes.\(name)", summary: "products of modes: 20 samples, \(width) channels, \(modes) modes") {
        size in
        let (width, modes, samples) = size.pick((width, 2 * modes * modes, 20), small: (4, 16, 2))
        let spectrum = noise([samples, width, 2, modes])
        let weight = noise([width, width, 2, modes])
        return {
          _ = SpectralConv<Tensor<Float>>.mixed(spectrum, weight: weight)
          return Work(
            samples: samples, operations: 8 * Double(samples * width * width * modes),
            bytes: 4 * Double(2 * spectrum.count + weight.count))
        }
      },
      Benchmark(name: "channels.\(name)", summary: "channel map with GELU: 20 samples, \(width) channels, \(n)² points")
      {
        size in
        let (width, n, samples) = size.pick((width, n, 20), small: (4, 8, 2))
        let map = ChannelMap([(noise([samples, width, n, n]), noise([width, width]))], bias: noise([width]))
        return {
          _ = map.apply(gelu: true)
          return Work(
            samples: samples, operations: 2 * Double(samples * width * width * n * n),
            bytes: 8 * Double(samples * width * n * n))
        }
      },
    ]
  }

  /// One step for as many parameters as a spectral convolution of width 64 with 16 modes has.
  private static let adam = Benchmark(name: "optimiser.adam", summary: "an Adam step of 4.2 million parameters") {
    size in
    let parameters = Mutable([noise([size.pick(64 * 64 * 1024, small: 64)])])
    let state = Mutable(Adam.State<Float>(shapes: parameters.value.map(\.shape)))
    let gradients = parameters.value
    return {
      Adam().update(&parameters.value, gradients: gradients, rate: 1e-3, state: &state.value)
      return Work(bytes: 28 * Double(gradients[0].count))
    }
  }

  private static let copy = Benchmark(name: "elementwise.add", summary: "the sum of two arrays of 5.9 million numbers")
  {
    size in
    let x = fields(size)
    return {
      _ = x + x
      return Work(operations: Double(x.count), bytes: 12 * Double(x.count))
    }
  }

  private static let gelu = Benchmark(name: "elementwise.gelu", summary: "GELU of 5.9 million numbers") { size in
    let x = fields(size)
    return {
      _ = x.mapped(Float.kernels.gelu)
      return Work(bytes: 8 * Double(x.count))
    }
  }

  private static let geluPullback = Benchmark(
    name: "elementwise.gelu_pullback", summary: "the pullback of GELU for 5.9 million numbers"
  ) { size in
    let x = fields(size)
    return {
      _ = x.zipped(with: x, Float.kernels.geluPullback)
      return Work(bytes: 12 * Double(x.count))
    }
  }
}
