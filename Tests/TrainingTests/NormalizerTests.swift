import TestSupport
import Tensors
import Testing
import Training

@Suite struct NormalizerTests {
  let fields: Tensor<Double> = randomTensor([50, 2, 4, 5], seed: 8).affine(scale: 3, shift: -2)

  @Test(arguments: NormalizerKind.allCases) func encodedFieldsHaveMeanZeroAndDeviationOne(_ kind: NormalizerKind) {
    let encoded = Normalizer(fitting: fields, kind).encode(fields)
    for channel in 0..<2 {
      let values = encoded.channels(channel..<channel + 1)
      #expect(abs(values.sum() / Double(values.count)) < 1e-13)
      // The per-pixel deviation is the unbiased one: 49/50 of the variance remains.
      let expected = kind == .pixel ? 49.0 / 50 : 1
      #expect(abs(values.dot(values) / Double(values.count) - expected) < 1e-12)
    }
  }

  @Test(arguments: NormalizerKind.allCases) func decodingUndoesEncoding(_ kind: NormalizerKind) {
    let normalizer = Normalizer(fitting: fields, kind)
    #expect(relativeError(normalizer.decode(normalizer.encode(fields)), fields) < 1e-14)
  }

  @Test func aConstantFieldAndAConstantPointStayFinite() {
    let constant = Tensor<Double>(shape: [3, 1, 2, 2], repeating: 5)
    #expect(Normalizer(fitting: constant, .channel).encode(constant).elements == [Double](repeating: 0, count: 12))
    var edge = fields
    for sample in 0..<50 { edge[sample, 0, 0, 0] = 0 }
    let encoded = Normalizer(fitting: edge, .pixel).encode(edge)
    #expect(encoded.isFinite && encoded[7, 0, 0, 0] == 0)
  }
}
