import Tensors

/// The transform as products with small tables, cache resident, for bands that keep few modes.
///
/// The leading axes come first, each as real cosine and sine sums (`ck_dft_analysis`, which folds y with n − y and so
/// halves the largest product); the last axis is a matrix product `[rows × n_x]·[n_x × 2K]` with cosine and −sine columns;
/// then `X(±k) = C(k) ∓ i·S(k)`, axis by axis, on the few modes that are left. Synthesis is the mirror image. In 2-D with
/// K modes an axis the first stage costs about `2K·n²` floating-point operations, the second `8K²·n`.
struct MatrixRoute<Scalar: TensorScalar>: TransformRoute {
  /// Everything but the last axis, in the order of the field.
  private let axes: [LeadingAxis<Scalar>]
  private let lastAxis: LastAxis<Scalar>
  private let kernels = DFTKernels<Scalar>.standard
  /// Sums of all leading axes, each a row of the last.
  private let rows: Int
  /// Elements of one field and of its two planes of modes.
  private let fieldCount: Int
  private let modeCount: Int
  /// Elements of either half of the scratch for one field.
  private let stageCount: Int
  /// Fields whose rows of the last axis go through one product: few rows leave the matrix kernel idle at its edges, too
  /// many push the scratch out of the cache.
  let group: Int

  /// A quarter of a mebibyte: what the second-level cache of common processors holds beside the field and the tables.
  private static var cachedBytes: Int { 1 << 18 }

  /// `band` must fit `grid`.
  init(grid: [Int], band: SpectralBand) {
    let leading = (0..<grid.count - 1).map { LeadingAxis<Scalar>($0, grid: grid, band: band) }
    axes = leading
    lastAxis = LastAxis(grid: grid, band: band)
    rows = leading.reduce(1) { $0 * $1.sums }
    fieldCount = grid.reduce(1, *)
    modeCount = 2 * band.count
    var largest = rows * max(lastAxis.paddedModes, lastAxis.paddedPoints)
    var blocks = 1
    for axis in leading {
      blocks *= axis.sums
      largest = max(largest, blocks * max(axis.inner, 2 * axis.width))
    }
    stageCount = largest.roundedUp(toMultipleOf: 64)
    let scratchBytes = 2 * stageCount * MemoryLayout<Scalar>.stride
    group = max(1, min(leading.isEmpty ? 64 : 8, Self.cachedBytes / scratchBytes))
  }

  func scratchCount(fields: Int) -> Int { 2 * stageCount * min(fields, group) }

  func analysis(
    _ weights: ColumnWeights, fields: Int, from field: UnsafePointer<Scalar>, to modes: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    for first in stride(from: 0, to: fields, by: group) {
      let group = min(group, fields - first)
      var halves = (scratch, scratch + group * stageCount)
      var source = field + first * fieldCount
      var blocks = group
      for axis in axes {
        for block in 0..<blocks {
          axis.analysis(
            kernels, from: source + block * axis.points * axis.inner, to: halves.0 + block * axis.sums * axis.inner)
        }
        blocks *= axis.sums
        source = UnsafePointer(halves.0)
        halves = (halves.1, halves.0)
      }
      lastAxis.analysis(weights, rows: rows * group, from: source, to: halves.0)
      combine(halves.0, fields: group, to: modes + first * modeCount, spare: halves.1)
    }
  }

  /// Turns rows of cosine and sine sums into planes of modes, the last leading axis first.
  private func combine(
    _ sums: UnsafeMutablePointer<Scalar>, fields: Int, to modes: UnsafeMutablePointer<Scalar>,
    spare: UnsafeMutablePointer<Scalar>
  ) {
    guard !axes.isEmpty else {
      for field in 0..<fields {
        (modes + field * modeCount).update(from: sums + field * lastAxis.paddedModes, count: modeCount)
      }
      return
    }
    var (source, target) = (sums, spare)
    var blocks = fields * rows
    var stride = lastAxis.paddedModes
    for (position, axis) in axes.enumerated().reversed() {
      blocks /= axis.sums
      let out = position == 0 ? modes : target
      for block in 0..<blocks {
        kernels.combine(
          axis.nonnegative, axis.negative, axis.width, source + block * axis.sums * stride, stride, axis.width,
          out + block * axis.modes * 2 * axis.width)
      }
      stride = axis.modes * 2 * axis.width
      (source, target) = (target, source)
    }
  }

