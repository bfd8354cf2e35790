public import Tensors

/// The discrete Fourier transform of real fields on a periodic grid, restricted to a band of modes.
///
/// `X[k] = Σ_j u[j] exp(−2πi k·j/n)` forward, unnormalised; the inverse divides by the number of points N, takes absent
/// modes as zero and is real by definition: complex sums over the leading axes, then the real sum over the half spectrum,
/// in which the imaginary part of the columns k = 0 and k = n/2 has no effect (NumPy's `irfftn`). Spatial rank 1, 2 or 3
/// and any length, odd and prime included. Each of the four maps is linear over the reals, and each adjoint is the exact
/// transpose of its map on planes of real and imaginary parts: `⟨forward u, s⟩ = ⟨u, forwardAdjoint s⟩`.
///
/// Fields are the leading axes of a tensor, worked on in parallel, each by itself: a field's transform depends neither on
/// its neighbours nor on the number of threads.
public struct FourierTransform<Scalar: TensorScalar>: Sendable {
  /// Points along (…, z, y, x).
  public let grid: [Int]
  /// The modes that are computed.
  public let band: SpectralBand
  /// How they are computed.
  public let route: FourierRoute

  private let path: any TransformRoute<Scalar>

  /// Prepares tables or plans; keep the value when many fields of one grid follow.
  ///
  /// - Parameters:
  ///   - grid: points along each axis, 1 to 3 axes.
  ///   - band: the modes to keep.
  ///   - route: how to compute; by default the one that a count of operations finds cheapest.
  /// - Throws: when the band does not fit the grid.
  public init(grid: [Int], band: SpectralBand, route: FourierRoute? = nil) throws(SpectralBandError) {
    try band.validate(on: grid)
    self.grid = grid
    self.band = band
    let chosen = route ?? FourierRoute.cheapest(grid: grid, band: band, scalarBytes: MemoryLayout<Scalar>.stride)
    self.route = chosen
    path =
      switch chosen {
      case .matrix: MatrixRoute<Scalar>(grid: grid, band: band)
      case .fft: FFTRoute<Scalar>(grid: grid, band: band, columns: .all)
      case .prunedFFT: FFTRoute<Scalar>(grid: grid, band: band, columns: .kept)
      }
  }

  /// The modes of fields [fields…, grid…].
  public func forward(_ fields: Tensor<Scalar>) -> Spectrum<Scalar> { analysis(.unit, fields) }

  /// The real fields [fields…, grid…] that have these modes and no others.
  public func inverse(_ spectrum: Spectrum<Scalar>) -> Tensor<Scalar> { synthesis(.inverse, spectrum) }

  /// The transpose of `forward`: pulls a cotangent of modes back to fields.
  public func forwardAdjoint(_ spectrum: Spectrum<Scalar>) -> Tensor<Scalar> { synthesis(.unit, spectrum) }

  /// The transpose of `inverse`: pulls a cotangent of fields back to modes.
  public func inverseAdjoint(_ fields: Tensor<Scalar>) -> Spectrum<Scalar> { analysis(.inverse, fields) }

  private func analysis(_ weights: ColumnWeights, _ fields: Tensor<Scalar>) -> Spectrum<Scalar> {
    precondition(
      Array(fields.shape.suffix(grid.count)) == grid, "a transform on \(grid) was given fields of shape \(fields.shape)"
    )
    let shape = Array(fields.shape.dropLast(grid.count))
    let planes = Tensor<Scalar>(shape: shape + [2, band.count]) { out in
      fields.withUnsafeBuffer { input in
        guard let source = input.baseAddress, let target = out.baseAddress else { return }
        inPieces(of: shape.reduce(1, *)) { piece, scratch in
          analysis(
            weights, fields: piece.count, from: source + piece.lowerBound * fieldStride,
            to: target + piece.lowerBound * modeStride, scratch: scratch)
        }
      }
    }
    return Spectrum(planes: planes, band: band, grid: grid)
  }

  private func synthesis(_ weights: ColumnWeights, _ spectrum: Spectrum<Scalar>) -> Tensor<Scalar> {
    precondition(
      spectrum.band == band && spectrum.grid == grid,
      "a transform on \(grid) was given a spectrum from \(spectrum.grid) or of another band; resample it first")
    return Tensor(shape: spectrum.fieldShape + grid) { out in
      spectrum.planes.withUnsafeBuffer { input in
        guard let source = input.baseAddress, let target = out.baseAddress else { return }
        inPieces(of: spectrum.fieldCount) { piece, scratch in
          synthesis(
            weights, fields: piece.count, from: source + piece.lowerBound * modeStride,
            to: target + piece.lowerBound * fieldStride, scratch: scratch)
        }
      }
    }
  }

  /// Elements at most that one thread takes at a time, beyond a single field: some hundred microseconds of work.
  private static var pieceCount: Int { 1 << 17 }

  private func inPieces(of fields: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>) -> Void) {
    let size = max(1, min(path.group, Self.pieceCount / fieldStride))
    Parallel.chunks(of: fields, size: size) { piece in
      withScratch(of: Scalar.self, count: scratchCount(fields: piece.count)) { body(piece, $0) }
    }
  }
}

extension FourierTransform {
  /// Floating-point operations of one map of one field, counted as the route does them.
  public var operations: Double {
    let cost = TransformCost(grid: grid, band: band, scalarBytes: MemoryLayout<Scalar>.stride)
    return route == .matrix ? cost.matrixOperations : cost.fftOperations
  }
}

/// The two sums behind the four maps, on the caller's memory and on the calling thread; for operations that fuse a
/// transform with what comes before or after it.
extension FourierTransform {
  /// Elements of one field.
  public var fieldStride: Int { grid.reduce(1, *) }

  /// Elements of one field's two planes of modes.
  public var modeStride: Int { 2 * band.count }

  /// Elements of scratch memory that `fields` fields in one call need; aligned to 64 bytes is best.
  public func scratchCount(fields: Int) -> Int { path.scratchCount(fields: fields) }

  /// `X[k] = w[k_x] Σ_j u[j] exp(−2πi k·j/n)` for consecutive fields: `forward` with weights 1, `inverseAdjoint` with those
  /// of the inverse.
  public func analysis(
    _ weights: ColumnWeights, fields: Int, from field: UnsafePointer<Scalar>, to modes: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    path.analysis(weights, fields: fields, from: field, to: modes, scratch: scratch)
  }

  /// `u[j] = Re Σ_k w[k_x] X[k] exp(2πi k·j/n)` over the kept modes: `inverse` with the weights of the inverse,
  /// `forwardAdjoint` with weights 1.
  public func synthesis(
    _ weights: ColumnWeights, fields: Int, from modes: UnsafePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    path.synthesis(weights, fields: fields, from: modes, to: field, scratch: scratch)
  }
}
