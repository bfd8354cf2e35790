import Spectral
import Tensors

extension Benchmark {
  /// Every benchmark, in the order in which they run.
  public static let all = kernels + networks + classical

  /// The kernels that neural operators are made of.
  static let kernels = transforms + [copy, gelu, geluPullback]

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
