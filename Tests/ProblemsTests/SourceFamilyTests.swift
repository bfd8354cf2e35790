import Foundation
import Problems
import Solvers
import Spectral
import Tensors
import TestSupport
import Testing

@Suite struct SourceFamilyTests {
  @Test func aConstantSourceIsItsNumber() {
    let source = SourceFamily.constant(-2.5).sampler(shape: (4, 5)).source(sample: 3, seed: 1)
    #expect(source.shape == [4, 5] && source.elements.allSatisfy { $0 == -2.5 })
  }

  @Test func aGaussianSourceIsAMultipleOfTheFieldOfItsOwnStream() {
    let law = GaussianLaw.matern(smoothness: 1, length: 0.3)
    let domain = Rectangle(width: 3, height: 2)
    for (joined, basis) in [(Joined.none, GaussianRandomField.Basis.neumann), ([.x, .y], .periodic)] {
      let source = SourceFamily.gaussian(law: law, amplitude: 4).sampler(
        shape: (12, 17), domain: domain, joined: joined
      ).source(sample: 3, seed: 9)
      let field = GaussianRandomField(law, shape: (12, 17), basis: basis, extents: (2, 3))
      let expected = field.sample(from: RandomStream(seed: 9, purpose: .source, sample: 3))
      #expect(source.elements == expected.elements.map { 4 * $0 })
    }
  }

  @Test func sourcesAreIndependentOfMediaSeedsAndSamples() {
    let law = GaussianLaw.matern(smoothness: 2, length: 0.1)
    let sources = SourceFamily.gaussian(law: law, amplitude: 1).sampler(shape: (17, 17))
    let media = DarcyFamily(law: law, medium: .logNormal(mean: 0, standardDeviation: 1)).sampler(shape: (17, 17))
    var (medium, seed, sample, own) = (0.0, 0.0, 0.0, 0.0)
    for k in 0..<mediumSampleCount {
      let f = sources.source(sample: k, seed: 0)[5, 8]
      medium += f * log(media.permeability(sample: k, seed: 0)[5, 8])
      seed += f * sources.source(sample: k, seed: 1)[5, 8]
      sample += f * sources.source(sample: k + 1, seed: 0)[5, 8]
      own += f * f
    }
    let bound = 4 / Double(mediumSampleCount).squareRoot()
    for product in [medium, seed, sample] { #expect(abs(product / own) < bound) }
    // The variance of this point, inside the square by five correlation lengths, is near that of the whole.
    #expect(abs(own / Double(mediumSampleCount) - 1) < 0.2 + 4 * (2 / Double(mediumSampleCount)).squareRoot())
  }
}
