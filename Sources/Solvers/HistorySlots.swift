import Tensors

/// A slot and its factor in a linear combination.
typealias SlotTerm = (slot: Int, factor: Double)

/// Room for a fixed number of states a sample, allocated once for a solve.
///
/// A slot is addressed by the sample's place in the batch at the start, so finished samples need no copying.
struct HistorySlots<Scalar: TensorScalar> {
  let stride: Int
  private let slots: Int
  private var storage: Tensor<Scalar>

  init(_ slots: Int, like start: Tensor<Scalar>) {
    self.slots = slots
    stride = start.sampleStride
    // Slots are written before they are read, so the contents need no initial value.
    storage = Tensor(shape: [start.samples, slots, stride]) { _ in }
  }

  /// Runs `body` with access to the slots of `places`, cut into pieces for parallel work.
  mutating func withPieces(of places: [Int], _ body: (Access, SamplePieces) -> Void) {
    let (slots, stride) = (slots, stride)
    storage.withUnsafeMutableBuffer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(
        Access(base: base, slots: slots, stride: stride, places: places),
        SamplePieces(rows: places.count, stride: stride))
    }
  }

  /// Where the slots of the active samples lie; valid inside `withPieces` only.
  struct Access {
    fileprivate let base: UnsafeMutablePointer<Scalar>
    fileprivate let slots: Int
    fileprivate let stride: Int
    fileprivate let places: [Int]

    /// The part of a row's slot that starts at an element.
    func pointer(_ row: Int, slot: Int, from element: Int) -> UnsafeMutablePointer<Scalar> {
      base + (places[row] * slots + slot) * stride + element
    }

    /// `out = Σ factor·slot` over a range of elements of a row; `out` may be one of the slots.
    func combine(_ terms: [SlotTerm], row: Int, range: Range<Int>, into out: UnsafeMutablePointer<Scalar>) {
      withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>?.self, capacity: terms.count) { columns in
        withUnsafeTemporaryAllocation(of: Scalar.self, capacity: terms.count) { factors in
          guard let firstColumn = columns.baseAddress, let firstFactor = factors.baseAddress else { return }
          for (index, term) in terms.enumerated() {
            columns.initializeElement(at: index, to: pointer(row, slot: term.slot, from: range.lowerBound))
            factors.initializeElement(at: index, to: Scalar(term.factor))
          }
          Scalar.kernels.combine(range.count, terms.count, firstColumn, firstFactor, out)
        }
      }
    }
  }
}
