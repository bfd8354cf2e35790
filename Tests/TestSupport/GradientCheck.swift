package import Autodiff
package import Tensors

/// A differentiable operation and where to test it.
package struct DifferentiableCase: CustomStringConvertible, Sendable {
  package let name: String
  package let shapes: [[Int]]
  /// Inputs are `offset + spread·normal`, so that logarithms and roots stay in their domain.
  package let offset: Double
  package let spread: Double
  package let inDouble: @Sendable ([Traced<Double>]) throws -> Traced<Double>
  package let inFloat: @Sendable ([Traced<Float>]) throws -> Traced<Float>

  package init(
    _ name: String, _ shapes: [[Int]], offset: Double = 0, spread: Double = 1,
    _ inDouble: @escaping @Sendable ([Traced<Double>]) throws -> Traced<Double>,
    _ inFloat: @escaping @Sendable ([Traced<Float>]) throws -> Traced<Float>
  ) {
    self.name = name
    self.shapes = shapes
    self.offset = offset
    self.spread = spread
    self.inDouble = inDouble
    self.inFloat = inFloat
  }

  package var description: String { name }

  package func point() -> [Tensor<Double>] {
    shapes.enumerated().map { randomTensor($1, seed: 11, stream: $0).affine(scale: spread, shift: offset) }
  }
}

/// `Σ w·(y + y²/2)`: nonlinear in the result, so that linear operations have a second remainder too, and with unequal
/// weights w, so that no symmetry of the operation hides an error.
private func functional<Scalar: TensorScalar>(
  _ operation: @escaping ([Traced<Scalar>]) throws -> Traced<Scalar>
) -> ([Traced<Scalar>]) throws -> Traced<Scalar> {
  return { inputs in
    let y = try operation(inputs)
    let weights: Tensor<Scalar> = randomTensor(y.shape, seed: 12).affine(scale: 0.25, shift: 1)
    return (y * y).affine(scale: 0.5).blended(with: y, weight: 0.5).dot(Traced(constant: weights)).affine(scale: 2)
  }
}

/// The slopes of the second Taylor remainder of a table's row, see below.
package func taylorSlopes(of test: DifferentiableCase, direction: Int) throws -> [Double] {
  try taylorSlopes(at: test.point(), of: test.inDouble, direction: direction)
}

/// The slopes of the second Taylor remainder `|J(x + hδ) − J(x) − h∇J·δ|` over halvings of h: 2 when the gradient is right.
///
/// - Parameter largest: the first h, relative to the size of the point; deep functions have large third derivatives.
package func taylorSlopes(
  at point: [Tensor<Double>], of operation: @escaping ([Traced<Double>]) throws -> Traced<Double>,
  direction: Int = 0, largest: Double = 0x1p-9, halvings: Int = 8
) throws -> [Double] {
  let (value, gradient) = try valueWithGradient(at: point, of: functional(operation))
  var directions: [Tensor<Double>] = point.enumerated().map {
    randomTensor($1.shape, seed: UInt64(100 + direction), stream: $0)
  }
  let length = directions.reduce(0) { $0 + $1.dot($1) }.squareRoot()
  let size = point.reduce(0) { $0 + $1.dot($1) }.squareRoot()
  directions = directions.map { $0.scaled(by: size / length) }
  let slope = zip(gradient, directions).reduce(0) { $0 + $1.0.dot($1.1) }
  // Small enough that the third-order term is below 1 % of the second, large enough to stand above rounding.
  let remainders = try (0...halvings).map { halving -> Double in
    let h = largest / Double(1 << halving)
    let moved = zip(point, directions).map { base, step in
      var result = base
      result.add(step, scaledBy: h)
      return Traced(constant: result)
    }
    return abs(try functional(operation)(moved).value.scalar - value - h * slope)
  }
  return zip(remainders, remainders.dropFirst()).map { Double.log2($0 / $1) }
}

/// The relative distances between Float and Double of the result and of the gradient of the same functional.
package func singlePrecisionErrors(of test: DifferentiableCase) throws -> (value: Double, gradient: Double) {
  let single = test.point().map { Tensor<Float>(converting: $0) }
  // Double from the rounded inputs, so that only the arithmetic is compared.
  let rounded = single.map { Tensor<Double>(converting: $0) }
  let exact = try test.inDouble(rounded.map { Traced(constant: $0) }).value
  let approximate = Tensor<Double>(converting: try test.inFloat(single.map { Traced(constant: $0) }).value)
  let (_, gradient) = try valueWithGradient(at: rounded, of: functional(test.inDouble))
  let (_, singleGradient) = try valueWithGradient(at: single, of: functional(test.inFloat))
  let distance = zip(gradient, singleGradient).reduce(0) { sum, pair in
    let difference = pair.0 - Tensor<Double>(converting: pair.1)
    return sum + difference.dot(difference)
  }.squareRoot()
  let length = gradient.reduce(0) { $0 + $1.dot($1) }.squareRoot()
  return (relativeError(approximate, exact), distance / length)
}
