import DatasetIO
import Spectral
import Tensors

/// The Fourier modes of fields on a grid, with those of bounded fields taken from their even reflection.
///
/// A field on vertices u₀ … uₙ₋₁ continues as uₙ₋₂ … u₁, one in the middles of cells as uₙ₋₁ … u₀, with twice the period: a
/// cosine transform, without a jump at the edges. The mean square over the continued grid is that over the domain with
/// weights of area, so Parseval's identity holds for the weighted norm.
struct FieldExtension {
  /// Where a point of the continued grid takes its value, by axis (y, x).
  private let sources: [[Int]]
  private let transform: FourierTransform<Double>
  /// The length |k| of every stored mode, in cycles along the longer side of the domain.
  let wavenumbers: [Double]
  /// How often each stored mode occurs in the whole spectrum, 1 or 2.
  private let multiplicity: [Double]

  init(_ axes: GridAxes) throws {
    sources = [axes.y, axes.x].map(Self.sources)
    let grid = sources.map(\.count)
    let band = SpectralBand.full(grid: grid)
    transform = try FourierTransform(grid: grid, band: band)
    let longer = max(axes.y.upper - axes.y.lower, axes.x.upper - axes.x.lower)
    let cycles = [axes.y, axes.x].enumerated().map { number, axis in
      let period = (axis.upper - axis.lower) * (axis.kind == .periodic ? 1 : 2)
      return band.wavenumbers(axis: number).map { Double($0) * longer / period }
    }
    wavenumbers = cycles[0].flatMap { ky in cycles[1].map { kx in (ky * ky + kx * kx).squareRoot() } }
    let last = grid[1]
    let columns = band.wavenumbers(axis: 1).map { $0 == 0 || 2 * $0 == last ? 1.0 : 2.0 }
    multiplicity = cycles[0].flatMap { _ in columns }
  }

  /// The mean square of a field, (y, x) row by row, in each stored mode; they add up to that of the field.
  func energies(_ field: [Double]) -> [Double] {
    let width = sources[1].max().map { $0 + 1 } ?? 0
    let values = sources[0].flatMap { row in sources[1].map { field[row * width + $0] } }
    let shape = sources.map(\.count)
    let planes = transform.forward(Tensor(shape: [1] + shape, elements: values)).planes
    let scale = 1 / Double(values.count * values.count)
    let modes = wavenumbers.count
    return planes.withUnsafeBuffer { plane in
      (0..<modes).map { mode in
        let (real, imaginary) = (plane[mode], plane[modes + mode])
        return multiplicity[mode] * scale * (real * real + imaginary * imaginary)
      }
    }
  }

  private static func sources(_ axis: GridAxis) -> [Int] {
    let points = Array(0..<axis.count)
    return switch axis.kind {
    case .periodic: points
    case .vertex: points + points.dropFirst().dropLast().reversed()
    case .centred: points + points.reversed()
    }
  }
}
