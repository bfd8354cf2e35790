public import Tensors

/// Which fields of the training set are disturbed.
public enum NoiseTarget: String, Codable, Sendable, CaseIterable {
  case target, input
}

/// How the disturbance is spread over the training samples.
public enum NoiseLaw: String, Codable, Sendable, CaseIterable {
  /// The same variance everywhere.
  case constant
  /// The published ramp: the training set cut into equal parts in order, each with one level of a fixed list of
  /// variances, up to the largest (Marwah et al. 2023, as their code has it).
  case paperRamp = "paper-ramp"
}

/// White Gaussian noise on training data, in physical units, before any normalisation; other data stay clean.
public struct TrainingNoise: Codable, Hashable, Sendable {
  /// Standard deviation relative to the standard deviation of the disturbed field over the training set.
  public var level: Double
  /// Inputs or targets.
  public var target: NoiseTarget
  /// How the variance depends on the sample.
  public var law: NoiseLaw

  /// Noise of standard deviation `level` times the field's own.
  public init(level: Double, target: NoiseTarget = .target, law: NoiseLaw = .constant) {
    self.level = level
    self.target = target
    self.law = law
  }

  /// The variances of the published ramp, absolute; a run uses those not above its maximum.
  static let ramp: [Double] = [0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 0.5, 1]

  /// The standard deviation for every one of `count` samples of a field with standard deviation `spread`.
  func deviations(count: Int, spread: Double) -> [Double] {
    let maximum = level * spread
    switch law {
    case .constant: return Array(repeating: maximum, count: count)
    case .paperRamp:
      // A level equal to the maximum counts; rounding must not drop it.
      let levels = Self.ramp.filter { $0 <= maximum * maximum * (1 + 1e-12) }
      let part = (count + levels.count - 1) / levels.count
      return (0..<count).map { levels[$0 / part].squareRoot() }
    }
  }

  /// The training set with noise; sample i of the set draws from its own stream.
  public func disturb<Scalar: TensorScalar>(_ pairs: FieldPairs<Scalar>, seed: UInt64) -> FieldPairs<Scalar> {
    guard level > 0 else { return pairs }
    var result = pairs
    switch target {
    case .input: result.inputs = disturbed(pairs.inputs, seed)
    case .target: result.targets = disturbed(pairs.targets, seed)
    }
    return result
  }

  private func disturbed<Scalar>(_ fields: Tensor<Scalar>, _ seed: UInt64) -> Tensor<Scalar> {
    let mean = fields.sum() / Double(max(fields.count, 1))
    let spread = max(0, fields.dot(fields) / Double(max(fields.count, 1)) - mean * mean).squareRoot()
    let deviations = deviations(count: fields.samples, spread: spread)
    let stride = fields.sampleStride
    var result = fields
    result.withUnsafeMutableBuffer { out in
      guard let y = out.baseAddress else { return }
      Parallel.forEach(deviations.count) { sample in
        let stream = RandomStream(seed: seed, purpose: .noise, sample: sample)
        for i in 0..<stride {
          y[sample * stride + i] += Scalar(deviations[sample] * stream.normal(at: UInt64(i)))
        }
      }
    }
    return result
  }
}
