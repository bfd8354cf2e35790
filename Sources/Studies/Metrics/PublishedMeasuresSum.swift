import Spectral
import Tensors

/// The measures of PDEBench as its code computes them; ``ErrorMeasures`` has the definitions.
struct PublishedMeasuresSum {
  private let (rows, columns): (Int, Int)
  private let transform: FourierTransform<Double>
  /// Modes of the quadrant with their shells, and the number of shells.
  private let quadrant: [(mode: Int, shell: Int)]
  private let shellCount: Int

  /// Sums over samples.
  struct Totals {
    var samples = 0
    var rmse = 0.0
    var nrmse = 0.0
    var boundary = 0.0
    var squaredSums = 0.0
    var maximum = 0.0
    var shells: [Double]
  }

  var empty: Totals { Totals(shells: Array(repeating: 0, count: shellCount)) }

  init(_ shape: [Int]) throws {
    (rows, columns) = (shape[0], shape[1])
    let band = SpectralBand.full(grid: shape)
    transform = try FourierTransform(grid: shape, band: band)
    let count = min(rows / 2, columns / 2)
    shellCount = count
    let width = band.last
    quadrant = (0..<shape[0] / 2).flatMap { ky in
      (0..<shape[1] / 2).compactMap { kx -> (mode: Int, shell: Int)? in
        let shell = Int(Double(kx * kx + ky * ky).squareRoot())
        return shell < count ? (ky * width + kx, shell) : nil
      }
    }
  }

  /// Adds a sample's error e and target t, row by row.
  func add(_ e: [Double], _ t: [Double], to totals: inout Totals) {
    let squares = e.map { $0 * $0 }
    let rmse = (squares.reduce(0, +) / Double(e.count)).squareRoot()
    totals.samples += 1
    totals.rmse += rmse
    totals.nrmse += rmse / (t.reduce(0) { $0 + $1 * $1 } / Double(t.count)).squareRoot()
    let sum = e.reduce(0, +)
    totals.squaredSums += sum * sum
    totals.maximum = max(totals.maximum, e.map(\.magnitude).max() ?? 0)
    var edges = 0.0
    for column in 0..<columns { edges += squares[column] + squares[(rows - 1) * columns + column] }
    for row in 0..<rows { edges += squares[row * columns] + squares[(row + 1) * columns - 1] }
    totals.boundary += (edges / Double(2 * rows + 2 * columns)).squareRoot()
    let spectrum = transform.forward(Tensor(shape: [1, rows, columns], elements: e))
    let modes = spectrum.band.count
    spectrum.planes.withUnsafeBuffer { plane in
      for (mode, shell) in quadrant {
        totals.shells[shell] += plane[mode] * plane[mode] + plane[modes + mode] * plane[modes + mode]
      }
    }
  }

  /// The measures of at least one sample.
  func measures(_ totals: Totals) -> ErrorMeasures {
    let n = Double(totals.samples)
    let points = Double(rows * columns)
    var bands: [[Double]] = Array(repeating: [], count: ErrorMeasures.Bands.limits.count + 1)
    for (shell, sum) in totals.shells.enumerated() {
      bands[ErrorMeasures.Bands.index(Double(shell))].append((sum / n).squareRoot() / points)
    }
    return ErrorMeasures(
      rmse: totals.rmse / n, nrmse: totals.nrmse / n, crmse: (totals.squaredSums / n).squareRoot() / points,
      brmse: totals.boundary / n,
      frmse: .init(bands.map { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }), maximum: totals.maximum)
  }
}
