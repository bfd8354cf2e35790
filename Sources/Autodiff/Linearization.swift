public import Tensors

/// The derivative of a recorded result, as a linear map that can be applied to many cotangents.
///
/// Built once, it holds the part of the graph that leads from the result to the chosen inputs, in the order of the reverse
/// sweep (Griewank & Walther 2008, "Evaluating Derivatives", section 3.2). The adjoint solve of an equilibrium layer applies
/// it towards the state alone at every iteration; the parameters are asked for once, by another linearization of the same
/// graph.
public struct Linearization<Scalar: TensorScalar> {
  private let root: Node<Scalar>?
  private let shape: [Int]
  private let targets: [(id: ObjectIdentifier?, shape: [Int])]
  private let sweep: [(node: Node<Scalar>, wanted: [Bool])]

  /// - Parameters:
  ///   - result: the value to differentiate.
  ///   - inputs: variables or intermediate values it was computed from; one that it does not depend on gets zeros.
  public init(of result: Traced<Scalar>, towards inputs: [Traced<Scalar>]) {
    root = result.node
    shape = result.shape
    targets = inputs.map { ($0.node.map { ObjectIdentifier($0) }, $0.shape) }

    var reachable: [ObjectIdentifier: Node<Scalar>] = [:]
    var pending = [result.node].compactMap { $0 }
    while let node = pending.popLast() {
      guard reachable.updateValue(node, forKey: ObjectIdentifier(node)) == nil else { continue }
      pending.append(contentsOf: node.inputs.compactMap { $0 })
    }
    let ordered = reachable.values.sorted { $0.order < $1.order }
    var needed = Set(targets.compactMap(\.id))
    var forward: [(node: Node<Scalar>, wanted: [Bool])] = []
    for node in ordered {
      let wanted = node.inputs.map { input in input.map { needed.contains(ObjectIdentifier($0)) } ?? false }
      guard wanted.contains(true) else { continue }
      needed.insert(ObjectIdentifier(node))
      forward.append((node, wanted))
    }
    sweep = forward.reversed()
  }

  /// The cotangents of the inputs, `Jᵀ·cotangent`, in the order in which the inputs were given.
  ///
  /// - Parameter cotangent: of the result's shape.
  public func pullback(_ cotangent: Tensor<Scalar>) throws -> [Tensor<Scalar>] {
    precondition(cotangent.shape == shape, "cotangent of shape \(cotangent.shape) for a result of shape \(shape)")
    var sums: [ObjectIdentifier: Tensor<Scalar>] = [:]
    if let root { sums[ObjectIdentifier(root)] = cotangent }
    let kept = Set(targets.compactMap(\.id))
    for (node, wanted) in sweep {
      let id = ObjectIdentifier(node)
      guard let incoming = kept.contains(id) ? sums[id] : sums.removeValue(forKey: id) else { continue }
      let outgoing = try node.pullback(incoming, wanted)
      for (position, input) in node.inputs.enumerated() where wanted[position] {
        guard let input, let addition = outgoing[position] else { continue }
        let key = ObjectIdentifier(input)
        // Taken out before it is added to, so that the sum is formed in place.
        if var sum = sums.removeValue(forKey: key) {
          sum.add(addition)
          sums[key] = sum
        } else {
          sums[key] = addition
        }
      }
    }
    return targets.map { target in target.id.flatMap { sums[$0] } ?? .zeros(target.shape) }
  }
}

/// The value of a scalar function and its gradient at `point`.
///
/// - Parameters:
///   - point: the independent tensors.
///   - function: from their traced versions to a traced tensor with one element.
public func valueWithGradient<Scalar: TensorScalar>(
  at point: [Tensor<Scalar>], of function: ([Traced<Scalar>]) throws -> Traced<Scalar>
) throws -> (value: Scalar, gradient: [Tensor<Scalar>]) {
  let variables = point.map { Traced(variable: $0) }
  let result = try function(variables)
  let gradient = try Linearization(of: result, towards: variables)
    .pullback(Tensor(shape: result.shape, repeating: 1))
  return (result.value.scalar, gradient)
}
