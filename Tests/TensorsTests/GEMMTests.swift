import TestSupport
import Tensors
import Testing

/// The product by its definition.
private func product(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Tensor<Double> {
  let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
  return Tensor(shape: [m, n]) { out in
    for i in 0..<m {
      for j in 0..<n { out[i * n + j] = (0..<k).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
    }
  }
}

@Suite struct GEMMTests {
  @Test(arguments: [(1, 1, 1), (8, 32, 5), (13, 47, 24), (26, 24, 48), (7, 3, 2), (9, 100, 33)])
  func productsOfAnyShapeMatchTheDefinition(m: Int, n: Int, k: Int) {
    let a: Tensor<Double> = randomTensor([m, k], stream: 1)
    let b: Tensor<Double> = randomTensor([k, n], stream: 2)
    let expected = product(a, b)
    #expect(relativeError(a.matrixProduct(b), expected) < 1e-14)
    #expect(relativeError(a.matrixProduct(b.transposedMatrix(), .rightTransposed), expected) < 1e-14)
    #expect(relativeError(a.transposedMatrix().matrixProduct(b, .leftTransposed), expected) < 1e-14)
    let single = Tensor<Float>(converting: a).matrixProduct(Tensor<Float>(converting: b))
    #expect(relativeError(Tensor<Double>(converting: single), expected) < 1e-6)
  }
}
