public import Tensors

/// Fourier modes of real fields: numbers in the transform domain, which cannot be mistaken for a field.
///
/// Unnormalised: mode k of a field u on N points is `Σ_j u_j exp(−2πi k·j/n)`.
public struct Spectrum<Scalar: TensorScalar>: Sendable {
  /// [fields…, 2, modes]: the plane of real parts, then the plane of imaginary parts; the modes in row-major order of the
  /// band's shape, the last axis contiguous.
  public var planes: Tensor<Scalar> {
    didSet { precondition(planes.shape == oldValue.shape, "the shape of a spectrum's planes is fixed") }
  }
  /// The modes stored along each axis.
  public let band: SpectralBand
  /// The grid whose transform this is; its size is part of the modes' normalisation.
  public let grid: [Int]

  /// Modes that were computed elsewhere, [fields…, 2, band.count].
  public init(planes: Tensor<Scalar>, band: SpectralBand, grid: [Int]) {
    precondition(
      Array(planes.shape.suffix(2)) == [2, band.count],
      "planes of shape \(planes.shape) do not hold two planes of \(band.count) modes")
    self.planes = planes
    self.band = band
    self.grid = grid
  }

  /// The leading axes, without the planes and the modes.
  public var fieldShape: [Int] { Array(planes.shape.dropLast(2)) }

  /// The number of fields.
  public var fieldCount: Int { fieldShape.reduce(1, *) }
}
