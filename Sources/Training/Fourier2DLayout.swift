import DatasetIO
import NeuralOperators
import Tensors

/// The weights of the plain two-dimensional module, as scripts have had it since Li et al. 2021 (arXiv:2010.08895).
///
/// `fc0` lifts the data and two coordinates, along the first axis first, both from 0 to 1. Then come layers
/// `GELU(K v + W v)`, the last one without GELU, and `fc2(GELU(fc1 v))`. Layer i has spectral weights
/// `spec.i.w1` and `.w2`, or `conv{i}.weights1` and `.weights2`, complex of shape (in, out, m₁, m₂): those of the
/// wavenumbers 0..<m₁ along the first axis and of −m₁...−1, with 0..<m₂ along the second; and the 1×1 convolution `w.i` or
/// `w{i}`. That is our order of modes too, so the blocks are laid one behind the other.
enum Fourier2DLayout {
  /// - Parameters:
  ///   - tensors: everything in the file.
  ///   - path: for messages.
  ///   - padding: of the module.
  /// - Throws: `WeightError`; `ConfigurationError` for a padding that cannot be.
  static func model(
    _ tensors: [String: StoredTensor], of path: String, padding: DomainPadding
  ) throws -> NeuralOperator<Tensor<Float>> {
    var file = try WeightFile(tensors, of: path, anchor: "fc0.weight")
    let flat = file.has("conv0.weights1")
    let first = flat ? "conv0.weights1" : "spec.0.w1"
    let layers = (0...).lazy.first { !file.has(spectralNames($0, flat: flat)[0]) } ?? 0
    guard layers >= 2 else { throw WeightError.layers(path: path, found: layers) }
    func sizes(_ name: String, axes: Int) throws -> [Int] {
      let shape = try file.shape(name)
      guard shape.count >= axes, shape.prefix(axes).allSatisfy({ $0 >= 1 }) else {
        throw WeightError.shape(path: path, tensor: name, found: shape, expected: [Int](repeating: 1, count: axes))
      }
      return shape
    }
    let lifting = try sizes("fc0.weight", axes: 2)
    let modes = Array(try sizes(first, axes: 4)[2..<4])
    guard lifting[1] > modes.count else {
      throw WeightError.shape(
        path: path, tensor: "fc0.weight", found: lifting, expected: [lifting[0], modes.count + 1])
    }

    var configuration = OperatorConfiguration(architecture: .fno(blocks: 1))
    configuration.width = lifting[0]
    configuration.inputChannels = lifting[1] - modes.count
    configuration.outputChannels = try sizes("fc2.weight", axes: 2)[0]
    configuration.projectionWidth = try sizes("fc1.weight", axes: 2)[0]
    configuration.modes = modes
    configuration.layersPerBlock = layers - 1
    configuration.hasChannelMLP = false
    configuration.padding = padding
    // The sizes are the file's: its tensors are held against each other before a model of these sizes is made.
    let width = configuration.width
    var values = try linear("fc0", lifting[1], width, &file)
    for layer in 0..<layers {
      values.append(try spectral(spectralNames(layer, flat: flat), width, modes, &file))
      values += try linear(flat ? "w\(layer)" : "w.\(layer)", width, width, &file)
    }
    values += try linear("fc1", width, configuration.projectionWidth, &file)
    values += try linear("fc2", configuration.projectionWidth, configuration.outputChannels, &file)
    try file.finish()
    // Our order of parameters is that of application, as here.
    return try NeuralOperator<Tensor<Float>>(zeros: configuration).replacingParameters(values)
  }

  private static func spectralNames(_ layer: Int, flat: Bool) -> [String] {
    flat ? ["conv\(layer).weights1", "conv\(layer).weights2"] : ["spec.\(layer).w1", "spec.\(layer).w2"]
  }

  private static func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, _ file: inout WeightFile
  ) throws -> [Tensor<Float>] {
    [
      try file.reals(name + ".weight", shape: [outputs, inputs]), try file.reals(name + ".bias", shape: [outputs]),
    ]
  }

  /// Two blocks (in, out, m₁, m₂) of complex numbers as planes (in, out, 2, 2·m₁·m₂).
  private static func spectral(
    _ names: [String], _ width: Int, _ modes: [Int], _ file: inout WeightFile
  ) throws -> Tensor<Float> {
    let blocks = try names.map { try file.complexes($0, shape: [width, width] + modes) }
    let half = modes[0] * modes[1]
    return Tensor(shape: [width, width, 2, 2 * half]) { out in
      for pair in 0..<width * width {
        for (block, values) in blocks.enumerated() {
          for mode in 0..<half {
            let place = pair * 4 * half + block * half + mode
            out[place] = values[2 * (pair * half + mode)]
            out[place + 2 * half] = values[2 * (pair * half + mode) + 1]
          }
        }
      }
    }
  }
}