  func synthesis(
    _ weights: ColumnWeights, fields: Int, from modes: UnsafePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    for first in stride(from: 0, to: fields, by: group) {
      let group = min(group, fields - first)
      var halves = (scratch, scratch + group * stageCount)
      var source = modes + first * modeCount
      var blocks = group
      for axis in axes {
        for block in 0..<blocks {
          kernels.split(
            axis.nonnegative, axis.negative, axis.width, source + block * axis.modes * 2 * axis.width, axis.pairs,
            halves.0 + block * axis.sums * 2 * axis.width, 2 * axis.width, axis.width)
        }
        blocks *= axis.sums
        source = UnsafePointer(halves.0)
        halves = (halves.1, halves.0)
      }
      lastAxis.synthesis(weights, rows: rows * group, from: source, to: halves.0)
      synthesise(halves.0, fields: group, to: field + first * fieldCount, spare: halves.1)
    }
  }

  /// Sums rows along the leading axes, the last of them first.
  private func synthesise(
    _ sums: UnsafeMutablePointer<Scalar>, fields: Int, to field: UnsafeMutablePointer<Scalar>,
    spare: UnsafeMutablePointer<Scalar>
  ) {
    guard !axes.isEmpty else {
      for index in 0..<fields {
        (field + index * fieldCount).update(from: sums + index * lastAxis.paddedPoints, count: fieldCount)
      }
      return
    }
    var (source, target) = (sums, spare)
    var blocks = fields * rows
    var stride = lastAxis.paddedPoints
    for (position, axis) in axes.enumerated().reversed() {
      blocks /= axis.sums
      let out = position == 0 ? field : target
      for block in 0..<blocks {
        axis.synthesis(
          kernels, from: source + block * axis.sums * stride, stride: stride,
          to: out + block * axis.points * axis.inner)
      }
      stride = axis.points * axis.inner
      (source, target) = (target, source)
    }
  }
}

/// One axis that is not contiguous: its wavenumbers and its table of cosines and sines.
private struct LeadingAxis<Scalar: TensorScalar> {
  let points: Int
  let nonnegative: Int
  let negative: Int
  /// Wavenumbers 0..<pairs have a row of cosine and a row of sine sums each.
  let pairs: Int
  /// Points of all later axes.
  let inner: Int
  /// Modes of all later axes.
  let width: Int
  /// [points/2 + 1, pairs, 2]; see `CKernelsDFT.h`.
  let table: Tensor<Scalar>

  var modes: Int { nonnegative + negative }
  var sums: Int { 2 * pairs }

  init(_ axis: Int, grid: [Int], band: SpectralBand) {
    points = grid[axis]
    nonnegative = band.nonnegative[axis]
    negative = band.negative[axis]
    let pairs = max(nonnegative, negative + 1)
    self.pairs = pairs
    inner = grid[(axis + 1)...].reduce(1, *)
    width = band.shape[(axis + 1)...].reduce(1, *)
    let circle = TrigonometricTable(points: points)
    let points = points
    table = Tensor(shape: [points / 2 + 1, pairs, 2]) { out in
      for y in 0...points / 2 {
        for h in 0..<pairs {
          let angle = h * y % points
          out[(y * pairs + h) * 2] = Scalar(circle.cosine[angle])
          out[(y * pairs + h) * 2 + 1] = Scalar(circle.sine[angle])
        }
      }
    }
  }

  func analysis(_ kernels: DFTKernels<Scalar>, from field: UnsafePointer<Scalar>, to sums: UnsafeMutablePointer<Scalar>)
  {
    table.withUnsafeBuffer {
      guard let table = $0.baseAddress else { return }
      kernels.analysis(points, pairs, inner, table, field, inner, sums, inner)
    }
  }

  func synthesis(
    _ kernels: DFTKernels<Scalar>, from sums: UnsafePointer<Scalar>, stride: Int, to field: UnsafeMutablePointer<Scalar>
  ) {
    table.withUnsafeBuffer {
      guard let table = $0.baseAddress else { return }
      kernels.synthesis(points, pairs, inner, table, sums, stride, field, inner)
    }
  }
}
