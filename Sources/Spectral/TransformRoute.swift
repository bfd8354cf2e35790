import Tensors

/// The real factor on each column (wavenumber k on the last axis) of a half spectrum.
public enum ColumnWeights: Sendable {
  /// 1: the forward transform and its transpose.
  case unit
  /// `D/N` with D = 1 where k = 0 or k = n/2 and D = 2 elsewhere: the inverse transform and its transpose. A column in
  /// between stands for itself and for its conjugate at −k.
  case inverse

  /// The factors for columns `0..<count` of a grid.
  func factors(count: Int, grid: [Int]) -> [Double] {
    guard self == .inverse else { return Array(repeating: 1, count: count) }
    let points = Double(grid.reduce(1, *))
    let n = grid[grid.count - 1]
    return (0..<count).map { ($0 == 0 || 2 * $0 == n ? 1 : 2) / points }
  }
}

/// One way to compute the two weighted sums that all four transforms are made of.
///
/// - analysis: `X[k] = w[k_x] Σ_j u[j] exp(−iθ)`, planes of real and imaginary parts from a real field;
/// - synthesis: `u[j] = Re Σ_k w[k_x] X[k] exp(iθ)`, with `θ = 2π k·j/n` and k over the kept modes.
///
/// They are transposes of each other as real linear maps for equal weights. Fields are consecutive, `fields` of them;
/// `scratch` holds `scratchCount(fields:)` elements, and what it contains before or after does not matter.
protocol TransformRoute<Scalar>: Sendable {
  associatedtype Scalar: TensorScalar

  /// Fields that are worth handing over in one call.
  var group: Int { get }

  func scratchCount(fields: Int) -> Int

  func analysis(
    _ weights: ColumnWeights, fields: Int, from field: UnsafePointer<Scalar>, to modes: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>)

  func synthesis(
    _ weights: ColumnWeights, fields: Int, from modes: UnsafePointer<Scalar>, to field: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Scalar>)
}
