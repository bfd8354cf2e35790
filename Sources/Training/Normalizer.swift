public import Tensors

/// How fields are brought to mean 0 and deviation 1.
public enum NormalizerKind: String, Codable, Sendable, CaseIterable {
  /// One mean and deviation a channel.
  case channel
  /// A mean and deviation for every point of every channel, as the published Darcy experiments have it.
  case pixel = "per-pixel"
}

/// An affine map of fields to mean 0 and deviation 1 over a training set, and back.
///
/// Kept in the checkpoint, so that a model is always fed and answers in physical units.
public struct Normalizer<Scalar: TensorScalar>: Sendable {
  /// Of shape (channel, spatial …), constant over points for the `channel` kind; of shape (channel) where it is bound to no
  /// grid.
  public let mean: Tensor<Scalar>
  /// Of the same shape, never zero.
  public let deviation: Tensor<Scalar>

  /// From stored statistics.
  public init(mean: Tensor<Scalar>, deviation: Tensor<Scalar>) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The map that leaves fields as they are, on any grid.
  public init(identityOf channels: Int) {
    mean = .zeros([channels])
    deviation = Tensor(shape: [channels], elements: [Scalar](repeating: 1, count: channels))
  }

  /// The statistics of `fields`, of shape (sample, channel, spatial …).
  ///
  /// A point whose deviation is far below its channel's (a boundary value) gets a floor of 1/1000 of the channel's.
  public init(fitting fields: Tensor<Scalar>, _ kind: NormalizerKind) {
    let (samples, channels) = (fields.shape[0], fields.shape[1])
    let points = fields.shape.dropFirst(2).reduce(1, *)
    let floorFraction = 1e-3
    var means = [Double](repeating: 0, count: channels * points)
    var deviations = means
    fields.withUnsafeBuffer { x in
      for channel in 0..<channels {
        let row = { (sample: Int) in (sample * channels + channel) * points }
        var total = 0.0
        for sample in 0..<samples { for i in 0..<points { total += Double(x[row(sample) + i]) } }
        let mean = total / Double(samples * points)
        var square = 0.0
        for sample in 0..<samples {
          for i in 0..<points { square += (Double(x[row(sample) + i]) - mean) * (Double(x[row(sample) + i]) - mean) }
        }
        let spread = (square / Double(samples * points)).squareRoot()
        let deviation = spread > 0 ? spread : 1
        for i in 0..<points {
          (means[channel * points + i], deviations[channel * points + i]) = (mean, deviation)
        }
        guard kind == .pixel, samples > 1 else { continue }
        for i in 0..<points {
          let values = (0..<samples).map { Double(x[row($0) + i]) }
          let mean = values.reduce(0, +) / Double(samples)
          let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)
          means[channel * points + i] = mean
          deviations[channel * points + i] = max(variance.squareRoot(), floorFraction * deviation)
        }
      }
    }
    let shape = Array(fields.shape.dropFirst())
    mean = Tensor(shape: shape, elements: means.map { Scalar($0) })
    deviation = Tensor(shape: shape, elements: deviations.map { Scalar($0) })
  }

  /// The same map for fields on another grid, or on one where it was bound to none; nil when it differs from point to point.
  ///
  /// - Parameter grid: points along every spatial axis.
  public func onGrid(_ grid: [Int]) -> Normalizer? {
    let channels = mean.shape[0]
    func spread(_ values: Tensor<Scalar>) -> Tensor<Scalar>? {
      let elements = values.elements
      let points = elements.count / channels
      guard points > 0 else { return nil }
      let constants = (0..<channels).map { elements[$0 * points] }
      guard elements.indices.allSatisfy({ elements[$0] == constants[$0 / points] }) else { return nil }
      let count = grid.reduce(1, *)
      return Tensor(shape: [channels] + grid, elements: constants.flatMap { Array(repeating: $0, count: count) })
    }
    guard let mean = spread(mean), let deviation = spread(deviation) else { return nil }
    return Normalizer(mean: mean, deviation: deviation)
  }

  /// `(x − mean)/deviation` for every sample.
  public func encode(_ fields: Tensor<Scalar>) -> Tensor<Scalar> {
    perSample(fields) { count, x, mean, deviation, out in
      Scalar.kernels.subtract(count, x, mean, out)
      Scalar.kernels.divide(count, out, deviation, out)
    }
  }

  /// `deviation·x + mean` for every sample.
  public func decode(_ fields: Tensor<Scalar>) -> Tensor<Scalar> {
    perSample(fields) { count, x, mean, deviation, out in
      Scalar.kernels.multiply(count, x, deviation, out)
      Scalar.kernels.add(count, out, mean, out)
    }
  }

  /// `deviation·x` for every sample: the linear part of `decode`, its own transpose.
  func scale(_ fields: Tensor<Scalar>) -> Tensor<Scalar> {
    perSample(fields) { count, x, _, deviation, out in Scalar.kernels.multiply(count, x, deviation, out) }
  }

  private typealias In = UnsafePointer<Scalar>

  private func perSample(
    _ fields: Tensor<Scalar>, _ body: (Int, In, In, In, UnsafeMutablePointer<Scalar>) -> Void
  ) -> Tensor<Scalar> {
    let bound = mean.shape.count == 1 ? onGrid(Array(fields.shape.dropFirst(2))) ?? self : self
    let (mean, deviation) = (bound.mean, bound.deviation)
    let stride = fields.sampleStride
    precondition(Array(fields.shape.dropFirst()) == mean.shape, "normaliser for \(mean.shape), fields \(fields.shape)")
    return Tensor(shape: fields.shape) { out in
      fields.withUnsafeBuffer { x in
        mean.withUnsafeBuffer { mean in
          deviation.withUnsafeBuffer { deviation in
            guard let x = x.baseAddress, let m = mean.baseAddress, let d = deviation.baseAddress,
              let y = out.baseAddress
            else { return }
            Parallel.forEach(fields.samples) { body(stride, x + $0 * stride, m, d, y + $0 * stride) }
          }
        }
      }
    }
  }
}
