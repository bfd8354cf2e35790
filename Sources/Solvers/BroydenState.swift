import Tensors

/// The steps of ``Broyden`` over the active samples; slot k of a sample holds `g_k` for a moment, then the step `s_k`.
struct BroydenState<Scalar: TensorScalar>: FixedPointState {
  private let width: Int
  private var slots: HistorySlots<Scalar>
  private var samples: [BroydenHistory]

  init(method: Broyden, start: Tensor<Scalar>) {
    width = method.memory + 1
    slots = HistorySlots(width, like: start)
    samples = (0..<start.samples).map { BroydenHistory(place: $0, memory: method.memory) }
  }

  mutating func keep(rows: [Int]) { samples = rows.map { samples[$0] } }

  mutating func next(after iterate: FixedPointIterate<Scalar>) -> Tensor<Scalar> {
    for row in samples.indices { samples[row].advance(residual: iterate.residuals[row]) }
    let products = absorb(iterate)
    let terms = samples.indices.map { row in
      samples[row].step(products: products[row * 2 * width..<(row + 1) * 2 * width])
    }
    let (rows, add) = (samples, Scalar.kernels.add)
    return Tensor(shape: iterate.points.shape) { out in
      iterate.points.withUnsafeBuffer { points in
        guard let z = points.baseAddress, let y = out.baseAddress else { return }
        slots.withPieces(of: rows.map(\.place)) { access, pieces in
          pieces.forEach { row, range in
            let offset = row * pieces.stride + range.lowerBound
            let step = access.pointer(row, slot: rows[row].head, from: range.lowerBound)
            access.combine(terms[row], row: row, range: range, into: step)
            add(range.count, z + offset, step, y + offset)
          }
        }
      }
    }
  }

  /// Writes `g` into the head slot; one pass over everything.
  ///
  /// - Returns: for each row and each step, oldest first, its products with `g` and with the newest step, in
  ///   `2·(memory + 1)` places.
  private mutating func absorb(_ iterate: FixedPointIterate<Scalar>) -> [Double] {
    let (samples, width, kernels) = (samples, width, Scalar.kernels)
    var products: [Double] = []
    slots.withPieces(of: samples.map(\.place)) { access, pieces in
      iterate.points.withUnsafeBuffer { points in
        iterate.images.withUnsafeBuffer { images in
          guard let z = points.baseAddress, let f = images.baseAddress else { return }
          products = pieces.sums(2 * width) { row, range, sums in
            let (head, count) = (samples[row].head, range.count)
            let offset = row * pieces.stride + range.lowerBound
            let residual = access.pointer(row, slot: head, from: range.lowerBound)
            kernels.subtract(count, f + offset, z + offset, residual)
            guard head > 0 else { return }
            let newest = access.pointer(row, slot: head - 1, from: range.lowerBound)
            let steps = (0..<head).map {
              UnsafePointer(access.pointer(row, slot: $0, from: range.lowerBound)) as UnsafePointer<Scalar>?
            }
            kernels.dotPairs(count, residual, newest, head, steps, sums)
          }
        }
      }
    }
    return products
  }
}

/// The small numbers of one sample's updates: the products of its steps and the damping factors.
struct BroydenHistory {
  /// The sample's place among the slots.
  let place: Int
  /// The slot of the step to come; the slots before it hold steps, oldest first.
  private(set) var head = -1
  private let memory: Int
  /// `s_i·s_j` and θ_j of the steps; θ_0 is not used.
  private var gram: [Double]
  private var damping: [Double]
  private var safeguard = GrowthGuard(limit: Broyden.growthLimit)

  init(place: Int, memory: Int) {
    self.place = place
    self.memory = memory
    gram = Array(repeating: 0, count: (memory + 1) * (memory + 1))
    damping = Array(repeating: 1, count: memory + 1)
  }

  /// Makes room for a new step, or starts again.
  mutating func advance(residual: Double) {
    let isRejected = safeguard.rejects(residual: residual)
    head = isRejected || head == memory ? 0 : head + 1
    safeguard.proposes(accelerated: head > 0)
  }

  /// The step `s = −H g` of the updated `H` as a combination of slots.
  ///
  /// With `x = −H_k g` and `γ = 1 − s_k·x/‖s_k‖²`, the factor of the determinant under the undamped update, the step is
  /// `x/γ`; where |γ| is too small, θ is chosen so that the factor is the smallest allowed (Moré & Trangenstein 1976).
  ///
  /// - Parameter products: of each step with `g` and with the newest step.
  mutating func step(products: ArraySlice<Double>) -> [SlotTerm] {
    let (first, width) = (products.startIndex, memory + 1)
    guard head > 0 else { return [(0, 1)] }
    let newest = head - 1
    for slot in 0..<head {
      gram[slot * width + newest] = products[first + 2 * slot + 1]
      gram[newest * width + slot] = products[first + 2 * slot + 1]
    }
    // A step of length zero, or one whose square underflows, carries no information: start again.
    guard gram[newest * width + newest] > 0 else { return startAgain() }
    // x = g + Σ c_j s_j, by the product form from the oldest factor on; c_0 stays 0.
    var coefficients = [Double](repeating: 0, count: head)
    var projection = 0.0
    for slot in 0..<head {
      projection = products[first + 2 * slot]
      for j in 1..<slot + 1 { projection += coefficients[j] * gram[slot * width + j] }
      projection /= gram[slot * width + slot]
      if slot < newest { coefficients[slot + 1] = damping[slot + 1] * projection }
    }
    let ratio = 1 - projection
    let smallest = Broyden.smallestDeterminantRatio
    let sign = ratio < 0 ? -1.0 : 1.0
    let isDamped = abs(ratio) < smallest
    damping[head] = isDamped ? (1 - sign * smallest) / (1 - ratio) : 1
    let scale = 1 / (isDamped ? sign * smallest : ratio)
    guard scale.isFinite else { return startAgain() }
    return [(head, scale)] + (1..<head).map { ($0, scale * coefficients[$0]) }
  }

  private mutating func startAgain() -> [SlotTerm] {
    let residual = head
    head = 0
    safeguard.proposes(accelerated: false)
    return [(residual, 1)]
  }
}
