import Foundation
import Spectral
import Tensors
import TestSupport
import Testing

@Suite struct GaussianRandomFieldTests {
  private static func stream(_ sample: Int, seed: UInt64 = 0) -> RandomStream {
    RandomStream(seed: seed, purpose: .permeability, sample: sample)
  }

  /// φ_k(x) = √2 cos(πkx), φ₀ = 1.
  private static func basis(_ k: Int, _ x: Double) -> Double {
    k == 0 ? 1 : 2.0.squareRoot() * cos(.pi * Double(k) * x)
  }

  @Test(arguments: [(9, 9), (8, 13)])
  func theFieldIsTheSumOverItsModes(rows: Int, columns: Int) {
    let law = GaussianLaw(alpha: 1.7, tau: 2)
    let stream = Self.stream(4, seed: 9)
    let field = GaussianRandomField(law, shape: (rows, columns)).sample(from: stream)
    let expected = Tensor<Double>(shape: [rows, columns]) { out in
      for i in 0..<rows {
        for j in 0..<columns {
          let (x, y) = (Double(j) / Double(columns - 1), Double(i) / Double(rows - 1))
          var sum = 0.0
          for kx in 0..<columns {
            for ky in 0..<rows where kx + ky > 0 {
              let amplitude = pow(2, 0.7) * pow(.pi * .pi * Double(kx * kx + ky * ky) + 4, -0.85)
              let xi = stream.normal(at: UInt64(kx) << 32 | UInt64(ky))
              sum += xi * amplitude * Self.basis(kx, x) * Self.basis(ky, y)
            }
          }
          out[i * columns + j] = sum
        }
      }
    }
    #expect(relativeError(field, expected) < 1e-13)
  }

  @Test func aFinerGridSeesTheSameFieldWithMoreOfItsSmallModes() {
    let law = GaussianLaw()
    let coarse = GaussianRandomField(law, shape: (43, 43)).sample(from: Self.stream(0))
    let fine = GaussianRandomField(law, shape: (253, 253)).sample(from: Self.stream(0))
    let seen = Tensor<Double>(shape: [43, 43]) { out in
      for k in out.indices { out[k] = fine[k / 43 * 6, k % 43 * 6] }
    }
    // The modes that the coarse grid lacks hold this part of the variance.
    func variance(_ range: Range<Int>) -> Double {
      range.reduce(0) { sum, kx in
        range.reduce(sum) { sum, ky in
          kx + ky == 0 ? sum : sum + pow(law.amplitude(eigenvalue: .pi * .pi * Double(kx * kx + ky * ky)), 2)
        }
      }
    }
    let truncated = 1 - variance(0..<43) / variance(0..<253)
    #expect(relativeError(coarse, seen) < 2 * truncated.squareRoot())
  }

  @Test func varianceAndCovarianceAreThoseOfTheLaw() {
    let (n, count) = (17, 6000)
    let law = GaussianLaw()
    let field = GaussianRandomField(law, shape: (n, n))
    let points = [(0, 0), (8, 8), (3, 11), (16, 5)]
    var values = points.map { _ in [Double]() }
    for sample in 0..<count {
      let g = field.sample(from: Self.stream(sample))
      for (index, point) in points.enumerated() { values[index].append(g[point.0, point.1]) }
    }
    func covariance(_ p: (Int, Int), _ q: (Int, Int)) -> Double {
      func phi(_ k: Int, _ i: Int) -> Double { Self.basis(k, Double(i) / Double(n - 1)) }
      var sum = 0.0
      for kx in 0..<n {
        for ky in 0..<n where kx + ky > 0 {
          let sigma = law.amplitude(eigenvalue: .pi * .pi * Double(kx * kx + ky * ky))
          sum += sigma * sigma * phi(kx, p.1) * phi(ky, p.0) * phi(kx, q.1) * phi(ky, q.0)
        }
      }
      return sum
    }
    for (i, p) in points.enumerated() {
      for (j, q) in points.enumerated() {
        let found = zip(values[i], values[j]).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        let (expected, pp, qq) = (covariance(p, q), covariance(p, p), covariance(q, q))
        // The variance of a product of two jointly normal numbers of mean zero; four standard errors.
        let error = ((pp * qq + expected * expected) / Double(count)).squareRoot()
        #expect(abs(found - expected) < 4 * error)
      }
    }
  }

  @Test func fieldsOfDifferentSamplesAndSeedsAreIndependent() {
    let field = GaussianRandomField(GaussianLaw(), shape: (33, 33))
    func correlation(_ a: (Int, UInt64), _ b: (Int, UInt64)) -> Double {
      let (x, y) = (field.sample(from: Self.stream(a.0, seed: a.1)), field.sample(from: Self.stream(b.0, seed: b.1)))
      return x.dot(y) / (x.norm * y.norm)
    }
    var (samples, seeds) = (0.0, 0.0)
    for k in 0..<200 {
      samples += correlation((k, 0), (k + 1, 0)) / 200
      seeds += correlation((k, 0), (k, 1)) / 200
    }
    // A single correlation scatters by about 0.3, since few modes carry most of the variance.
    #expect(abs(samples) < 4 * 0.3 / 200.0.squareRoot())
    #expect(abs(seeds) < 4 * 0.3 / 200.0.squareRoot())
  }
}
