import Autodiff
import TestSupport
import Tensors
import Testing

/// Every primitive, once for Double and once for Float.
private func row(
  _ name: String, _ shapes: [[Int]], offset: Double = 0, spread: Double = 1, _ operation: some PrimitiveOperation
) -> DifferentiableCase {
  DifferentiableCase(
    name, shapes, offset: offset, spread: spread, { try operation.apply($0) }, { try operation.apply($0) })
}

/// An operation written once for both scalars.
private protocol PrimitiveOperation: Sendable {
  func apply<Scalar: TensorScalar>(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar>
}

private struct Unary: PrimitiveOperation {
  enum Kind: CaseIterable { case exp, log, squareRoot, squared, tanh, sigmoid, gelu, affine }
  let kind: Kind
  func apply<Scalar: TensorScalar>(_ inputs: [Traced<Scalar>]) -> Traced<Scalar> {
    let x = inputs[0]
    return switch kind {
    case .exp: x.exp()
    case .log: x.log()
    case .squareRoot: x.squareRoot()
    case .squared: x.squared()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .gelu: x.gelu()
    case .affine: x.affine(scale: -1.5, shift: 0.25)
    }
  }
}

private struct Binary: PrimitiveOperation {
  enum Kind: CaseIterable { case add, subtract, multiply, divide, blended, sharedOperand }
  let kind: Kind
  func apply<Scalar: TensorScalar>(_ inputs: [Traced<Scalar>]) -> Traced<Scalar> {
    let (a, b) = (inputs[0], inputs[1])
    return switch kind {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .blended: a.blended(with: b, weight: 0.3)
    case .sharedOperand: a * a + (a - b) * a
    }
  }
}

private struct Shape: PrimitiveOperation {
  enum Kind: CaseIterable { case reshape, channels, pad, crop, gather, sum, mean, dot, sampleNorms, normalized }
  let kind: Kind
  func apply<Scalar: TensorScalar>(_ inputs: [Traced<Scalar>]) -> Traced<Scalar> {
    let x = inputs[0]
    return switch kind {
    case .reshape: x.reshaped(to: [x.value.count])
    case .channels: x.channels(1..<3)
    case .pad: x.padded(to: [6, 9])
    case .crop: x.cropped(to: [4, 3])
    case .gather: x.gathering(samples: [1, 0])
    case .sum: x.sum()
    case .mean: x.mean()
    case .dot: x.dot(x.tanh())
    case .sampleNorms: x.sampleNorms()
    case .normalized: x.instanceNormalized()
    }
  }
}

private struct Concatenation: PrimitiveOperation {
  func apply<Scalar: TensorScalar>(_ inputs: [Traced<Scalar>]) -> Traced<Scalar> { .concatenatingChannels(inputs) }
}

private struct TwoTermMap: PrimitiveOperation {
  let activation: Activation
  func apply<Scalar: TensorScalar>(_ i: [Traced<Scalar>]) -> Traced<Scalar> {
    .channelMap([(i[0], i[1]), (i[2], i[3])], bias: i[4], addend: i[5], activation: activation)
  }
}

private struct OneTermMap: PrimitiveOperation {
  func apply<Scalar: TensorScalar>(_ i: [Traced<Scalar>]) -> Traced<Scalar> {
    i[0].channelMap(weight: i[1], bias: i[2], activation: .gelu)
  }
}

/// Grids whose rows are neither a multiple of a vector nor of a block of points.
private let fields = [[2, 3, 5, 7]]
private let mapShapes = [[2, 3, 25, 23], [5, 3], [2, 4, 25, 23], [5, 4], [5], [2, 5, 25, 23]]
private let cases: [DifferentiableCase] =
  Unary.Kind.allCases.map { kind in
    let positive = kind == .log || kind == .squareRoot
    return row(
      "\(kind)", fields, offset: positive ? 2 : 0, spread: positive ? 0.2 : 0.7, Unary(kind: kind))
  }
  + Binary.Kind.allCases.map {
    row("\($0)", fields + fields, offset: 2, spread: 0.2, Binary(kind: $0))
  }
  + Shape.Kind.allCases.map { row("\($0)", fields, Shape(kind: $0)) }
  + [
    row("concatenatingChannels", [[2, 1, 3, 4], [2, 3, 3, 4]], Concatenation()),
    row("channelMap, two terms, GELU", mapShapes, spread: 0.5, TwoTermMap(activation: .gelu)),
    row("channelMap, two terms", mapShapes, spread: 0.5, TwoTermMap(activation: .identity)),
    row("channelMap, one term, GELU", [[2, 3, 5, 7], [4, 3], [4]], spread: 0.5, OneTermMap()),
  ]

@Suite struct PrimitiveTests {
  @Test(arguments: cases) func theSecondTaylorRemainderFallsQuadratically(_ test: DifferentiableCase) throws {
    for direction in 0..<3 {
      for (halving, slope) in try taylorSlopes(of: test, direction: direction).enumerated() {
        #expect(abs(slope - 2) < 0.02, "\(test), direction \(direction), halving \(halving): slope \(slope)")
      }
    }
  }

  /// Rounding accumulates over a few operations and sums of tens of terms.
  @Test(arguments: cases) func floatAgreesWithDouble(_ test: DifferentiableCase) throws {
    let errors = try singlePrecisionErrors(of: test)
    #expect(errors.value < 2e-6, "\(test): value differs by \(errors.value)")
    #expect(errors.gradient < 4e-6, "\(test): gradient differs by \(errors.gradient)")
  }
}
