import CKernels

/// An affine map of the channels of fields at every point, forward and transposed, with what surrounds it in one pass:
/// `σ(Σ_t W_t·x_t + bias + Σ addends)`.
///
/// Fields are (sample, channel, spatial …). Work is cut into pieces by sample and by points, or by channels where a piece
/// makes its own addend; never by the number of threads. Sums over points are formed a piece at a time and added in order.
public struct ChannelMap<Scalar: TensorScalar>: Sendable {
  /// Writes the fields of some channels of a sample, one after the other.
  public typealias Synthesis = (_ sample: Int, _ channels: Range<Int>, _ out: UnsafeMutablePointer<Scalar>) -> Void

  /// What is mapped, x_t.
  public let inputs: [Tensor<Scalar>]
  private let channels: [Int]
  /// [outputs, Σ channels], the terms side by side.
  private let weights: Tensor<Scalar>
  private let bias: Tensor<Scalar>
  private let addends: [Tensor<Scalar>]
  private let samples: Int
  private let points: Int
  private let outputs: Int
  private let kernels = ChannelKernels<Scalar>.standard

  /// - Parameters:
  ///   - terms: inputs of shape (sample, in_t, spatial …) with weights of shape (out, in_t); at most four.
  ///   - bias: of shape (out).
  ///   - addends: of shape (sample, out, spatial …); at most one, or two where no synthesis is given.
  public init(
    _ terms: [(input: Tensor<Scalar>, weight: Tensor<Scalar>)], bias: Tensor<Scalar>, addends: [Tensor<Scalar>] = []
  ) {
    precondition((1...4).contains(terms.count) && addends.count <= 2, "a channel map of 1 to 4 terms and 2 addends")
    inputs = terms.map(\.input)
    channels = terms.map { $0.input.shape[1] }
    samples = terms[0].input.shape[0]
    points = terms[0].input.shape.dropFirst(2).reduce(1, *)
    outputs = bias.count
    self.bias = bias
    self.addends = addends
    let (outputs, width) = (outputs, channels.reduce(0, +))
    for (input, weight) in terms {
      precondition(
        weight.shape == [outputs, input.shape[1]] && input.shape[0] == terms[0].input.shape[0]
          && input.shape.dropFirst(2) == terms[0].input.shape.dropFirst(2),
        "channel map of \(input.shape) with weights \(weight.shape) and bias \(bias.shape)")
    }
    weights =
      terms.count == 1
      ? terms[0].weight
      : Tensor(shape: [outputs, width]) { out in
        for row in 0..<outputs {
          var column = row * width
          for (_, weight) in terms {
            let count = weight.shape[1]
            weight.withUnsafeBuffer { for i in 0..<count { out[column + i] = $0[row * count + i] } }
            column += count
          }
        }
      }
    for addend in addends {
      precondition(addend.shape == outputShape, "addend of shape \(addend.shape); expected \(outputShape)")
    }
  }

  /// The shape of the result.
  public var outputShape: [Int] { [samples, outputs] + inputs[0].shape.dropFirst(2) }

  // MARK: Forward

  /// The activated result and, if asked for, the derivative of the activation at every point.
  ///
  /// - Parameters:
  ///   - gelu: whether σ is GELU or the identity.
  ///   - keepingSlope: whether to return GELU's derivative.
  ///   - addend: makes one more addend piece by piece, which never leaves the cache.
  public func apply(
    gelu: Bool, keepingSlope: Bool = false, adding addend: Synthesis? = nil
  ) -> (result: Tensor<Scalar>, slope: Tensor<Scalar>?) {
    guard gelu && keepingSlope else {
      return (Tensor(shape: outputShape) { fill($0.baseAddress, nil, gelu: gelu, addend) }, nil)
    }
    var slope = Tensor<Scalar>(shape: outputShape) { _ in }
    let result = Tensor<Scalar>(shape: outputShape) { out in
      slope.withUnsafeMutableBuffer { fill(out.baseAddress, $0.baseAddress, gelu: true, addend) }
    }
    return (result, slope)
  }

  private func fill(
    _ result: UnsafeMutablePointer<Scalar>?, _ slope: UnsafeMutablePointer<Scalar>?, gelu: Bool, _ addend: Synthesis?
  ) {
    guard let result else { return }
    withPointers { inputs, weights, bias, addends in
      let width = channels.reduce(0, +)
      forEachPiece(of: outputs, whole: addend != nil) { sample, rows, range in
        let at = (sample * outputs + rows.lowerBound) * points + range.lowerBound
        let sources = zip(inputs, channels).map { $0 + sample * $1 * points + range.lowerBound }
        var terms = addends.map { $0 + at }
        let fields = addend == nil ? 0 : rows.count * points
        withShape(
          range.count, outputs: rows.count, channels, weightStride: width,
          addends: addends.count + (addend == nil ? 0 : 1)
        ) {
          shape in
          withScratch(of: Scalar.self, count: fields + kernels.scratch(shape)) { scratch in
            if let addend {
              addend(sample, rows, scratch)
              terms.append(UnsafePointer(scratch))
            }
            kernels.map(
              shape, optional(sources), weights + rows.lowerBound * width, bias + rows.lowerBound, optional(terms),
              gelu,
              result + at, slope.map { $0 + at }, scratch + fields)
          }
        }
      }
    }
  }

