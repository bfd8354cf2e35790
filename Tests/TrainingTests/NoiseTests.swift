import TestSupport
import Tensors
import Testing
import Training

@Suite struct NoiseTests {
  private func spread(_ field: Tensor<Double>) -> Double {
    let mean = field.sum() / Double(field.count)
    return (field.dot(field) / Double(field.count) - mean * mean).squareRoot()
  }

  private let pairs = FieldPairs<Double>(
    inputs: randomTensor([200, 1, 10, 10], seed: 1).affine(scale: 3, shift: 7),
    targets: randomTensor([200, 1, 10, 10], seed: 2).affine(scale: 0.002, shift: 0.005))

  /// The deviation of 20,000 normal numbers is within 4/√(2·20000) = 2 % of its expectation.
  @Test(arguments: NoiseTarget.allCases)
  func noiseHasTheGivenDeviationRelativeToTheFieldItIsAddedTo(_ target: NoiseTarget) {
    let noisy = TrainingNoise(level: 0.1, target: target).disturb(pairs, seed: 3)
    let (clean, disturbed, other) =
      target == .input
      ? (pairs.inputs, noisy.inputs, (pairs.targets, noisy.targets))
      : (pairs.targets, noisy.targets, (pairs.inputs, noisy.inputs))
    #expect(abs(spread(disturbed - clean) / (0.1 * spread(clean)) - 1) < 0.02)
    #expect(other.0.elements == other.1.elements, "the other field must stay clean")
  }

  /// With a largest variance of 1e-3 there are 8 published levels, 128 of 1024 samples each.
  @Test func theRampGivesEqualPartsThePublishedVariances() {
    let field = FieldPairs<Double>(
      inputs: .zeros([1024, 1, 16, 16]), targets: randomTensor([1024, 1, 16, 16], seed: 4))
    let level = 1e-3.squareRoot() / spread(field.targets)
    let noisy = TrainingNoise(level: level, law: .paperRamp).disturb(field, seed: 5)
    let difference = noisy.targets - field.targets
    for (part, variance) in [0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3].enumerated() {
      let block = difference.gathering(samples: part * 128..<(part + 1) * 128)
      // 32,768 numbers: the variance is within 4·√(2/32768) = 3 % of its expectation.
      #expect(abs(block.dot(block) / Double(block.count) - variance) <= 0.03 * variance)
    }
  }

  @Test func aSampleDrawsTheSameNoiseWhateverIsBesideIt() {
    let noise = TrainingNoise(level: 0.1)
    let whole = noise.disturb(pairs, seed: 3)
    #expect(noise.disturb(pairs, seed: 3).targets.elements == whole.targets.elements)
    #expect(noise.disturb(pairs, seed: 4).targets.elements != whole.targets.elements)
  }
}
