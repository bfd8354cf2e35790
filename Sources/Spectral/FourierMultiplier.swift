public import Tensors

/// A linear operator that multiplies each Fourier mode by a number: derivatives, their inverses, filters.
///
/// The factors are real or purely imaginary, as they are for constant-coefficient operators that map real fields to real
/// fields by even or odd orders. Make one once and apply it often.
public struct FourierMultiplier<Scalar: TensorScalar>: Sendable {
  /// The modes it applies to.
  public let wavenumbers: Wavenumbers
  /// One factor a mode, without the imaginary unit.
  private let factors: Tensor<Scalar>
  private let isImaginary: Bool

  /// The operator with the real symbol `symbol(k)`, k the angular wavevector along (…, z, y, x).
  ///
  /// The symbol must be even, `symbol(−k) = symbol(k)`, for the operator to be one on real fields.
  public init(_ wavenumbers: Wavenumbers, symbol: (_ wavevector: [Double]) -> Double) {
    self.init(wavenumbers, imaginary: false) { vector, _ in symbol(vector) }
  }

  /// The partial derivative of the given order along an axis: `(i k)^order`.
  ///
  /// On an axis of even length the mode n/2 is its own mirror image: `cos(π j)` on the grid, whose odd derivatives
  /// `∝ sin(π j)` vanish at every grid point. So odd orders set that mode to zero; even orders keep it.
  public static func derivative(order: Int = 1, axis: Int, _ wavenumbers: Wavenumbers) -> FourierMultiplier {
    precondition(order >= 0, "the order of a derivative is not negative, found \(order)")
    let nyquist = wavenumbers.nyquistPosition(axis: axis)
    let isOdd = order % 2 == 1
    // i^order is 1, i, −1, −i in turn.
    let sign = order % 4 < 2 ? 1.0 : -1.0
    return FourierMultiplier(wavenumbers, imaginary: isOdd) { vector, position in
      if isOdd && position[axis] == nyquist { return 0 }
      return (0..<order).reduce(sign) { product, _ in product * vector[axis] }
    }
  }

  /// The Laplacian, `−|k|²`.
  public static func laplacian(_ wavenumbers: Wavenumbers) -> FourierMultiplier {
    FourierMultiplier(wavenumbers) { vector in -vector.reduce(0) { $0 + $1 * $1 } }
  }

  /// The solution u of `∆u = f` with zero mean, `−1/|k|²`.
  ///
  /// A periodic Laplacian has zero mean, so the equation has a solution only for the part of f without its mean; and it
  /// determines u up to a constant. Both are settled by mapping the mean to zero: `∆u = f − mean(f)`, `mean(u) = 0`.
  public static func inverseLaplacian(_ wavenumbers: Wavenumbers) -> FourierMultiplier {
    FourierMultiplier(wavenumbers) { vector in
      let square = vector.reduce(0) { $0 + $1 * $1 }
      return square == 0 ? 0 : -1 / square
    }
  }

  /// Both operators one after the other; they commute.
  public static func * (left: FourierMultiplier, right: FourierMultiplier) -> FourierMultiplier {
    precondition(left.wavenumbers == right.wavenumbers, "operators on different modes cannot be composed")
    let product = left.factors * right.factors
    // i·i = −1
    let bothImaginary = left.isImaginary && right.isImaginary
    return FourierMultiplier(
      wavenumbers: left.wavenumbers, factors: bothImaginary ? product.scaled(by: -1) : product,
      isImaginary: left.isImaginary != right.isImaginary)
  }

  private init(wavenumbers: Wavenumbers, factors: Tensor<Scalar>, isImaginary: Bool) {
    self.wavenumbers = wavenumbers
    self.factors = factors
    self.isImaginary = isImaginary
  }

  /// `factor` is given the angular wavevector and the position of the mode along each axis of the band.
  private init(
    _ wavenumbers: Wavenumbers, imaginary: Bool, factor: (_ wavevector: [Double], _ position: [Int]) -> Double
  ) {
    let axes = (0..<wavenumbers.band.rank).map { wavenumbers.angular(axis: $0) }
    let shape = wavenumbers.band.shape
    let factors = Tensor<Scalar>(shape: [wavenumbers.band.count]) { out in
      var position = Array(repeating: 0, count: shape.count)
      for mode in 0..<out.count {
        out[mode] = Scalar(factor(zip(axes, position).map { $0[$1] }, position))
        for axis in shape.indices.reversed() {
          position[axis] += 1
          if position[axis] < shape[axis] { break }
          position[axis] = 0
        }
      }
    }
    self.init(wavenumbers: wavenumbers, factors: factors, isImaginary: imaginary)
  }

  /// Every mode of every field times its factor.
  public func callAsFunction(_ spectrum: Spectrum<Scalar>) -> Spectrum<Scalar> {
    precondition(
      spectrum.band == wavenumbers.band && spectrum.grid == wavenumbers.domain.grid,
      "an operator on the grid \(wavenumbers.domain.grid) was given a spectrum from \(spectrum.grid) or of another band"
    )
    let modes = wavenumbers.band.count
    let kernels = Scalar.kernels
    let planes = Tensor<Scalar>(shape: spectrum.planes.shape) { out in
      spectrum.planes.withUnsafeBuffer { input in
        factors.withUnsafeBuffer { symbol in
          guard let source = input.baseAddress, let factor = symbol.baseAddress, let target = out.baseAddress else {
            return
          }
          Parallel.forEach(spectrum.fieldCount) { field in
            let (re, im) = (source + 2 * field * modes, source + (2 * field + 1) * modes)
            let (outRe, outIm) = (target + 2 * field * modes, target + (2 * field + 1) * modes)
            if isImaginary {
              // i·a·(re + i·im) = −a·im + i·a·re
              kernels.multiply(modes, im, factor, outRe)
              kernels.affine(modes, outRe, -1, 0, outRe)
              kernels.multiply(modes, re, factor, outIm)
            } else {
              kernels.multiply(modes, re, factor, outRe)
              kernels.multiply(modes, im, factor, outIm)
            }
          }
        }
      }
    }
    return Spectrum(planes: planes, band: spectrum.band, grid: spectrum.grid)
  }
}
