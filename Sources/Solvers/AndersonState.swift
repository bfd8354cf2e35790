import Tensors

/// The histories of ``Anderson`` over the active samples.
///
/// Each sample owns `memory + 1` pairs of slots. The first slot of a pair holds `r_k` and is turned into `r_{k+1} − r_k`
/// in place one step later; the second does the same for the mixed point `z_k + β r_k`, so that its difference is a
/// column of `ΔZ + β ΔR`.
struct AndersonState<Scalar: TensorScalar>: FixedPointState {
  private let mixing: Scalar
  private var slots: HistorySlots<Scalar>
  private var samples: [AndersonHistory]

  init(method: Anderson, start: Tensor<Scalar>) {
    mixing = Scalar(method.mixing)
    slots = HistorySlots(2 * (method.memory + 1), like: start)
    samples = (0..<start.samples).map { AndersonHistory(place: $0, pairs: method.memory + 1) }
  }

  mutating func keep(rows: [Int]) { samples = rows.map { samples[$0] } }

  mutating func next(after iterate: FixedPointIterate<Scalar>) -> Tensor<Scalar> {
    for row in samples.indices { samples[row].advance(residual: iterate.residuals[row]) }
    let products = absorb(iterate)
    let width = products.count / max(1, samples.count)
    let terms = samples.indices.map { samples[$0].combination(products: products[$0 * width..<($0 + 1) * width]) }
    return Tensor(shape: iterate.points.shape) { out in
      guard let y = out.baseAddress else { return }
      slots.withPieces(of: samples.map(\.place)) { access, pieces in
        pieces.forEach { row, range in
          access.combine(terms[row], row: row, range: range, into: y + row * pieces.stride + range.lowerBound)
        }
      }
    }
  }

  /// Writes residual, mixed point and the newest difference into the slots; one pass over everything.
  ///
  /// - Returns: for each row and each difference, newest first, the products of the newest difference and of the residual
  ///   with it, in `2·(memory + 1)` places.
  private mutating func absorb(_ iterate: FixedPointIterate<Scalar>) -> [Double] {
    let (samples, mixing, kernels) = (samples, mixing, Scalar.kernels)
    let pairs = samples.first?.pairs ?? 0
    var products: [Double] = []
    slots.withPieces(of: samples.map(\.place)) { access, pieces in
      iterate.points.withUnsafeBuffer { points in
        iterate.images.withUnsafeBuffer { images in
          guard let z = points.baseAddress, let f = images.baseAddress else { return }
          products = pieces.sums(2 * pairs) { row, range, sums in
            let (sample, count) = (samples[row], range.count)
            let offset = row * pieces.stride + range.lowerBound
            func residual(_ pair: Int) -> UnsafeMutablePointer<Scalar> {
              access.pointer(row, slot: AndersonHistory.residualSlot(pair), from: range.lowerBound)
            }
            func mixed(_ pair: Int) -> UnsafeMutablePointer<Scalar> {
              access.pointer(row, slot: AndersonHistory.mixedSlot(pair), from: range.lowerBound)
            }
            kernels.subtract(count, f + offset, z + offset, residual(sample.head))
            mixed(sample.head).update(from: f + offset, count: count)
            if mixing != 1 { kernels.axpby(count, 1 - mixing, z + offset, mixing, mixed(sample.head)) }
            guard let newest = sample.differences.first else { return }
            kernels.axpby(count, 1, residual(sample.head), -1, residual(newest))
            let columns = sample.differences.map { UnsafePointer(residual($0)) as UnsafePointer<Scalar>? }
            kernels.dotPairs(
              count, residual(newest), residual(sample.head), columns.count, columns, sums)
          }
        }
      }
    }
    return products
  }
}

/// The small numbers of one sample's history: which pairs of slots hold differences, and their Gram matrix.
struct AndersonHistory {
  /// The sample's place among the slots.
  let place: Int
  /// How many pairs of slots there are.
  let pairs: Int
  /// The pair of the current residual; −1 before the first.
  private(set) var head = -1
  /// The pairs that hold differences, newest first.
  private(set) var differences: [Int] = []
  private var gram: [Double]
  private var safeguard = GrowthGuard(limit: Anderson.growthLimit)

  init(place: Int, pairs: Int) {
    self.place = place
    self.pairs = pairs
    gram = Array(repeating: 0, count: pairs * pairs)
  }

  static func residualSlot(_ pair: Int) -> Int { 2 * pair }
  static func mixedSlot(_ pair: Int) -> Int { 2 * pair + 1 }

  /// Makes room for a new residual: the previous one becomes a difference, or the history is forgotten.
  mutating func advance(residual: Double) {
    if safeguard.rejects(residual: residual) {
      differences = []
    } else if head >= 0 {
      differences.insert(head, at: 0)
    }
    head = (head + 1) % pairs
    if differences.last == head { differences.removeLast() }
    safeguard.proposes(accelerated: !differences.isEmpty)
  }

  /// The next point `z_k + β r_k − Σ γ_j (ΔZ + β ΔR)_j` as a combination of slots.
  ///
  /// - Parameter products: with each difference, newest first, of the newest difference and of the residual.
  mutating func combination(products: ArraySlice<Double>) -> [SlotTerm] {
    let first = products.startIndex
    for (column, pair) in differences.enumerated() {
      gram[differences[0] * pairs + pair] = products[first + 2 * column]
      gram[pair * pairs + differences[0]] = products[first + 2 * column]
    }
    let coefficients = FilteredNormalEquations.solve(
      count: differences.count, product: { gram[differences[$0] * pairs + differences[$1]] },
      right: { products[first + 2 * $0 + 1] })
    // Differences of neighbours, as factors of the points themselves.
    let chain = [head] + differences
    let before = [1] + coefficients
    let after = coefficients + [0]
    return zip(chain, zip(before, after)).map { (Self.mixedSlot($0), $1.0 - $1.1) }.filter { $0.1 != 0 }
  }
}
