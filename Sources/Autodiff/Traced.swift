public import Tensors
import Synchronization

/// A tensor that remembers how it was computed, as far as a gradient may be asked for.
///
/// Layers are written once over traced values. A constant carries no record, and an operation whose inputs are all
/// constants records nothing: inference costs no memory. A recorded graph can be pulled back any number of times, with
/// different cotangents and towards different inputs (`Linearization`); it lives as long as a value that needs it.
public struct Traced<Scalar: TensorScalar> {
  /// The number computed.
  public let value: Tensor<Scalar>
  let node: Node<Scalar>?

  init(value: Tensor<Scalar>, node: Node<Scalar>?) {
    self.value = value
    self.node = node
  }

  /// A value towards which no gradient will be asked for.
  public init(constant value: Tensor<Scalar>) { self.init(value: value, node: nil) }

  /// An independent variable: a value towards which gradients can be asked for.
  public init(variable value: Tensor<Scalar>) {
    self.init(value: value, node: Node(inputs: [], pullback: { _, _ in [] }))
  }

  /// The shape of the value.
  public var shape: [Int] { value.shape }

  /// The same value as a constant: gradients stop here.
  public var detached: Traced { Traced(constant: value) }

  /// Whether operations on this value are recorded.
  public var isRecorded: Bool { node != nil }

  /// Maps a cotangent of an operation's result to the cotangents of its inputs; entries that are not wanted are ignored
  /// and may be nil.
  public typealias Pullback = (_ cotangent: Tensor<Scalar>, _ wanted: [Bool]) throws -> [Tensor<Scalar>?]

  /// The result of a primitive operation.
  ///
  /// - Parameters:
  ///   - value: the operation's result.
  ///   - inputs: what it was computed from.
  ///   - pullback: called only for recorded inputs, possibly several times.
  public static func recorded(_ value: Tensor<Scalar>, from inputs: [Traced], pullback: @escaping Pullback) -> Traced {
    let nodes = inputs.map(\.node)
    guard nodes.contains(where: { $0 != nil }) else { return Traced(constant: value) }
    return Traced(value: value, node: Node(inputs: nodes, pullback: pullback))
  }
}

/// One recorded operation.
final class Node<Scalar: TensorScalar> {
  /// Position in the order of creation: inputs always come before what is computed from them.
  let order: UInt64
  let inputs: [Node?]
  let pullback: Traced<Scalar>.Pullback

  init(inputs: [Node?], pullback: @escaping Traced<Scalar>.Pullback) {
    order = creationCounter.wrappingAdd(1, ordering: .relaxed).newValue
    self.inputs = inputs
    self.pullback = pullback
  }
}

private let creationCounter = Atomic<UInt64>(0)
