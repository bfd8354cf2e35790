package import Tensors

/// Reproducible random tensors for tests.
package func randomTensor<Scalar: TensorScalar>(_ shape: [Int], seed: UInt64 = 1, stream: Int = 0) -> Tensor<Scalar> {
  Tensor.normal(shape, from: RandomStream(seed: seed, purpose: .test, sample: stream))
}

/// `‖a − b‖ / ‖b‖`.
package func relativeError<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Double {
  (a - b).norm / b.norm
}