  // MARK: Backward

  /// Cotangents of what a map was computed from; nil where not wanted.
  public struct Cotangents: Sendable {
    /// Of each input.
    public var inputs: [Tensor<Scalar>?]
    /// Of each weight, of shape (out, in_t).
    public var weights: [Tensor<Scalar>?]
    /// Of the bias.
    public var bias: Tensor<Scalar>?
  }

  /// Pulls a cotangent of the result back.
  ///
  /// - Parameters:
  ///   - cotangent: of the shape of the result.
  ///   - slope: the activation's derivative from `apply`; nil for the identity.
  ///   - wanted: which inputs, and whether weights and bias.
  ///   - other: for a map of one term: what else the input's cotangent consists of, made piece by piece.
  public func pullback(
    _ cotangent: Tensor<Scalar>, slope: Tensor<Scalar>?,
    wanted: (inputs: [Bool], weights: Bool, bias: Bool), onto other: Synthesis? = nil
  ) -> Cotangents {
    precondition(other == nil || channels.count == 1, "only the cotangent of a single input can have another part")
    let width = channels.reduce(0, +)
    var results = zip(inputs, wanted.inputs).map { input, wanted in
      wanted ? Tensor<Scalar>(shape: input.shape) { _ in } : nil
    }
    let pieces = Pieces(self, of: width, whole: other != nil)
    var weightSums = Tensor<Scalar>(shape: [wanted.weights ? pieces.count : 0, outputs, pieces.rows]) { _ in }
    var biasSums = Tensor<Scalar>(shape: [wanted.bias ? pieces.count : 0, outputs]) { _ in }
    withPointers { inputs, weights, _, _ in
      let targets = results.indices.map { index in
        results[index]?.withUnsafeMutableBuffer { $0.baseAddress }
      }
      cotangent.withUnsafeBuffer { cotangent in
        weightSums.withUnsafeMutableBuffer { weightSums in
          biasSums.withUnsafeMutableBuffer { biasSums in
            guard let cotangent = cotangent.baseAddress else { return }
            let slope = slope?.withUnsafeBuffer { $0.baseAddress }
            pieces.forEach { piece, sample, rows, range in
              // A piece that holds some channels of one input only sees these.
              let part = other == nil ? channels : [rows.count]
              let at = sample * outputs * points + range.lowerBound
              let sources = zip(inputs, channels).map {
                $0 + (sample * $1 + rows.lowerBound) * points + range.lowerBound
              }
              let places = zip(targets, channels).map { target, channels in
                target.map { $0 + (sample * channels + rows.lowerBound) * points + range.lowerBound }
              }
              if let other, let place = places[0] { other(sample, rows, place) }
              withShape(range.count, outputs: outputs, part, weightStride: width, addends: 0) { shape in
                let lanes = ChannelKernels<Scalar>.lanes
                let entries = wanted.weights ? outputs * rows.count : 0
                let biasEntries = wanted.bias && rows.lowerBound == 0 ? outputs : 0
                let sums = (entries + biasEntries) * lanes
                withScratch(of: Scalar.self, count: sums + kernels.scratch(shape)) { scratch in
                  Scalar.kernels.fill(sums, 0, scratch)
                  let biasLanes = scratch + entries * lanes
                  kernels.pullback(
                    shape, optional(sources), weights + rows.lowerBound, cotangent + at, slope.map { $0 + at },
                    places, other != nil, entries > 0 ? scratch : nil, biasEntries > 0 ? biasLanes : nil,
                    scratch + sums)
                  if entries > 0, let out = weightSums.baseAddress {
                    kernels.fold(entries, scratch, out + piece * outputs * pieces.rows)
                  }
                  if wanted.bias, let out = biasSums.baseAddress {
                    Scalar.kernels.fill(outputs, 0, out + piece * outputs)
                    kernels.fold(biasEntries, biasLanes, out + piece * outputs)
                  }
                }
              }
            }
          }
        }
      }
    }
    let bias = wanted.bias ? biasSums.summingSamples() : nil
    guard wanted.weights else {
      return Cotangents(inputs: results, weights: channels.map { _ in nil }, bias: bias)
    }
    return Cotangents(inputs: results, weights: pieces.gather(weightSums, channels, outputs), bias: bias)
  }

