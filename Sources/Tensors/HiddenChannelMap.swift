/// Two affine maps of channels with a GELU between them, `V·gelu(W·x + b) + d`, whose hidden channels exist a cacheful at a
/// time only: they are computed again on the way back, which costs less than writing and reading them.
public struct HiddenChannelMap<Scalar: TensorScalar>: Sendable {
  private let input: Tensor<Scalar>
  private let parameters: [Tensor<Scalar>]
  private let samples: Int
  private let points: Int
  private let inputs: Int
  private let hidden: Int
  private let outputs: Int
  private let kernels = ChannelKernels<Scalar>.standard

  /// - Parameters:
  ///   - input: x, of shape (sample, in, spatial …).
  ///   - parameters: W of shape (hidden, in), b of (hidden), V of (out, hidden), d of (out).
  public init(_ input: Tensor<Scalar>, parameters: [Tensor<Scalar>]) {
    precondition(parameters.count == 4, "two weights and two biases, found \(parameters.count) parameters")
    self.input = input
    self.parameters = parameters
    samples = input.shape[0]
    points = input.shape.dropFirst(2).reduce(1, *)
    inputs = input.shape[1]
    hidden = parameters[1].count
    outputs = parameters[3].count
    precondition(
      parameters[0].shape == [hidden, inputs] && parameters[2].shape == [outputs, hidden],
      "hidden map of \(input.shape) with weights \(parameters[0].shape) and \(parameters[2].shape)")
  }

  /// The result, of shape (sample, out, spatial …).
  public func apply() -> Tensor<Scalar> {
    Tensor(shape: [samples, outputs] + input.shape.dropFirst(2)) { out in
      guard let out = out.baseAddress else { return }
      withPointers { x, p in
        forEachPiece { _, sample, range in
          withScratch(of: Scalar.self, count: kernels.hiddenScratch(inputs, hidden, outputs)) { scratch in
            kernels.hiddenMap(
              range.count, points, inputs, hidden, outputs, x + sample * inputs * points + range.lowerBound, p[0], p[1],
              p[2], p[3], out + sample * outputs * points + range.lowerBound, scratch)
          }
        }
      }
    }
  }

  /// Cotangents of x, W, b, V and d; nil where not wanted.
  public func pullback(_ cotangent: Tensor<Scalar>, wanted: [Bool]) -> [Tensor<Scalar>?] {
    var inputBar = wanted[0] ? Tensor<Scalar>(shape: input.shape) { _ in } : nil
    let counts = zip(parameters, wanted.dropFirst()).map { $1 ? $0.count : 0 }
    let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    let total = counts.reduce(0, +)
    var sums = Tensor<Scalar>(shape: [pieces, total]) { _ in }
    withPointers { x, p in
      let target = inputBar?.withUnsafeMutableBuffer { $0.baseAddress }
      cotangent.withUnsafeBuffer { cotangent in
        sums.withUnsafeMutableBuffer { sums in
          guard let c = cotangent.baseAddress else { return }
          forEachPiece { piece, sample, range in
            let lanes = ChannelKernels<Scalar>.lanes
            withScratch(of: Scalar.self, count: total * lanes + kernels.hiddenScratch(inputs, hidden, outputs)) {
              scratch in
              Scalar.kernels.fill(total * lanes, 0, scratch)
              let bars = counts.indices.map { counts[$0] > 0 ? scratch + starts[$0] * lanes : nil }
              let at = sample * inputs * points + range.lowerBound
              kernels.hiddenPullback(
                range.count, points, inputs, hidden, outputs, x + at, p[0], p[1], p[2],
                c + sample * outputs * points + range.lowerBound, target.map { $0 + at }, bars[0], bars[1], bars[2],
                bars[3], scratch + total * lanes)
              if total > 0, let out = sums.baseAddress { kernels.fold(total, scratch, out + piece * total) }
            }
          }
        }
      }
    }
    guard total > 0 else { return [inputBar] + parameters.map { _ in nil } }
    let totals = sums.summingSamples()
    let parts = zip(parameters, zip(starts, counts)).map { parameter, place in
      place.1 == 0
        ? nil
        : Tensor<Scalar>(shape: parameter.shape) { out in
          totals.withUnsafeBuffer { _ = out.update(fromContentsOf: $0[place.0..<place.0 + place.1]) }
        }
    }
    return [inputBar] + parts
  }

  /// Points of a piece: some blocks of the kernel.
  private static var pointsOfPiece: Int { 4096 }
  private var blocks: Int { (points + Self.pointsOfPiece - 1) / Self.pointsOfPiece }
  private var pieces: Int { samples * blocks }

  private func forEachPiece(_ body: (_ piece: Int, _ sample: Int, _ points: Range<Int>) -> Void) {
    Parallel.forEach(pieces) { piece in
      let start = piece % blocks * Self.pointsOfPiece
      body(piece, piece / blocks, start..<min(points, start + Self.pointsOfPiece))
    }
  }

  private typealias Pointer = UnsafePointer<Scalar>

  /// Pointers to all operands, valid inside `body`; `self` keeps their tensors alive.
  private func withPointers(_ body: (Pointer, [Pointer]) -> Void) {
    withExtendedLifetime(self) {
      let pointers = parameters.compactMap { $0.withUnsafeBuffer { $0.baseAddress } }
      guard let x = input.withUnsafeBuffer({ $0.baseAddress }), pointers.count == parameters.count else { return }
      body(x, pointers)
    }
  }
}
