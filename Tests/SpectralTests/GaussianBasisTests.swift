import Foundation
import Spectral
import Tensors
import TestSupport
import Testing

/// Thousands of samples where asked for, else hundreds.
private let sampleCount = ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? 800 : 20_000

@Suite struct GaussianBasisTests {
  typealias Basis = GaussianRandomField.Basis

  /// Along (y, x).
  static let bases: [[Basis]] = [
    [.neumann, .neumann], [.periodic, .periodic], [.neumann, .periodic], [.periodic, .neumann],
  ]

  private static func stream(_ sample: Int, seed: UInt64 = 0) -> RandomStream {
    RandomStream(seed: seed, purpose: .forcing, sample: sample)
  }

  /// φ_k at the position s = x/L.
  private static func function(_ k: Int, _ s: Double, _ basis: Basis) -> Double {
    if k == 0 { return 1 }
    switch basis {
    case .neumann: return 2.0.squareRoot() * cos(.pi * Double(k) * s)
    case .periodic:
      let angle = 2 * .pi * Double((k + 1) / 2) * s
      return 2.0.squareRoot() * (k % 2 == 1 ? cos(angle) : sin(angle))
    }
  }

  /// The part of an eigenvalue that an axis of length L has.
  private static func eigenvalue(_ k: Int, _ length: Double, _ basis: Basis) -> Double {
    pow(basis == .neumann ? .pi * Double(k) / length : 2 * .pi * Double((k + 1) / 2) / length, 2)
  }

  /// Functions that a grid of n points holds.
  private static func count(_ n: Int, _ basis: Basis) -> Int { basis == .periodic && n % 2 == 0 ? n - 1 : n }

  private static func position(_ i: Int, _ n: Int, _ basis: Basis) -> Double {
    Double(i) / Double(basis == .neumann ? n - 1 : n)
  }

  @Test(arguments: bases, [(9, 9), (8, 13), (12, 7)])
  func theFieldIsTheSumOverItsModes(bases: [Basis], shape: (Int, Int)) {
    let (rows, columns) = shape
    let extents = (1.5, 6.0)
    let stream = Self.stream(4, seed: 9)
    let field = GaussianRandomField(
      GaussianLaw(alpha: 1.7, tau: 2), shape: shape, bases: (bases[0], bases[1]), extents: extents
    ).sample(from: stream)
    let expected = Tensor<Double>(shape: [rows, columns]) { out in
      for at in out.indices {
        let (y, x) = (
          Self.position(at / columns, rows, bases[0]), Self.position(at % columns, columns, bases[1])
        )
        out[at] = 0
        for kx in 0..<Self.count(columns, bases[1]) {
          for ky in 0..<Self.count(rows, bases[0]) where kx + ky > 0 {
            let lambda = Self.eigenvalue(kx, extents.1, bases[1]) + Self.eigenvalue(ky, extents.0, bases[0])
            // The area of the rectangle is 9.
            let amplitude = pow(2, 0.7) * pow(lambda + 4, -0.85) / 3
            let xi = stream.normal(at: UInt64(kx) << 32 | UInt64(ky))
            out[at] += xi * amplitude * Self.function(kx, x, bases[1]) * Self.function(ky, y, bases[0])
          }
        }
      }
    }
    #expect(relativeError(field, expected) < 1e-13)
  }

  @Test func aPeriodicFieldHasMeanZeroAndAFinerGridSeesTheSame() {
    // Amplitudes fall like |k|⁻⁸: at k = 32 to 4e-7 of those at k = 1.
    let law = GaussianLaw(alpha: 8, tau: 5)
    func field(_ n: Int) -> Tensor<Double> {
      GaussianRandomField(law, shape: (n, n), basis: .periodic, extents: (2 * .pi, 2 * .pi)).sample(
        from: Self.stream(1))
    }
    let (coarse, fine) = (field(64), field(192))
    #expect(abs(fine.sum()) < 1e-12 * fine.norm * 192)
    let seen = Tensor<Double>(shape: [64, 64]) { out in
      for k in out.indices { out[k] = fine[k / 64 * 3, k % 64 * 3] }
    }
    #expect(relativeError(coarse, seen) < 1e-5)
  }

