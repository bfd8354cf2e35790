import CKernels

/// The arrays of one level that only its set-up needs, in the arrangement of `CKernelsAlgebraic.h`.
struct AlgebraicScratch {
  private(set) var count = 0
  var couplings: [Double] = []
  var sums: [Double] = []
  private var weights: [Double] = []
  private var weightCount = 0
  /// Threshold and image of every point.
  private var values: [Double] = []
  private var state: [Int8] = []
  /// Number, influence, next and previous of every point.
  private var lists: [Int32] = []

  /// Makes room for the sums of rows.
  mutating func prepare(points: Int) {
    count = points
    sums.grow(to: points)
  }

  /// Makes room for couplings.
  mutating func prepare(couplings count: Int) { couplings.grow(to: count) }

  /// Makes room for choosing coarse points.
  mutating func prepareSplitting() {
    values.grow(to: 2 * count)
    state.grow(to: count)
    lists.grow(to: 4 * count)
  }

  /// Makes room for interpolation with this many weights.
  mutating func prepare(weights count: Int) {
    weightCount = count
    weights.grow(to: 2 * count)
  }

  /// Lends all arrays to kernels.
  mutating func withKernel<R>(_ body: (UnsafePointer<ck_algebraic_setup>) -> R) -> R {
    let (count, weightCount) = (count, weightCount)
    return couplings.withUnsafeMutableBufferPointer { couplings in
      sums.withUnsafeMutableBufferPointer { sums in
        weights.withUnsafeMutableBufferPointer { weights in
          values.withUnsafeMutableBufferPointer { values in
            state.withUnsafeMutableBufferPointer { state in
              lists.withUnsafeMutableBufferPointer { lists in
                var setUp = ck_algebraic_setup()
                (setUp.couplings, setUp.sums) = (couplings.baseAddress, sums.baseAddress)
                (setUp.fromWeights, setUp.toWeights) = (
                  weights.baseAddress, weights.baseAddress.map { $0 + weightCount }
                )
                (setUp.threshold, setUp.image) = (values.baseAddress, values.baseAddress.map { $0 + count })
                (setUp.state, setUp.number) = (state.baseAddress, lists.baseAddress)
                setUp.influence = lists.baseAddress.map { $0 + count }
                setUp.next = lists.baseAddress.map { $0 + 2 * count }
                setUp.previous = lists.baseAddress.map { $0 + 3 * count }
                return withUnsafePointer(to: setUp, body)
              }
            }
          }
        }
      }
    }
  }
}
