import Foundation

/// Legendre polynomials `L₀ … L_N` on [−1, 1], their derivatives and the quadratures that belong to them.
struct LegendrePolynomials: Sendable {
  /// N.
  let degree: Int

  /// Values of `d^k L_n / dξ^k` for `n = 0…N` at ξ, by the three-term recurrence differentiated k times:
  /// `(n + 1) L_{n+1} = (2n + 1) ξ L_n − n L_{n−1}`.
  ///
  /// - Returns: [order + 1, N + 1].
  func values(at xi: Double, order: Int) -> [[Double]] {
    var rows = [[Double]](repeating: [Double](repeating: 0, count: degree + 1), count: order + 1)
    for k in 0...order {
      for n in 0...degree {
        guard n >= k else { continue }
        if n == 0 {
          rows[k][n] = 1
        } else {
          let m = Double(n)
          let below = n > 1 ? rows[k][n - 2] : 0
          let raised = k > 0 ? Double(k) * rows[k - 1][n - 1] : 0
          rows[k][n] = ((2 * m - 1) * (xi * rows[k][n - 1] + raised) - (m - 1) * below) / m
        }
      }
    }
    return rows
  }

  /// The `count` Gauss points and weights on [−1, 1], exact for polynomials of degree `2·count − 1`.
  static func gauss(_ count: Int) -> (points: [Double], weights: [Double]) {
    let polynomials = LegendrePolynomials(degree: count)
    var (points, weights) = ([Double](), [Double]())
    for i in 0..<count {
      // Tricomi's estimate, then Newton's method.
      let start = -cos(.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
      let point = polynomials.root(near: start, derivative: 0)
      let slope = polynomials.values(at: point, order: 1)[1][count]
      points.append(point)
      weights.append(2 / ((1 - point * point) * slope * slope))
    }
    return (points, weights)
  }

  /// The N + 1 Gauss–Lobatto points: −1, the extrema of `L_N`, 1.
  func lobattoPoints() -> [Double] {
    let inner = (1..<max(degree, 1)).map { i in root(near: -cos(.pi * Double(i) / Double(degree)), derivative: 1) }
    return [-1] + inner + [1]
  }

  /// The coefficients of the polynomial with these values at the Gauss–Lobatto points.
  ///
  /// The discrete transform: `c_n = γ_n⁻¹ Σ_j w_j L_n(ξ_j) f_j`, `w_j = 2/(N (N + 1) L_N(ξ_j)²)`, `γ_n = 2/(2n + 1)`, but
  /// `γ_N = 2/N` (Canuto, Hussaini, Quarteroni & Zang 2006, Spectral Methods: Fundamentals, section 2.3).
  func coefficients(ofLobattoValues values: [Double]) -> [Double] {
    let n = Double(degree)
    var result = [Double](repeating: 0, count: degree + 1)
    for (point, value) in zip(lobattoPoints(), values) {
      let basis = self.values(at: point, order: 0)[0]
      let weight = 2 / (n * (n + 1) * basis[degree] * basis[degree])
      for k in 0...degree {
        let scale = k == degree ? n / 2 : (2 * Double(k) + 1) / 2
        result[k] += scale * weight * basis[k] * value
      }
    }
    return result
  }

  /// The coefficients, one degree higher, of `∫_{−1}^ξ`: `∫ L_n = (L_{n+1} − L_{n−1})/(2n + 1)`, zero at −1.
  static func integral(of coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: coefficients.count + 1)
    for (n, value) in coefficients.enumerated() {
      let share = value / (2 * Double(n) + 1)
      result[n + 1] += share
      // L₋₁ stands for −1: ∫ L₀ = ξ + 1.
      if n == 0 { result[0] += share } else { result[n - 1] -= share }
    }
    return result
  }

  /// The coefficients of the four cubics on [−1, 1] with one of (value at −1, slope at −1, value at 1, slope at 1) equal to
  /// 1 and the others 0, slopes taken along ξ; padded to degree N ≥ 3.
  func hermiteCubics() -> [[Double]] {
    let rows: [[Double]] = [
      [1.0 / 2, -3.0 / 5, 0, 1.0 / 10],
      [1.0 / 6, -1.0 / 10, -1.0 / 6, 1.0 / 10],
      [1.0 / 2, 3.0 / 5, 0, -1.0 / 10],
      [-1.0 / 6, -1.0 / 10, 1.0 / 6, 1.0 / 10],
    ]
    return rows.map { $0 + [Double](repeating: 0, count: degree - 3) }
  }

  private func root(near start: Double, derivative: Int) -> Double {
    var point = start
    for _ in 0..<Self.newtonSteps {
      let values = values(at: point, order: derivative + 1)
      let step = values[derivative][degree] / values[derivative + 1][degree]
      point -= step
      if abs(step) <= .ulpOfOne { break }
    }
    return point
  }

  /// Newton's method needs about four steps from the starts used here.
  private static let newtonSteps = 20
}
