import Foundation
import Problems
import Solvers
import Spectral
import Tensors
import Testing

/// Thousands of samples where asked for, else hundreds.
let mediumSampleCount = ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? 800 : 20_000

/// One medium of each kind.
let mediumKinds: [DarcyFamily] = [
  DarcyFamily(law: .matern(smoothness: 2, length: 0.1)),
  DarcyFamily(law: .matern(smoothness: 2, length: 0.1), medium: .logNormal(mean: 1, standardDeviation: 0.5)),
  DarcyFamily(medium: .discs(count: 12, radius: 0.05...0.15, inside: 100, outside: 1)),
  DarcyFamily(medium: .channels(count: 4, width: 0.05...0.2, inside: 50, outside: 2)),
  DarcyFamily(medium: .layers(count: 6, along: .y, values: 0.1...10)),
]

@Suite struct RandomMediaTests {
  @Test func theUsualMediumIsTheSignOfTheUsualField() {
    let field = GaussianRandomField(GaussianLaw(), shape: (43, 43))
    let sampler = DarcyFamily().sampler(shape: (43, 43))
    for sample in 0..<5 {
      let g = field.sample(from: RandomStream(seed: 7, purpose: .permeability, sample: sample))
      #expect(sampler.permeability(sample: sample, seed: 7).elements == g.elements.map { $0 >= 0 ? 12 : 3 })
    }
  }

  /// Log-permeability on a 2 × 1 box against the Matérn covariance of ν = 3/2 in the plane, across the seam in x and y.
  @Test func aPeriodicLogNormalMediumHasTheMaternCovarianceAcrossItsSeams() {
    let (n, length, mean, deviation) = (64, 0.05, -0.7, 1.3)
    let family = DarcyFamily(
      law: .matern(smoothness: 1.5, length: length), medium: .logNormal(mean: mean, standardDeviation: deviation))
    let sampler = family.sampler(shape: (n, 2 * n), domain: Rectangle(width: 2, height: 1), joined: [.x, .y])
    let lags = (0..<20).map { (y: $0 / 5 * 2, x: $0 % 5 * 3) }
    let count = Double(mediumSampleCount)
    var (sums, products) = ([Double](repeating: 0, count: 20), [Double](repeating: 0, count: 20))
    for sample in 0..<mediumSampleCount {
      let medium = sampler.permeability(sample: sample, seed: 3)
      func value(_ y: Int, _ x: Int) -> Double { (log(medium[y % n, x % (2 * n)]) - mean) / deviation }
      let origin = value(n - 2, 2 * n - 2)
      for (index, lag) in lags.enumerated() {
        let other = value(n - 2 + lag.y, 2 * n - 2 + lag.x)
        sums[index] += other / count
        products[index] += origin * other / count
      }
    }
    // Taking the mean off takes ∫ covariance / area = 2πℓ²/2 of the variance, which the scale makes up for.
    let missing = .pi * length * length
    for (index, lag) in lags.enumerated() {
      let s = 3.0.squareRoot() * hypot(Double(lag.y), Double(lag.x)) / Double(n) / length
      let expected = ((1 + s) * exp(-s) - missing) / (1 - missing)
      // Four standard errors of a product of two standard normal numbers with this correlation.
      #expect(abs(products[index] - expected) < 4 * ((1 + expected * expected) / count).squareRoot())
      #expect(abs(sums[index]) < 4 / count.squareRoot())
    }
  }

  @Test func theVarianceOfALogNormalMediumIsTheOneAskedForWhateverTheLaw() {
    for law in [GaussianLaw(alpha: 2.5, tau: 3), .matern(smoothness: 2, length: 0.2)] {
      let family = DarcyFamily(law: law, medium: .logNormal(mean: 0, standardDeviation: 0.5))
      let sampler = family.sampler(shape: (33, 33))
      var (sum, squares) = (0.0, 0.0)
      for sample in 0..<mediumSampleCount {
        let medium = sampler.permeability(sample: sample, seed: 1)
        var variance = 0.0
        // The mean over the square, by the trapezoidal rule, which is exact for the modes' products.
        for i in 0..<33 {
          for j in 0..<33 {
            let weight = (i % 32 == 0 ? 0.5 : 1) * (j % 32 == 0 ? 0.5 : 1) / 1024
            variance += weight * pow(log(medium[i, j]) / 0.5, 2)
          }
        }
        sum += variance
        squares += variance * variance
      }
      let count = Double(mediumSampleCount)
      let mean = sum / count
      let error = ((squares / count - mean * mean) / count).squareRoot()
      // The modes that 33 vertices lack hold less than 1e-3 of the variance.
      #expect(abs(mean - 1) < 4 * error + 1e-3)
    }
  }

  @Test(arguments: mediumKinds, [Joined.none, .x, .y, [.x, .y]])
  func mediaOfDifferentSeedsAndSamplesAreIndependent(family: DarcyFamily, joined: Joined) {
    let sampler = family.sampler(shape: (17, 17), joined: joined)
    func value(_ sample: Int, _ seed: UInt64) -> Double {
      log(sampler.permeability(sample: sample, seed: seed)[8, 6])
    }
    let base = (0..<mediumSampleCount + 1).map { value($0, 0) }
    let otherSeed = (0..<mediumSampleCount).map { value($0, 1) }
    // 4/√20000 is below 0.03.
    let bound = 4 / Double(mediumSampleCount).squareRoot()
    #expect(abs(correlation(Array(base.dropLast()), otherSeed)) < bound)
    #expect(abs(correlation(Array(base.dropLast()), Array(base.dropFirst()))) < bound)
  }

  @Test(arguments: mediumKinds, [Joined.none, .x, .y, [.x, .y]])
  func aMediumIsAFunctionOfSeedAndSample(family: DarcyFamily, joined: Joined) {
    let (first, again) = (
      family.sampler(shape: (24, 31), joined: joined), family.sampler(shape: (24, 31), joined: joined)
    )
    let medium = first.permeability(sample: 5, seed: 2).elements
    #expect(again.permeability(sample: 5, seed: 2).elements == medium)
    #expect(first.permeability(sample: 6, seed: 2).elements != medium)
    #expect(first.permeability(sample: 5, seed: 3).elements != medium)
    #expect(medium.allSatisfy { $0 > 0 && $0.isFinite })
  }

  @Test func ordersOfTheDiscretisationErrorAreThoseOfTheRegularity() {
    #expect(mediumKinds.map(\.discretisationOrder) == [1, 2, 1, 1, 1])
    let rough = DarcyFamily(
      law: .matern(smoothness: 0.5, length: 0.1), medium: .logNormal(mean: 0, standardDeviation: 1))
    #expect(rough.discretisationOrder == 1)
  }

  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    func covariance(_ a: [Double], _ ma: Double, _ b: [Double], _ mb: Double) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
    }
    return covariance(x, mx, y, my) / (covariance(x, mx, x, mx) * covariance(y, my, y, my)).squareRoot()
  }
}
