import Foundation

/// How a transform is computed; the result differs by rounding only.
public enum FourierRoute: Hashable, Sendable, CaseIterable {
  /// Products with cosine and sine tables, one axis after another; for truncated bands and for lengths that FFTs dislike.
  case matrix
  /// FFTW over all modes; for full bands.
  case fft
  /// FFTW along the last axis, then along the leading axes for the kept columns alone.
  case prunedFFT

  /// The route with the smallest estimated time for one field of `scalarBytes` a number.
  ///
  /// A count of operations and bytes, never a timing, so that the same recipe takes the same route, and gives the same
  /// bits, on every machine.
  static func cheapest(grid: [Int], band: SpectralBand, scalarBytes: Int) -> FourierRoute {
    let cost = TransformCost(grid: grid, band: band, scalarBytes: scalarBytes)
    let fft: FourierRoute = band.last == grid[grid.count - 1] / 2 + 1 ? .fft : .prunedFFT
    return cost.matrixSeconds <= cost.fftSeconds ? .matrix : fft
  }
}

/// Estimated seconds for one field of one map by matrix products and by FFTW.
///
/// The rates are those of one core with 512-bit vectors and Debian's FFTW (SSE2 and AVX kernels); measured times of
/// grids from 16² to 421² lie within a factor 1.5 of the estimates. On another machine the rates are wrong by a common
/// factor first, and the choice between routes only near a tie.
struct TransformCost {
  let matrixSeconds: Double
  let fftSeconds: Double
  /// Floating-point operations of the matrix products.
  let matrixOperations: Double
  /// Floating-point operations of FFTW, as usually counted.
  let fftOperations: Double

  /// Operations a second of the matrix kernels on 4-byte numbers; half as many on 8-byte numbers.
  private static let matrixRate = 100e9
  /// Operations a second of FFTW, counted as 5 n log₂ n for a complex transform; close to equal in both precisions.
  private static let fftRate = 9e9
  /// Bytes a second from memory, and the size of tables above which they have to come from there for every field.
  private static let memoryRate = 10e9
  private static let cacheBytes = 1 << 20

  /// `band` fits `grid`.
  init(grid: [Int], band: SpectralBand, scalarBytes: Int) {
    let rank = grid.count
    let n = grid[rank - 1]
    let points = grid.reduce(1, *)

    // One multiply-add per sum and point of an axis; leading axes are folded, which leaves half the points.
    var (operations, tableEntries, rows) = (0.0, 0, 1)
    for axis in 0..<rank - 1 {
      let inner = grid[(axis + 1)...].reduce(1, *)
      let sums = 2 * max(band.nonnegative[axis], band.negative[axis] + 1)
      operations += 2 * Double(rows * sums * inner) * Double(grid[axis]) / 2
      tableEntries += grid[axis] / 2 * sums
      rows *= sums
    }
    operations += 2 * Double(rows * n) * Double(2 * band.last)
    tableEntries += n * 2 * band.last
    let tableBytes = tableEntries * scalarBytes
    matrixOperations = operations
    matrixSeconds =
      operations / (Self.matrixRate * 4 / Double(scalarBytes))
      + (tableBytes > Self.cacheBytes ? Double(tableBytes) / Self.memoryRate : 0)

    // Half a complex transform for each row of the last axis, a whole one for each kept column of the others.
    var work = Double(points) * Self.operationsPerPoint(n) / 2
    for axis in 0..<rank - 1 { work += Double(points / n * band.last) * Self.operationsPerPoint(grid[axis]) }
    fftOperations = work
    fftSeconds = work / Self.fftRate
  }

  /// FFTW's operations for a complex transform of length n, divided by n: `5 log₂ p` for each prime factor p that has a
  /// hand-made kernel; a direct sum or, for larger primes, Rader's convolution by two transforms otherwise.
  static func operationsPerPoint(_ length: Int) -> Double {
    primeFactors(length).reduce(0) { sum, p in
      let logarithm = log2(Double(p))
      return sum + (p <= 13 ? 5 * logarithm : min(3 * Double(p), 23 * logarithm))
    }
  }

  private static func primeFactors(_ number: Int) -> [Int] {
    var (rest, factor, result) = (number, 2, [Int]())
    while factor * factor <= rest {
      if rest % factor == 0 {
        result.append(factor)
        rest /= factor
      } else {
        factor += 1
      }
    }
    return rest > 1 ? result + [rest] : result
  }
}