  /// A Matérn field of ν = ½ has the covariance exp(−r/ℓ); on a box much larger than ℓ, with its mean taken off.
  @Test func theMaternCovarianceIsThatOfThePlane() {
    let (n, length) = (256, 0.05)
    let field = GaussianRandomField(.matern(smoothness: 1.5, length: length), shape: (n, n), basis: .periodic)
    var covariance = [Double](repeating: 0, count: 21)
    let (points, samples) = (Double(n * n), 12)
    for sample in 0..<samples {
      let g = field.sample(from: Self.stream(sample)).elements
      for lag in covariance.indices {
        for i in 0..<n {
          for j in 0..<n {
            covariance[lag] += g[i * n + j] * g[i * n + (j + lag) % n] / points / Double(samples)
          }
        }
      }
    }
    for (lag, found) in covariance.enumerated() {
      let s = 3.0.squareRoot() * Double(lag) / Double(n) / length
      // ν = 3/2 in closed form; taking off the mean takes 2πℓ² of the variance, which the scale makes up for.
      let missing = 2 * .pi * length * length
      let expected = ((1 + s) * exp(-s) - missing) / (1 - missing)
      // About 1/(4πℓ²) = 32 independent patches a sample.
      #expect(abs(found - expected) < 4 * (2.0 / 32 / Double(samples)).squareRoot())
    }
  }

  @Test(arguments: bases, [0.5, 1.5, 3])
  func theVarianceOfAMaternFieldIsOne(bases: [Basis], smoothness: Double) {
    for (length, extents) in [(0.1, (1.0, 1.0)), (0.4, (2.0, 1.0)), (3.0, (1.0, 4.0))] {
      let law = GaussianLaw.matern(smoothness: smoothness, length: length)
      // Sum of squared amplitudes up to 600 wavenumbers an axis.
      var sum = 0.0
      for ky in 0...600 {
        let y = Self.eigenvalue(bases[0] == .neumann ? ky : 2 * ky, extents.0, bases[0])
        for kx in 0...600 where kx + ky > 0 {
          let x = Self.eigenvalue(bases[1] == .neumann ? kx : 2 * kx, extents.1, bases[1])
          let count = zip(bases, [ky, kx]).reduce(1.0) { $0 * ($1.0 == .periodic && $1.1 > 0 ? 2 : 1) }
          sum += count * pow(x + y + law.tau * law.tau, -law.alpha)
        }
      }
      let expected = (pow(Self.eigenvalue(1, extents.1, bases[1]) + law.tau * law.tau, -law.alpha) / sum).squareRoot()
      // The amplitude of φ₁(x), by projection of a field on the smallest grid that has it.
      let (rows, columns) = (bases[0] == .neumann ? 2 : 3, bases[1] == .neumann ? 2 : 3)
      let stream = Self.stream(0)
      let g = GaussianRandomField(law, shape: (rows, columns), bases: (bases[0], bases[1]), extents: extents)
        .sample(from: stream)
      var (product, square) = (0.0, 0.0)
      for at in 0..<rows * columns {
        let phi = Self.function(1, Self.position(at % columns, columns, bases[1]), bases[1])
        product += g[at / columns, at % columns] * phi
        square += phi * phi
      }
      // The modes beyond 600 hold the most for ν = ½: about 1/(600 π ℓ) of the sum, 5e-3.
      #expect(abs(product / square / stream.normal(at: 1 << 32) / expected - 1) < (smoothness < 1 ? 5e-3 : 1e-5))
    }
  }

