import Foundation
public import Tensors

/// Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) with an L2 penalty added to the gradient, not decoupled.
public struct Adam: Codable, Hashable, Sendable {
  /// Decay of the first moment.
  public var beta1 = 0.9
  /// Decay of the second moment.
  public var beta2 = 0.999
  /// Added to the root of the second moment.
  public var epsilon = 1e-8
  /// Factor of the L2 penalty; published: 1e-4.
  public var weightDecay = 1e-4

  /// Adam with the published parameters.
  public init() {}

  /// The moments that go with a list of parameters.
  public struct State<Scalar: TensorScalar>: Sendable {
    /// Running mean of the gradients.
    public var first: [Tensor<Scalar>]
    /// Running mean of their squares.
    public var second: [Tensor<Scalar>]
    /// Steps taken.
    public var steps = 0

    /// Zero moments for parameters of the given shapes.
    public init(shapes: [[Int]]) {
      first = shapes.map { .zeros($0) }
      second = shapes.map { .zeros($0) }
    }
  }

  /// One step at the given learning rate; parameters and moments change in place.
  public func update<Scalar: TensorScalar>(
    _ parameters: inout [Tensor<Scalar>], gradients: [Tensor<Scalar>], rate: Double, state: inout State<Scalar>
  ) {
    state.steps += 1
    let correction1 = Scalar(1 - pow(beta1, Double(state.steps)))
    let correction2 = Scalar(1 - pow(beta2, Double(state.steps)))
    let (b1, b2, e, decay, rate) = (
      Scalar(beta1), Scalar(beta2), Scalar(epsilon), Scalar(weightDecay), Scalar(rate)
    )
    for index in parameters.indices {
      let count = parameters[index].count
      gradients[index].withUnsafeBuffer { gradient in
        parameters[index].withUnsafeMutableBuffer { parameter in
          state.first[index].withUnsafeMutableBuffer { first in
            state.second[index].withUnsafeMutableBuffer { second in
              guard let p = parameter.baseAddress, let g = gradient.baseAddress, let m = first.baseAddress,
                let v = second.baseAddress
              else { return }
              Parallel.chunks(of: count, size: 1 << 16) { range in
                let i = range.lowerBound
                Scalar.kernels.adam(
                  range.count, p + i, g + i, m + i, v + i, rate, b1, b2, e, correction1, correction2, decay)
              }
            }
          }
        }
      }
    }
  }
}
