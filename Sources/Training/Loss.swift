public import Autodiff
public import Tensors

/// The relative L² error of every sample, `‖p − t‖/‖t‖`, of shape (sample).
///
/// The norm is the discrete L² norm on a uniform grid, so the cell area cancels. No ε in the denominator, as published; a
/// target that vanishes has no relative error, and the loader refuses such data.
public func relativeL2<Scalar: TensorScalar>(_ prediction: Traced<Scalar>, _ target: Tensor<Scalar>) -> Traced<Scalar> {
  let norms = Traced(constant: target).sampleNorms()
  return (prediction - Traced(constant: target)).sampleNorms() / norms
}

extension Normalizer {
  /// `decode` as an operation gradients pass through.
  func decode(_ fields: Traced<Scalar>) -> Traced<Scalar> {
    Traced.recorded(decode(fields.value), from: [fields]) { cotangent, _ in [scale(cotangent)] }
  }
}
