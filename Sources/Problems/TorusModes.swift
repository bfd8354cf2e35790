public import Spectral
public import Tensors

/// Real periodic fields with zero mean on a square torus as vectors of their kept Fourier modes.
///
/// A vector holds two planes, `√2 Re a_k` and `√2 Im a_k` of the coefficients in `f(x) = Σ_k a_k exp(i k·x)`, in the order
/// of a `SpectralBand` with |k| ≤ K on both axes (x in the half spectrum). Of the modes with kx = 0, which come in
/// conjugate pairs, those with ky > 0 stand for both; the other entries of that column, the mean included, are zero. So
///
///     x · y = ∫ f g dA / L²,
///
/// a norm is the root mean square of the field, and a mode has the same number on every grid.
public struct TorusModes: Hashable, Sendable {
  /// Points along either axis.
  public let grid: Int
  /// The length L of either axis.
  public let extent: Double
  /// Which modes are kept.
  public let dealiasing: Dealiasing

  /// The modes of an n × n grid on [0, L)², n large enough to keep one.
  public init(grid: Int, extent: Double = 2 * .pi, dealiasing: Dealiasing = .twoThirds) {
    precondition(dealiasing.largestWavenumber(points: grid) >= 1, "a grid of \(grid)² points keeps no mode")
    precondition(extent > 0 && extent.isFinite, "the length of an axis is positive, found \(extent)")
    self.grid = grid
    self.extent = extent
    self.dealiasing = dealiasing
  }

  /// The largest wavenumber K of either axis, as a multiple of 2π/L.
  public var largest: Int { dealiasing.largestWavenumber(points: grid) }

  /// Wavenumbers 0…K, −K…−1 of y and 0…K of x.
  public var band: SpectralBand { SpectralBand(nonnegative: [largest + 1], negative: [largest], last: largest + 1) }

  /// The shape of a vector: planes, modes.
  public var shape: [Int] { [2, band.count] }

  /// Independent real unknowns, `(2K + 1)² − 1`.
  public var unknowns: Int { (2 * largest + 1) * (2 * largest + 1) - 1 }

  /// The position of a mode in a plane; `kx > 0`, or `kx = 0` and `ky > 0`.
  func position(kx: Int, ky: Int) -> Int { (ky >= 0 ? ky : ky + 2 * largest + 1) * (largest + 1) + kx }

  /// Calls `body` with every independent mode, in the order of a plane.
  func forEach(_ body: (_ position: Int, _ kx: Int, _ ky: Int) -> Void) {
    for row in 0...2 * largest {
      let ky = row <= largest ? row : row - 2 * largest - 1
      for kx in 0...largest where kx > 0 || ky > 0 { body(row * (largest + 1) + kx, kx, ky) }
    }
  }

  /// One number a mode as a plane; 0 at the entries that stand for nothing.
  func plane(_ value: (_ kx: Double, _ ky: Double) -> Double) -> Tensor<Double> {
    let unit = 2 * Double.pi / extent
    var plane = Tensor<Double>.zeros([band.count])
    plane.withUnsafeMutableBuffer { out in
      forEach { position, kx, ky in out[position] = value(unit * Double(kx), unit * Double(ky)) }
    }
    return plane
  }

  /// `∂y/∂x − ∂x/∂y` of a vector field with the components x and y.
  public func curl(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double> {
    let (along, across) = (plane { kx, _ in kx }, plane { _, ky in ky })
    let count = band.count
    return Tensor(shape: shape) { out in
      x.withUnsafeBuffer { x in
        y.withUnsafeBuffer { y in
          along.withUnsafeBuffer { kx in
            across.withUnsafeBuffer { ky in
              for i in 0..<count {
                out[i] = -kx[i] * y[count + i] + ky[i] * x[count + i]
                out[count + i] = kx[i] * y[i] - ky[i] * x[i]
              }
            }
          }
        }
      }
    }
  }

  /// The same field in the modes of another grid of the same torus: shorter waves are dropped, or are zero.
  public func moved(_ vector: Tensor<Double>, to other: TorusModes) -> Tensor<Double> {
    precondition(vector.shape == shape, "a vector \(vector.shape) of modes \(shape)")
    let shared = min(largest, other.largest)
    let (count, otherCount) = (band.count, other.band.count)
    var result = Tensor<Double>.zeros(other.shape)
    result.withUnsafeMutableBuffer { out in
      vector.withUnsafeBuffer { input in
        for plane in 0..<2 {
          for ky in -shared...shared {
            for kx in 0...shared where kx > 0 || ky > 0 {
              out[plane * otherCount + other.position(kx: kx, ky: ky)] =
                input[plane * count + position(kx: kx, ky: ky)]
            }
          }
        }
      }
    }
    return result
  }
}

/// Between vectors and fields [n, n], axes (y, x).
public struct TorusTransform: Sendable {
  /// The modes.
  public let modes: TorusModes
  /// The transform of the grid.
  let fourier: FourierTransform<Double>
  /// From a vector to the coefficients that the inverse transform takes: the half spectrum counts the column kx = 0 once,
  /// here half of it stands for all.
  let toSpectrum: Tensor<Double>
  /// From coefficients of the forward transform to a vector.
  let toVector: Tensor<Double>

  /// Prepares plans or tables; keep it when many fields follow.
  public init(_ modes: TorusModes) {
    self.modes = modes
    do {
      fourier = try FourierTransform(grid: [modes.grid, modes.grid], band: modes.band)
    } catch {
      preconditionFailure("\(error)")
    }
    let points = Double(modes.grid * modes.grid)
    toVector = modes.plane { _, _ in 2.0.squareRoot() / points }
    toSpectrum = modes.plane { kx, _ in (kx == 0 ? 2 : 1) * points / 2.0.squareRoot() }
  }

  /// The kept modes of a field without its mean.
  public func vector(of field: Tensor<Double>) -> Tensor<Double> {
    scaled(fourier.forward(field).planes, by: toVector)
  }

  /// The field of a vector.
  public func field(of vector: Tensor<Double>) -> Tensor<Double> {
    precondition(vector.shape == modes.shape, "a vector \(vector.shape) of modes \(modes.shape)")
    return fourier.inverse(
      Spectrum(planes: scaled(vector, by: toSpectrum), band: modes.band, grid: [modes.grid, modes.grid]))
  }

  private func scaled(_ planes: Tensor<Double>, by factors: Tensor<Double>) -> Tensor<Double> {
    Tensor(shape: planes.shape) { out in
      planes.withUnsafeBuffer { input in
        factors.withUnsafeBuffer { factor in
          for i in 0..<out.count { out[i] = input[i] * factor[i % factor.count] }
        }
      }
    }
  }
}
