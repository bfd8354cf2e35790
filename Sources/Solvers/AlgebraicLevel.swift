import CKernels
import Tensors

/// The memory of one level of algebraic multigrid, in the arrangement of `CKernelsAlgebraic.h`; it only grows.
struct AlgebraicLevel: Sendable {
  /// Points of the level and of the next one.
  private(set) var (count, coarse) = (0, 0)
  var strips = AlgebraicStrips(count: 0)
  private var rowStarts: [Int32] = []
  private var columns: [Int32] = []
  private var couplings: [Float] = []
  private var vectors: [Double] = []
  private var transferStarts: [Int32] = []
  private var transferPoints: [Int32] = []
  private var weights: [Float] = []
  /// Coarse points in all rows of the interpolation.
  private var weightCount = 0

  /// The bytes of all arrays.
  var byteCount: Int {
    rowStarts.byteCount + columns.byteCount + couplings.byteCount + vectors.byteCount + transferStarts.byteCount
      + transferPoints.byteCount + weights.byteCount
  }

  /// Makes room for the points of a level, in strips.
  mutating func prepare(strips: AlgebraicStrips) {
    self.strips = strips
    (count, coarse, weightCount) = (strips.points, 0, 0)
    rowStarts.grow(to: 2 * count + 1)
    vectors.grow(to: 3 * count)
    transferStarts.grow(to: 2 * (count + 1))
  }

  /// Makes room for the couplings.
  mutating func prepare(couplings count: Int) {
    columns.grow(to: count)
    couplings.grow(to: count)
  }

  /// Makes room for the transfer from and to `coarse` points with this many weights.
  mutating func prepare(weights count: Int, coarse: Int) {
    (self.coarse, weightCount) = (coarse, count)
    transferPoints.grow(to: 2 * count)
    weights.grow(to: 2 * count)
  }

  /// Lends all arrays to kernels.
  mutating func withKernel<R>(_ body: (UnsafePointer<ck_algebraic_level>) -> R) -> R {
    let (count, coarse, weightCount) = (count, coarse, weightCount)
    return rowStarts.withUnsafeMutableBufferPointer { rowStarts in
      columns.withUnsafeMutableBufferPointer { columns in
        couplings.withUnsafeMutableBufferPointer { couplings in
          vectors.withUnsafeMutableBufferPointer { vectors in
            transferStarts.withUnsafeMutableBufferPointer { transferStarts in
              transferPoints.withUnsafeMutableBufferPointer { points in
                weights.withUnsafeMutableBufferPointer { weights in
                  let (rows, values) = (rowStarts.baseAddress, vectors.baseAddress)
                  var level = ck_algebraic_level()
                  (level.count, level.coarse) = (count, coarse)
                  (level.start, level.middle) = (rows, rows.map { $0 + count + 1 })
                  (level.columns, level.couplings) = (columns.baseAddress, couplings.baseAddress)
                  (level.inverse, level.unknown) = (values, values.map { $0 + count })
                  level.right = values.map { $0 + 2 * count }
                  let starts = transferStarts.baseAddress
                  (level.fromStart, level.toStart) = (starts, starts.map { $0 + count + 1 })
                  (level.from, level.to) = (points.baseAddress, points.baseAddress.map { $0 + weightCount })
                  (level.fromWeights, level.toWeights) = (
                    weights.baseAddress, weights.baseAddress.map { $0 + weightCount }
                  )
                  return withUnsafePointer(to: level, body)
                }
              }
            }
          }
        }
      }
    }
  }
}

extension Array {
  /// The bytes of the elements there is room for.
  var byteCount: Int { capacity * MemoryLayout<Element>.stride }
}

extension Array where Element: Numeric {
  /// Makes the array at least this long; what it holds is lost when it grows.
  mutating func grow(to count: Int) {
    guard count > self.count else { return }
    self = []
    self = Array(repeating: 0, count: count)
  }
}
