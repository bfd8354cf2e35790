import Tensors

/// Polynomials of degree at most N on an interval that vanish at both ends with their first derivatives.
///
/// `φ_k = d_k (L_k − 2(2k+5)/(2k+7) L_{k+2} + (2k+3)/(2k+7) L_{k+4})`, `d_k = 1/√(2(2k+3)²(2k+5))`, k = 0…N − 4, which makes
/// `∫ φ_j″ φ_k″` diagonal (J. Shen 1994, SIAM J. Sci. Comput. 15, 1489), with Gauss quadrature exact to degree 3N, what the
/// convective term needs.
struct ClampedBasis: Sendable {
  /// N.
  let degree: Int
  /// Basis functions, N − 3.
  let count: Int
  /// Quadrature points in [0, extent], and their weights.
  let points: [Double]
  let weights: [Double]
  /// Derivatives 0, 1, 2 of the basis functions at the quadrature points, [3, points, count].
  let values: Tensor<Double>
  /// The same of the Legendre polynomials, [points, N + 1] each.
  let legendre: [Tensor<Double>]
  /// Legendre coefficients of the basis functions, [count, N + 1].
  let coefficients: Tensor<Double>
  /// `∫ φ_j φ_k`, `∫ φ_j′ φ_k′`, `∫ φ_j″ φ_k″`, [count, count] each.
  let products: [Tensor<Double>]

  init(degree: Int, extent: Double) {
    let count = degree - 3
    self.degree = degree
    self.count = count
    let rule = LegendrePolynomials.gauss(3 * degree / 2 + 1)
    points = rule.points.map { extent * ($0 + 1) / 2 }
    let weights = rule.weights.map { $0 * extent / 2 }
    self.weights = weights

    var coefficients = Tensor<Double>.zeros([count, degree + 1])
    for row in 0..<count {
      let k = Double(row)
      let scale = 1 / (2 * (2 * k + 3) * (2 * k + 3) * (2 * k + 5)).squareRoot()
      coefficients[row, row] = scale
      coefficients[row, row + 2] = -scale * 2 * (2 * k + 5) / (2 * k + 7)
      coefficients[row, row + 4] = scale * (2 * k + 3) / (2 * k + 7)
    }
    self.coefficients = coefficients

    let polynomials = LegendrePolynomials(degree: degree)
    let jets = rule.points.map { polynomials.values(at: $0, order: 2) }
    let legendre = (0...2).map { k in
      // d/dx = (2/extent) d/dξ
      let scale = (0..<k).reduce(1.0) { product, _ in product * 2 / extent }
      return Tensor(shape: [jets.count, degree + 1], elements: jets.flatMap { $0[k].map { scale * $0 } })
    }
    self.legendre = legendre
    let clamped = legendre.map { $0.matrixProduct(coefficients, .rightTransposed) }
    values = Tensor(shape: [3, jets.count, count], elements: clamped.flatMap(\.elements))
    products = clamped.map { basis in basis.matrixProduct(basis.scalingRows(by: weights), .leftTransposed) }
  }

  /// One derivative of the basis functions, [points, count].
  func derivative(_ order: Int) -> Tensor<Double> {
    values.gathering(samples: order..<order + 1).reshaped(to: [points.count, count])
  }
}

extension Tensor where Scalar == Double {
  /// Row i times `factors[i]`.
  func scalingRows(by factors: [Double]) -> Tensor {
    let columns = shape[1]
    var result = self
    result.withUnsafeMutableBuffer { buffer in
      for (row, factor) in factors.enumerated() { for j in 0..<columns { buffer[row * columns + j] *= factor } }
    }
    return result
  }
}