  // MARK: Pieces

  /// Points of a piece: some blocks of the kernel.
  private static var pointsOfPiece: Int { 4096 }
  /// Elements of the fields that a piece makes for itself.
  private static var fieldElements: Int { 1 << 17 }

  /// How work on `rows` channels is cut.
  private struct Pieces {
    let samples: Int
    let points: Int
    let total: Int
    /// Channels of a piece.
    let rows: Int
    let pointsOfPiece: Int

    init(_ map: ChannelMap, of total: Int, whole: Bool) {
      samples = map.samples
      points = map.points
      self.total = total
      let fitting = max(8, ChannelMap.fieldElements / max(1, map.points) / 8 * 8)
      rows = whole ? min(total, fitting) : total
      pointsOfPiece = whole ? max(1, map.points) : ChannelMap.pointsOfPiece
    }

    var groups: Int { (total + rows - 1) / rows }
    var blocks: Int { (points + pointsOfPiece - 1) / pointsOfPiece }
    var count: Int { samples * groups * blocks }

    /// Runs `body(piece, sample, channels, points)` for all pieces, in parallel.
    func forEach(_ body: (Int, Int, Range<Int>, Range<Int>) -> Void) {
      Parallel.forEach(count) { piece in
        let (block, group, sample) = (piece % blocks, piece / blocks % groups, piece / blocks / groups)
        body(
          piece, sample, group * rows..<min(total, (group + 1) * rows),
          block * pointsOfPiece..<min(points, (block + 1) * pointsOfPiece))
      }
    }

    /// Sums of pieces [piece, outputs, channels of the piece] to weights, one a term.
    func gather(_ sums: Tensor<Scalar>, _ channels: [Int], _ outputs: Int) -> [Tensor<Scalar>?] {
      var first = 0
      let totals = groupTotals(sums)
      return channels.map { count in
        defer { first += count }
        return Tensor(shape: [outputs, count]) { out in
          for output in 0..<outputs {
            for channel in 0..<count {
              let (group, column) = ((first + channel) / rows, (first + channel) % rows)
              let width = min(total, (group + 1) * rows) - group * rows
              out[output * count + channel] = totals[group][output * width + column]
            }
          }
        }
      }
    }

    /// For each group of channels, the sum over its pieces in order.
    private func groupTotals(_ sums: Tensor<Scalar>) -> [[Scalar]] {
      let size = sums.sampleStride
      return sums.withUnsafeBuffer { sums in
        (0..<groups).map { group in
          var total = [Scalar](repeating: 0, count: size)
          guard let base = sums.baseAddress else { return total }
          total.withUnsafeMutableBufferPointer { total in
            guard let out = total.baseAddress else { return }
            for sample in 0..<samples {
              for block in 0..<blocks {
                let piece = (sample * groups + group) * blocks + block
                Scalar.kernels.axpby(size, 1, base + piece * size, 1, out)
              }
            }
          }
          return total
        }
      }
    }
  }

  private func forEachPiece(of total: Int, whole: Bool, _ body: (Int, Range<Int>, Range<Int>) -> Void) {
    Pieces(self, of: total, whole: whole).forEach { _, sample, rows, range in body(sample, rows, range) }
  }

  private typealias Pointer = UnsafePointer<Scalar>

  private func optional(_ pointers: [Pointer]) -> [Pointer?] { pointers.map { $0 } }

  private func withShape<Result>(
    _ count: Int, outputs: Int, _ channels: [Int], weightStride: Int, addends: Int,
    _ body: (UnsafePointer<ck_channel_shape>) -> Result
  ) -> Result {
    channels.withUnsafeBufferPointer { channels in
      var shape = ck_channel_shape(
        points: count, stride: points, outputs: outputs, terms: channels.count, channels: channels.baseAddress,
        weightStride: weightStride, addends: addends)
      return withUnsafePointer(to: &shape) { body($0) }
    }
  }

  /// Pointers to all operands, valid inside `body`; `self` keeps their tensors alive.
  private func withPointers(_ body: ([Pointer], Pointer, Pointer, [Pointer]) -> Void) {
    withExtendedLifetime(self) {
      let inputs = inputs.compactMap { $0.withUnsafeBuffer { $0.baseAddress } }
      let addends = addends.compactMap { $0.withUnsafeBuffer { $0.baseAddress } }
      guard let weights = weights.withUnsafeBuffer({ $0.baseAddress }),
        let bias = bias.withUnsafeBuffer({ $0.baseAddress })
      else { return }
      body(inputs, weights, bias, addends)
    }
  }
}
