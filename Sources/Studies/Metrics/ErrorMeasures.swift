/// The measures of PDEBench (Takamoto et al. 2022, arXiv:2210.07182, appendix B) for one field, over all samples, in the
/// units of the field; NRMSE has none.
///
/// They exist in two readings, which ``FieldMetrics`` keeps apart. Let p be the prediction, t the target, e = p − t.
///
/// | measure | `pdebench`: as their code computes it | `corrected` |
/// |---|---|---|
/// | `rmse` | mean over samples of the root of the mean of e² over points | the mean is weighted by area: vertices on an edge count half |
/// | `nrmse` | mean over samples of the RMSE over the root mean square of t | weighted by area |
/// | `crmse` | root of the mean over samples of (Σp − Σt)², over the number of points | the mean of e is weighted by area, so that it is what a balance would miss |
/// | `brmse` | e² summed over the four edges of the array, corners twice, over 2nx + 2ny; mean over samples of the root | mean along the boundary of the domain by length, corners once; none where the domain is periodic, and cells in the middle of which the points lie have none on it |
/// | `frmse` | Fourier sums of the quadrant kx, ky ≥ 0 alone, in shells ⌊\|k\|⌋ below half the smaller number of points; root of the mean over samples in each shell, over the number of points; mean over the shells of the band | all modes; root of the sum over the band, mean over samples, so that the squares of the bands of a sample add up to its RMSE² |
/// | `maximum` | largest \|e\| over samples and points | the same |
///
/// Their code takes sums over one batch of a loader and averages them over batches; here all samples are one batch. It
/// averages over channels; here each field has its own. It multiplies the Fourier measures by the extents of the domain,
/// which its scripts leave at one. Bounded fields are no periodic ones: their transform sees the jump between opposite
/// edges, which fills all bands. The corrected one reflects the field at its edges instead (`FieldExtension`).
public struct ErrorMeasures: Codable, Hashable, Sendable {
  /// The error in bands of wavenumbers, in cycles along the longer side: below 4, from 4 below 12, from 12 on; nil where the
  /// grid has none of them.
  public struct Bands: Codable, Hashable, Sendable {
    /// |k| < 4.
    public var low: Double?
    /// 4 ≤ |k| < 12.
    public var middle: Double?
    /// |k| ≥ 12.
    public var high: Double?

    /// Where the middle and the high band begin.
    static let limits = [4.0, 12.0]

    /// The band of a wavenumber.
    static func index(_ wavenumber: Double) -> Int { limits.count { wavenumber >= $0 } }

    init(_ values: [Double?]) { (low, middle, high) = (values[0], values[1], values[2]) }
  }

  /// Root mean square error.
  public var rmse: Double
  /// The same, relative to the target's root mean square.
  public var nrmse: Double
  /// The error of the conserved quantity, the mean of the field.
  public var crmse: Double
  /// Root mean square error on the boundary; nil where there is none.
  public var brmse: Double?
  /// Root mean square error by wavenumber.
  public var frmse: Bands
  /// The largest error at a point.
  public var maximum: Double
}
