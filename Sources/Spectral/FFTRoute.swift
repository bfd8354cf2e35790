import CFFTW
import Tensors

/// The transform by FFTW, one field at a time so that it stays in the cache and does not depend on its neighbours.
///
/// A full spectrum is one plan over all axes. With `columns: .kept` the last axis is transformed first and the leading axes
/// for the kept columns alone, which saves work when K is well below n/2. Modes that the band does not hold are dropped
/// after analysis and zero before synthesis.
struct FFTRoute<Scalar: TensorScalar>: TransformRoute {
  /// Which columns of the half spectrum are transformed along the leading axes.
  enum Columns {
    case all
    case kept
  }

  private let toModes: RealToSplitPlan<Scalar>
  private let toField: SplitToRealPlan<Scalar>
  /// The leading axes of the kept columns; none when the plans above cover every axis.
  private let leading: SplitInPlacePlan<Scalar>?
  private let gather: RowGather<Scalar>
  private let fieldCount: Int
  private let modeCount: Int
  /// Elements of one plane of the whole half spectrum.
  private let planeCount: Int

  /// `band` must fit `grid`.
  init(grid: [Int], band: SpectralBand, columns: Columns) {
    let rank = grid.count
    let half = grid[rank - 1] / 2 + 1
    fieldCount = grid.reduce(1, *)
    modeCount = 2 * band.count
    planeCount = fieldCount / grid[rank - 1] * half
    gather = RowGather(grid: grid, band: band)

    /// Axes `range` with the distances of their points in the field and in a plane of modes.
    func axes(_ range: Range<Int>) -> [fftw_iodim] {
      range.map { axis in
        let (real, modes) = axis == rank - 1 ? (1, 1) : (stride(after: axis), stride(after: axis, last: half))
        return fftw_iodim(n: Int32(grid[axis]), is: Int32(real), os: Int32(modes))
      }
    }
    func stride(after axis: Int, last: Int? = nil) -> Int {
      grid[(axis + 1)..<(rank - 1)].reduce(last ?? grid[rank - 1], *)
    }
    let split = columns == .kept && rank > 1
    var layout = SplitLayout(realCount: fieldCount, planeCount: planeCount)
    layout.axes = axes(split ? rank - 1..<rank : 0..<rank)
    layout.repeats = split ? axes(0..<rank - 1) : []
    toModes = RealToSplitPlan(layout)
    layout.axes = layout.axes.map(\.reversed)
    layout.repeats = layout.repeats.map(\.reversed)
    toField = SplitToRealPlan(layout)
    guard split else {
      leading = nil
      return
    }
    layout.axes = axes(0..<rank - 1).map { fftw_iodim(n: $0.n, is: $0.os, os: $0.os) }
    layout.repeats = [fftw_iodim(n: Int32(band.last), is: 1, os: 1)]
    leading = SplitInPlacePlan(layout)
  }

  var group: Int { 8 }

  func scratchCount(fields: Int) -> Int { 2 * planeCount }

  func analysis(
    _ weights: ColumnWeights, fields: Int, from field: UnsafePointer<Scalar>, to modes: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<fields {
      toModes.execute(field + index * fieldCount, to: scratch)
      leading?.executeForward(scratch)
      gather.collect(weights, from: scratch, to: modes + index * modeCount)
    }
  }

  func synthesis(
    _ weights: ColumnWeights, fields: Int, from modes: UnsafePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<fields {
      gather.spread(weights, from: modes + index * modeCount, to: scratch)
      leading?.executeBackward(scratch)
      toField.execute(scratch, to: field + index * fieldCount)
    }
  }
}

extension fftw_iodim {
  /// The same axis in the other direction.
  fileprivate var reversed: fftw_iodim { fftw_iodim(n: n, is: os, os: `is`) }
}

/// Moves the rows of a band between its own storage and the half spectrum of a whole grid, with the column weights.
private struct RowGather<Scalar: TensorScalar> {
  /// Position in a plane of the half spectrum of each row of K kept columns.
  private let rows: [Int]
  private let columns: Int
  private let planeCount: Int
  private let analysis: Factors
  private let synthesis: Factors

  private struct Factors {
    let unit: Tensor<Scalar>
    let inverse: Tensor<Scalar>
    subscript(weights: ColumnWeights) -> Tensor<Scalar> {
      switch weights {
      case .unit: unit
      case .inverse: inverse
      }
    }
  }

  init(grid: [Int], band: SpectralBand) {
    let half = grid[grid.count - 1] / 2 + 1
    columns = band.last
    var rows = [0]
    for axis in 0..<band.rank - 1 {
      let n = grid[axis]
      rows = rows.flatMap { row in band.wavenumbers(axis: axis).map { row * n + ($0 + n) % n } }
    }
    self.rows = rows.map { $0 * half }
    planeCount = grid.dropLast().reduce(half, *)
    let count = band.last
    let unit = ColumnWeights.unit.factors(count: count, grid: grid)
    let inverse = ColumnWeights.inverse.factors(count: count, grid: grid)
    func tensor(_ values: [Double]) -> Tensor<Scalar> { Tensor(shape: [count], elements: values.map { Scalar($0) }) }
    analysis = Factors(unit: tensor(unit), inverse: tensor(inverse))
    // FFTW's real inverse counts every column as often as D does already.
    let points = Double(grid.reduce(1, *))
    synthesis = Factors(
      unit: tensor(inverse.map { 1 / ($0 * points) }), inverse: tensor(unit.map { $0 / points }))
  }

  func collect(
    _ weights: ColumnWeights, from plane: UnsafePointer<Scalar>, to modes: UnsafeMutablePointer<Scalar>
  ) {
    let multiply = Scalar.kernels.multiply
    analysis[weights].withUnsafeBuffer {
      guard let factors = $0.baseAddress else { return }
      for part in 0..<2 {
        var target = modes + part * rows.count * columns
        for row in rows {
          multiply(columns, plane + part * planeCount + row, factors, target)
          target += columns
        }
      }
    }
  }

  func spread(_ weights: ColumnWeights, from modes: UnsafePointer<Scalar>, to plane: UnsafeMutablePointer<Scalar>) {
    let multiply = Scalar.kernels.multiply
    if rows.count * columns < planeCount { plane.update(repeating: 0, count: 2 * planeCount) }
    synthesis[weights].withUnsafeBuffer {
      guard let factors = $0.baseAddress else { return }
      for part in 0..<2 {
        var source = modes + part * rows.count * columns
        for row in rows {
          multiply(columns, source, factors, plane + part * planeCount + row)
          source += columns
        }
      }
    }
  }
}