  /// For ℓ ≪ L the sum over all periodic modes is the integral over the plane up to the covariance at distance L
  /// (Poisson's summation), so that the amplitude is known in closed form for the roughest field too.
  @Test func modesBeyondThoseSummedCount() {
    let law = GaussianLaw.matern(smoothness: 0.5, length: 0.05)
    let stream = Self.stream(0)
    let g = GaussianRandomField(law, shape: (3, 3), basis: .periodic).sample(from: stream)
    let found = (0..<3).reduce(0.0) { $0 + (2 * g[$1, 0] - g[$1, 1] - g[$1, 2]) } / (9 * 2.0.squareRoot())
    let square = law.tau * law.tau
    let sum = pow(law.tau, -1) / (4 * .pi * 0.5) - pow(square, -1.5)
    let expected = (pow(4 * .pi * .pi + square, -1.5) / sum).squareRoot()
    #expect(abs(found / stream.normal(at: 1 << 32) / expected - 1) < 1e-5)
  }

  @Test(arguments: bases)
  func meanVarianceAndCovarianceAreThoseOfTheLaw(bases: [Basis]) {
    let (n, extents) = (17, (1.0, 2.0))
    let law = GaussianLaw(alpha: 1.8, tau: 4)
    let field = GaussianRandomField(law, shape: (n, n), bases: (bases[0], bases[1]), extents: extents)
    let origin = (3, 11)
    let lags = (0..<20).map { ($0 * 5 % n, $0 * 7 % n) }
    var (products, means) = ([Double](repeating: 0, count: lags.count), [Double](repeating: 0, count: lags.count))
    for sample in 0..<sampleCount {
      let g = field.sample(from: Self.stream(sample))
      for (index, lag) in lags.enumerated() {
        products[index] += g[origin.0, origin.1] * g[lag.0, lag.1] / Double(sampleCount)
        means[index] += g[lag.0, lag.1] / Double(sampleCount)
      }
    }
    func covariance(_ p: (Int, Int), _ q: (Int, Int)) -> Double {
      func phi(_ k: Int, _ i: Int, _ basis: Basis) -> Double { Self.function(k, Self.position(i, n, basis), basis) }
      var sum = 0.0
      for kx in 0..<Self.count(n, bases[1]) {
        for ky in 0..<Self.count(n, bases[0]) where kx + ky > 0 {
          let lambda = Self.eigenvalue(kx, extents.1, bases[1]) + Self.eigenvalue(ky, extents.0, bases[0])
          let sigma = law.amplitude(eigenvalue: lambda)
          sum +=
            sigma * sigma / 2 * phi(kx, p.1, bases[1]) * phi(ky, p.0, bases[0])
            * phi(kx, q.1, bases[1]) * phi(ky, q.0, bases[0])
        }
      }
      return sum
    }
    let own = covariance(origin, origin)
    for (index, lag) in lags.enumerated() {
      let (expected, other) = (covariance(origin, lag), covariance(lag, lag))
      // The variance of a product of two jointly normal numbers of mean zero; four standard errors.
      let error = ((own * other + expected * expected) / Double(sampleCount)).squareRoot()
      #expect(abs(products[index] - expected) < 4 * error)
      #expect(abs(means[index]) < 4 * (other / Double(sampleCount)).squareRoot())
    }
  }

  @Test(arguments: Basis.allCases)
  func fieldsOfDifferentSeedsAreIndependent(basis: Basis) {
    // A short correlation length: many modes share the variance, so that correlations are small by chance too.
    let field = GaussianRandomField(.matern(smoothness: 1, length: 0.02), shape: (96, 96), basis: basis)
    var mean = 0.0
    let pairs = 40
    for k in 0..<pairs {
      let x = field.sample(from: Self.stream(k, seed: 0))
      let y = field.sample(from: Self.stream(k, seed: 1))
      mean += x.dot(y) / (x.norm * y.norm) / Double(pairs)
    }
    #expect(abs(mean) < 0.03)
  }
}
