public import DatasetIO
public import Tensors

/// How predictions of one field differ from the truth, over all samples of an evaluation.
public struct FieldMetrics: Codable, Sendable {
  /// The field's name.
  public let field: String
  /// The measures of PDEBench as its code computes them.
  public let pdebench: ErrorMeasures
  /// The same measures as they are meant; see ``ErrorMeasures`` for the differences.
  public let corrected: ErrorMeasures
  /// Mean over samples of `‖e‖/‖t‖` with `‖u‖² = ∫ u² + |∇u|²`, in the units of the file's coordinates.
  public let relativeH1: Double
  /// Energy by wavenumber.
  public let spectrum: RadialSpectrum
}

/// The mean square of fields in shells of wavenumbers, `k − ½ ≤ |k| < k + ½` in cycles along the longer side of the domain;
/// all shells of a field add up to its mean square. Bounded fields are reflected at their edges.
public struct RadialSpectrum: Codable, Sendable {
  /// 0, 1, 2, …
  public internal(set) var wavenumber: [Int]
  /// Mean over samples of the energy of the truth.
  public internal(set) var truth: [Double]
  /// That of the predictions.
  public internal(set) var prediction: [Double]
  /// That of their difference.
  public internal(set) var error: [Double]
}

/// Collects the errors of one field, sample by sample.
public struct FieldMetricsSum {
  private let field: String
  private let shape: [Int]
  private let measure: GridMeasure
  private let modes: FieldExtension
  private let published: PublishedMeasuresSum

  private var plain: PublishedMeasuresSum.Totals
  private var samples = 0
  private var (rmse, nrmse, boundary, h1) = (0.0, 0.0, 0.0, 0.0)
  private var squaredMeans = 0.0
  private var maximum = 0.0
  private var bands: [Double]
  private var shells: [(truth: Double, prediction: Double, error: Double)]
  private let hasBoundary: Bool
  private let hasBand: [Bool]

  /// - Parameters:
  ///   - field: its name.
  ///   - axes: its points.
  public init(_ field: String, on axes: GridAxes) throws {
    self.field = field
    shape = [axes.y.count, axes.x.count]
    measure = GridMeasure(axes)
    modes = try FieldExtension(axes)
    published = try PublishedMeasuresSum(shape)
    plain = published.empty
    hasBoundary = measure.boundaryMean { _ in 1 } != nil
    let present = Set(modes.wavenumbers.map(ErrorMeasures.Bands.index))
    hasBand = (0...ErrorMeasures.Bands.limits.count).map(present.contains)
    bands = hasBand.map { _ in 0 }
    let last = modes.wavenumbers.map(Self.shell).max() ?? 0
    shells = Array(repeating: (0, 0, 0), count: last + 1)
  }

  /// Adds one sample, fields of shape (y, x).
  public mutating func add<Scalar: TensorScalar>(_ prediction: Tensor<Scalar>, _ target: Tensor<Scalar>) {
    let p = prediction.elements.map(Double.init)
    let t = target.elements.map(Double.init)
    precondition(p.count == shape[0] * shape[1] && t.count == p.count, "fields of other than \(shape) points")
    let e = zip(p, t).map { $0 - $1 }
    samples += 1
    published.add(e, t, to: &plain)

    let (errorSquare, targetSquare) = (measure.mean { e[$0] * e[$0] }, measure.mean { t[$0] * t[$0] })
    rmse += errorSquare.squareRoot()
    nrmse += (errorSquare / targetSquare).squareRoot()
    let mean = measure.mean { e[$0] }
    squaredMeans += mean * mean
    boundary += measure.boundaryMean { e[$0] * e[$0] }?.squareRoot() ?? 0
    maximum = max(maximum, e.map(\.magnitude).max() ?? 0)
    let (errorSlope, targetSlope) = (measure.meanSquaredGradient(e), measure.meanSquaredGradient(t))
    h1 += ((errorSquare + errorSlope) / (targetSquare + targetSlope)).squareRoot()

    var squares = bands.map { _ in 0.0 }
    for (k, energy) in zip(modes.wavenumbers, modes.energies(e)) {
      squares[ErrorMeasures.Bands.index(k)] += energy
      shells[Self.shell(k)].error += energy
    }
    for (band, square) in squares.enumerated() { bands[band] += square.squareRoot() }
    for (k, energy) in zip(modes.wavenumbers, modes.energies(t)) { shells[Self.shell(k)].truth += energy }
    for (k, energy) in zip(modes.wavenumbers, modes.energies(p)) { shells[Self.shell(k)].prediction += energy }
  }

  /// The measures of the samples so far, at least one.
  public var result: FieldMetrics {
    let n = Double(samples)
    return FieldMetrics(
      field: field, pdebench: published.measures(plain),
      corrected: ErrorMeasures(
        rmse: rmse / n, nrmse: nrmse / n, crmse: (squaredMeans / n).squareRoot(),
        brmse: hasBoundary ? boundary / n : nil,
        frmse: .init(zip(bands, hasBand).map { $1 ? $0 / n : nil }), maximum: maximum),
      relativeH1: h1 / n,
      spectrum: RadialSpectrum(
        wavenumber: Array(shells.indices), truth: shells.map { $0.truth / n },
        prediction: shells.map { $0.prediction / n }, error: shells.map { $0.error / n }))
  }

  private static func shell(_ wavenumber: Double) -> Int { Int((wavenumber + 0.5).rounded(.down)) }
}
