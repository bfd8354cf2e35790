import Tensors

/// The histories of ``Anderson`` over the active samples.
///
/// Each sample owns 2·(memory + 1) slots in one array. A residual slot first holds `r_k` and is turned into
/// `r_{k+1} − r_k` in place one step later; the slot beside it does the same for the mixed point `z_k + β r_k`, so that
/// its difference is `ΔZ + β ΔR`.
struct AndersonState<Scalar: TensorScalar>: FixedPointState {
  private let mixing: Scalar
  private let layout: Layout
  private var history: Tensor<Scalar>
  private var samples: [AndersonHistory]

  init(method: Anderson, start: Tensor<Scalar>) {
    mixing = Scalar(method.mixing)
    layout = Layout(slots: method.memory + 1, stride: start.sampleStride)
    // Slots are written before they are read, so the contents need no initial value.
    history = Tensor(shape: [start.samples, 2 * layout.slots, layout.stride]) { _ in }
    samples = (0..<start.samples).map { AndersonHistory(place: $0, slots: method.memory + 1) }
  }

  mutating func keep(rows: [Int]) { samples = rows.map { samples[$0] } }

  mutating func next(after iterate: FixedPointIterate<Scalar>) -> Tensor<Scalar> {
    for row in samples.indices { samples[row].advance(residual: iterate.residuals[row]) }
    let products = absorb(iterate)
    let coefficients = samples.indices.map { row in
      samples[row].coefficients(products: products[row * 2 * layout.slots..<(row + 1) * 2 * layout.slots])
    }
    return combined(coefficients, shape: iterate.points.shape)
  }

  /// Writes residual, mixed point and the newest differences into the history.
  ///
  /// - Returns: for each row, products of the newest difference, then of the residual, with the differences, newest first.
  private mutating func absorb(_ iterate: FixedPointIterate<Scalar>) -> [Double] {
    let (layout, samples, mixing) = (layout, samples, mixing)
    let kernels = Scalar.kernels
    let pieces = SamplePieces(rows: samples.count, stride: layout.stride)
    return history.withUnsafeMutableBuffer { history in
      iterate.points.withUnsafeBuffer { points in
        iterate.images.withUnsafeBuffer { images in
          guard let base = history.baseAddress, let z = points.baseAddress, let f = images.baseAddress else {
            return []
          }
          return pieces.sums(2 * layout.slots) { row, range, products in
            let (sample, count) = (samples[row], range.count)
            let offset = row * layout.stride + range.lowerBound
            func residual(_ slot: Int) -> UnsafeMutablePointer<Scalar> {
              base + layout.residual(slot, of: sample.place) + range.lowerBound
            }
            func mixed(_ slot: Int) -> UnsafeMutablePointer<Scalar> {
              base + layout.mixed(slot, of: sample.place) + range.lowerBound
            }
            kernels.subtract(count, f + offset, z + offset, residual(sample.head))
            mixed(sample.head).update(from: f + offset, count: count)
            if mixing != 1 { kernels.axpby(count, 1 - mixing, z + offset, mixing, mixed(sample.head)) }
            guard let newest = sample.differences.first else { return }
            kernels.axpby(count, 1, residual(sample.head), -1, residual(newest))
            kernels.axpby(count, 1, mixed(sample.head), -1, mixed(newest))
            for (column, slot) in sample.differences.enumerated() {
              products[column] = kernels.dot(count, residual(newest), residual(slot))
              products[layout.slots + column] = kernels.dot(count, residual(sample.head), residual(slot))
            }
          }
        }
      }
    }
  }

  /// `mixed − Σ γ_j·mixed difference_j` for every row.
  private func combined(_ coefficients: [[Double]], shape: [Int]) -> Tensor<Scalar> {
    let pieces = SamplePieces(rows: samples.count, stride: layout.stride)
    let combine = Scalar.kernels.combine
    return Tensor(shape: shape) { out in
      history.withUnsafeBuffer { history in
        guard let base = history.baseAddress, let y = out.baseAddress else { return }
        pieces.forEach { row, _, range in
          let sample = samples[row]
          let terms = 1 + sample.differences.count
          withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>?.self, capacity: terms) { columns in
            withUnsafeTemporaryAllocation(of: Scalar.self, capacity: terms) { factors in
              guard let columnsBase = columns.baseAddress, let factorsBase = factors.baseAddress else { return }
              columns[0] = base + layout.mixed(sample.head, of: sample.place) + range.lowerBound
              factors[0] = 1
              var used = 1
              for (slot, coefficient) in zip(sample.differences, coefficients[row]) where coefficient != 0 {
                columns[used] = base + layout.mixed(slot, of: sample.place) + range.lowerBound
                factors[used] = Scalar(-coefficient)
                used += 1
              }
              combine(range.count, used, columnsBase, factorsBase, y + row * layout.stride + range.lowerBound)
            }
          }
        }
      }
    }
  }

  /// Where a slot of a sample lies in the array.
  private struct Layout {
    let slots: Int
    let stride: Int
    func residual(_ slot: Int, of place: Int) -> Int { (place * 2 * slots + slot) * stride }
    func mixed(_ slot: Int, of place: Int) -> Int { ((place * 2 + 1) * slots + slot) * stride }
  }
}

/// The small numbers of one sample's history: which slots hold differences, and their Gram matrix.
struct AndersonHistory {
  /// Where the sample's slots lie in the array.
  let place: Int
  /// The slot of the current residual; −1 before the first.
  private(set) var head = -1
  /// The slots of the differences, newest first.
  private(set) var differences: [Int] = []
  private let slots: Int
  private var gram: [Double]
  private var smallestResidual = Double.infinity

  init(place: Int, slots: Int) {
    self.place = place
    self.slots = slots
    gram = Array(repeating: 0, count: slots * slots)
  }

  /// Makes room for a new residual: the previous one becomes a difference, or the history is forgotten.
  mutating func advance(residual: Double) {
    if residual > Anderson.growthLimit * smallestResidual {
      differences = []
      smallestResidual = residual
    } else {
      if head >= 0 { differences.insert(head, at: 0) }
      smallestResidual = min(smallestResidual, residual)
    }
    head = (head + 1) % slots
    if differences.last == head { differences.removeLast() }
  }

  /// The least-squares coefficients γ, in the order of `differences`.
  ///
  /// - Parameter products: of the newest difference, then of the residual, with all differences, `slots` places each.
  mutating func coefficients(products: ArraySlice<Double>) -> [Double] {
    guard let newest = differences.first else { return [] }
    let first = products.startIndex
    for (column, slot) in differences.enumerated() {
      gram[newest * slots + slot] = products[first + column]
      gram[slot * slots + newest] = products[first + column]
    }
    return FilteredNormalEquations.solve(
      count: differences.count, product: { gram[differences[$0] * slots + differences[$1]] },
      right: { products[first + slots + $0] })
  }
}
