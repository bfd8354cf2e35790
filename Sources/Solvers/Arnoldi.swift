public import Tensors

/// The eigenvalue with the largest real part of an operator A, by Arnoldi's method for `(A − σ)⁻¹`.
///
/// A Krylov space of the inverse is, for any real σ, also one of the Cayley transform `(A − σ)⁻¹ (A + σ)`, which maps the
/// eigenvalues with positive real part outside the unit circle and all others inside (Meerbergen, Spence & Roose 1994,
/// "Shift-invert and Cayley transforms for detection of rightmost eigenvalues of nonsymmetric matrices", BIT 34): an instability is at the edge of the spectrum that Arnoldi's method sees, whatever its
/// frequency, where σ > 0 is of the order of the frequencies. The answer is the Ritz value that is rightmost among those
/// that have begun to converge; eigenvalues that are stable and much faster than σ may hide from a space that is
/// too small. The residual `‖A x − λ x‖ / ‖x‖` is computed anew from the vector.
public struct Arnoldi: Hashable, Sendable {
  /// Iterations between two looks at the Ritz values.
  private static let stride = 10
  /// The residual, relative to the Ritz value, below which a Ritz value counts.
  private static let candidate = 1e-3
  /// A new vector shorter than this part of the image lies in the space already, up to rounding.
  private static let dependence = 1e-12

  /// The relative residual of the Ritz value of the inverse.
  public let tolerance: Double
  /// The largest dimension of the Krylov space.
  public let dimension: Int

  /// A relative residual of 1e-6 in at most 120 dimensions unless told otherwise.
  public init(tolerance: Double = 1e-6, dimension: Int = 120) {
    precondition(tolerance > 0 && dimension >= 2, "a tolerance and a dimension are positive")
    self.tolerance = tolerance
    self.dimension = dimension
  }

  /// Finds the rightmost eigenvalue.
  ///
  /// - Parameters:
  ///   - start: any vector with a share of the eigenvector.
  ///   - shift: σ, to the right of every eigenvalue.
  ///   - inverse: `v ↦ (A − σ)⁻¹ v`; nil when it cannot be computed.
  ///   - product: `v ↦ A v`.
  public func rightmost(
    from start: Tensor<Double>, shift: Double, inverse: (Tensor<Double>) -> Tensor<Double>?,
    product: (Tensor<Double>) -> Tensor<Double>
  ) -> LeadingEigenvalue {
    let size = start.norm
    guard size > 0 && size.isFinite else { return LeadingEigenvalue(.nonfinite, dimension: 0) }
    var basis = [start.scaled(by: 1 / size)]
    var columns: [[Double]] = []
    var best: LeadingEigenvalue?
    while columns.count < dimension {
      guard let image = inverse(basis[basis.count - 1]) else {
        return best ?? LeadingEigenvalue(.stagnated, dimension: columns.count)
      }
      let (column, rest) = Self.orthogonalise(image, against: basis)
      columns.append(column)
      guard let last = column.last, last.isFinite else {
        return LeadingEigenvalue(.nonfinite, dimension: columns.count)
      }
      let isComplete = last <= Self.dependence * image.norm
      if isComplete || columns.count % Self.stride == 0 || columns.count == dimension {
        best = look(basis, columns, shift, isComplete, product)
        if isComplete || best?.termination == .converged { break }
      }
      basis.append(rest.scaled(by: 1 / last))
    }
    return best ?? LeadingEigenvalue(.iterationLimit, dimension: columns.count)
  }

  /// The part of a vector orthogonal to the basis, and its coordinates with the length of that part at the end; twice is
  /// enough for orthogonality to rounding.
  private static func orthogonalise(
    _ image: Tensor<Double>, against basis: [Tensor<Double>]
  ) -> (column: [Double], rest: Tensor<Double>) {
    var rest = image
    var column = [Double](repeating: 0, count: basis.count + 1)
    for _ in 0..<2 {
      for (i, member) in basis.enumerated() {
        let share = rest.dot(member)
        rest.add(member, scaledBy: -share)
        column[i] += share
      }
    }
    column[basis.count] = rest.norm
    return (column, rest)
  }

  /// The rightmost Ritz value of the space so far.
  private func look(
    _ basis: [Tensor<Double>], _ columns: [[Double]], _ shift: Double, _ isComplete: Bool,
    _ product: (Tensor<Double>) -> Tensor<Double>
  ) -> LeadingEigenvalue? {
    let m = columns.count
    let hessenberg = Tensor<Double>(shape: [m, m]) { out in
      for i in 0..<m { for j in 0..<m { out[i * m + j] = i < columns[j].count ? columns[j][i] : 0 } }
    }
    guard let decomposition = Eigendecomposition(hessenberg) else { return nil }
    let next = isComplete ? 0 : columns[m - 1][m]
    var chosen: (pair: Eigendecomposition.Pair, value: (re: Double, im: Double), residual: Double)?
    for pair in decomposition.pairs {
      let (re, im) = pair.value
      let square = re * re + im * im
      let last = (pair.vector.re[m - 1] * pair.vector.re[m - 1] + pair.vector.im[m - 1] * pair.vector.im[m - 1])
      let residual = next * last.squareRoot() / square.squareRoot()
      guard square > 0, residual <= Self.candidate else { continue }
      let value = (re: shift + re / square, im: -im / square)
      // Of a pair, the one with the positive frequency.
      if chosen.map({ value.re > $0.value.re || (value.re == $0.value.re && value.im > $0.value.im) }) ?? true {
        chosen = (pair, value, residual)
      }
    }
    guard let chosen else { return nil }
    let (re, im) = (Self.combine(basis, chosen.pair.vector.re), Self.combine(basis, chosen.pair.vector.im))
    let (growth, frequency) = chosen.value
    // (A − λ)(re + i im), the norm of the vector being 1.
    let (imageRe, imageIm) = (product(re), product(im))
    let restRe = imageRe - re.scaled(by: growth) + im.scaled(by: frequency)
    let restIm = imageIm - im.scaled(by: growth) - re.scaled(by: frequency)
    return LeadingEigenvalue(
      growthRate: growth, frequency: abs(frequency), residual: (restRe.dot(restRe) + restIm.dot(restIm)).squareRoot(),
      dimension: m, termination: chosen.residual <= tolerance ? .converged : .iterationLimit)
  }

  private static func combine(_ basis: [Tensor<Double>], _ coordinates: [Double]) -> Tensor<Double> {
    var sum = Tensor<Double>.zeros(basis[0].shape)
    for (coordinate, member) in zip(coordinates, basis) { sum.add(member, scaledBy: coordinate) }
    return sum
  }
}

/// The eigenvalue of a linearisation with the largest real part.
public struct LeadingEigenvalue: Hashable, Sendable {
  /// Its real part, an inverse time: positive where small disturbances grow. NaN when there is none.
  public let growthRate: Double
  /// The magnitude of its imaginary part, in radians per time.
  public let frequency: Double
  /// `‖A x − λ x‖ / ‖x‖`, computed anew from the vector.
  public let residual: Double
  /// The dimension of the Krylov space that it was found in.
  public let dimension: Int
  /// `converged`, or why it is only an estimate.
  public let termination: Termination
}

extension LeadingEigenvalue {
  fileprivate init(_ failure: Termination, dimension: Int) {
    self.init(growthRate: .nan, frequency: .nan, residual: .nan, dimension: dimension, termination: failure)
  }
}
