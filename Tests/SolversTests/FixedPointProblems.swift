import Foundation
import Solvers
import Tensors

/// A map with a known fixed point, the same for every sample; the rows of the test table.
///
/// The fixed point is chosen and the constant term follows from it, so that the error is known, not only the residual.
struct FixedPointProblem: Sendable, CustomStringConvertible {
  /// How the linear part acts on a sample.
  enum LinearPart: Sendable {
    case diagonal([Double])
    /// Row major, square.
    case dense([Double])
  }

  /// What is applied after the linear part and the constant.
  enum Outer: Sendable { case identity, tanh, cosine, newtonSquareRoot }

  let description: String
  let linear: LinearPart
  let outer: Outer
  let constant: [Double]
  let fixedPoint: [Double]
  let start: Double
  /// The spectral radius of the derivative at the fixed point.
  let spectralRadius: Double
  /// A bound on `error/residual`, both as root mean squares: the norm of `(I − f′)⁻¹`.
  let conditioning: Double
  /// Whether the derivative is normal and constant.
  let isNormalAndLinear: Bool

  var dimension: Int { fixedPoint.count }

  /// The image of every row.
  func callAsFunction<Scalar: TensorScalar>(_ points: Tensor<Scalar>) -> Tensor<Scalar> {
    var images = product(points)
    let rows = Tensor<Scalar>(
      shape: points.shape, elements: (0..<points.samples).flatMap { _ in constant.map { Scalar($0) } })
    images.add(rows)
    switch outer {
    case .identity: return images
    case .tanh: return images.mapped(Scalar.kernels.tanh)
    case .cosine: return Tensor(shape: images.shape, elements: images.elements.map { Scalar.cos($0) })
    case .newtonSquareRoot: return Tensor(shape: points.shape, elements: points.elements.map { ($0 + 2 / $0) / 2 })
    }
  }

  private func product<Scalar: TensorScalar>(_ points: Tensor<Scalar>) -> Tensor<Scalar> {
    switch linear {
    case .diagonal(let values):
      let factors = (0..<points.samples).flatMap { _ in values.map { Scalar($0) } }
      return points * Tensor(shape: points.shape, elements: factors)
    case .dense(let values):
      let matrix = Tensor(shape: [dimension, dimension], elements: values.map { Scalar($0) })
      // One row at a time, so that a row's bits do not depend on the batch around it.
      let rows = (0..<points.samples).map {
        points.gathering(samples: [$0]).matrixProduct(matrix, .rightTransposed)
      }
      return Tensor(concatenatingSamples: rows)
    }
  }

  /// Starts from the same number everywhere.
  func startingPoint<Scalar: TensorScalar>(samples: Int = 1) -> Tensor<Scalar> {
    Tensor(shape: [samples, dimension], repeating: Scalar(start))
  }
}

extension FixedPointProblem {
  /// `f(z) = A z + b` or `tanh(A z + b)` with the fixed point given.
  init(
    _ name: String, _ linear: LinearPart, outer: Outer = .identity, fixedPoint: [Double], spectralRadius: Double,
    conditioning: Double, isNormal: Bool = true
  ) {
    self.init(
      description: name, linear: linear, outer: outer,
      constant: zip(fixedPoint, Self.apply(linear, to: fixedPoint)).map { z, image in
        (outer == .tanh ? atanh(z) : z) - image
      },
      fixedPoint: fixedPoint, start: 0, spectralRadius: spectralRadius, conditioning: conditioning,
      isNormalAndLinear: isNormal && outer == .identity)
  }

  static func apply(_ linear: LinearPart, to z: [Double]) -> [Double] {
    switch linear {
    case .diagonal(let values): zip(values, z).map(*)
    case .dense(let values):
      (0..<z.count).map { i in (0..<z.count).reduce(0) { $0 + values[i * z.count + $1] * z[$1] } }
    }
  }

  static func normals(_ count: Int, stream: Int, scale: Double = 1) -> [Double] {
    let stream = RandomStream(seed: 7, purpose: .test, sample: stream)
    return (0..<count).map { scale * stream.normal(at: UInt64($0)) }
  }

  /// `count` numbers from `first` to `last`, evenly.
  static func even(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
  }

  /// Symmetric with the given eigenvalues, in its own basis: every method here commutes with rotations of the space.
  static func symmetric(_ name: String, _ eigenvalues: [Double]) -> FixedPointProblem {
    FixedPointProblem(
      name, .diagonal(eigenvalues), fixedPoint: normals(eigenvalues.count, stream: 1),
      spectralRadius: eigenvalues.map(abs).max() ?? 0,
      conditioning: eigenvalues.map { 1 / abs(1 - $0) }.max() ?? 1)
  }

  /// Normal with complex eigenvalues `radius·exp(±iφ)`, the angles spread over the half circle.
  static func rotations(_ name: String, radii: [Double]) -> FixedPointProblem {
    let dimension = 2 * radii.count
    var matrix = [Double](repeating: 0, count: dimension * dimension)
    var conditioning = 0.0
    for (block, radius) in radii.enumerated() {
      // The golden ratio spreads the angles without a pattern.
      let angle = Double.pi * (Double(block) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1)
      let (real, imaginary) = (radius * cos(angle), radius * sin(angle))
      let (i, j) = (2 * block, 2 * block + 1)
      matrix[i * dimension + i] = real
      matrix[j * dimension + j] = real
      matrix[i * dimension + j] = -imaginary
      matrix[j * dimension + i] = imaginary
      conditioning = max(conditioning, 1 / hypot(1 - real, imaginary))
    }
    return FixedPointProblem(
      name, .dense(matrix), fixedPoint: normals(dimension, stream: 2), spectralRadius: radii.max() ?? 0,
      conditioning: conditioning)
  }

  /// Eigenvalues evenly in ±radius on the diagonal and `coupling` above it.
  static func nonNormal(_ name: String, radius: Double, coupling: Double, dimension: Int) -> FixedPointProblem {
    var matrix = [Double](repeating: 0, count: dimension * dimension)
    for (i, value) in even(-radius, radius, dimension).enumerated() {
      matrix[i * dimension + i] = value
      if i + 1 < dimension { matrix[i * dimension + i + 1] = coupling }
    }
    // ‖(I − A)⁻¹‖ ≤ Σ_k (coupling/(1 − radius))ᵏ/(1 − radius), from the Neumann series of the bidiagonal inverse.
    return FixedPointProblem(
      name, .dense(matrix), fixedPoint: normals(dimension, stream: 3), spectralRadius: radius,
      conditioning: 1 / (1 - radius - coupling), isNormal: false)
  }

  /// `tanh(W z + b)` with the Frobenius norm as the bound of the slope.
  static func network(_ name: String, dimension: Int, gain: Double) -> FixedPointProblem {
    let scale = gain / 2 / Double(dimension).squareRoot()
    // ‖W‖₂ is close to gain for a Gaussian matrix with entries of variance (gain/2)²/dimension.
    return FixedPointProblem(
      name, .dense(normals(dimension * dimension, stream: 4, scale: scale)), outer: .tanh,
      fixedPoint: normals(dimension, stream: 5).map { 0.9 * Foundation.tanh($0) }, spectralRadius: gain / 2,
      conditioning: 1 / (1 - 1.05 * gain))
  }
}

extension FixedPointProblem {
  static let mixed = symmetric("symmetric −0.6…0.95", even(-0.6, 0.95, 200))

  /// The linear contractions, d = 200.
  static let contractions: [FixedPointProblem] =
    [mixed]
    + [0.5, 0.9, 0.99].map { symmetric("symmetric ±\($0)", even(-$0, $0, 200)) }
    + [0.5, 0.9, 0.99].map { symmetric("symmetric 0…\($0)", even(0, $0, 200)) }
    + [0.5, 0.9].map { rotations("rotations, circle \($0)", radii: Array(repeating: $0, count: 100)) }
    + [0.5, 0.9].map { rotations("rotations, disc \($0)", radii: even(0.1 * $0, $0, 100)) }
    + [
      nonNormal("non-normal 0.5 + 0.3", radius: 0.5, coupling: 0.3, dimension: 200),
      nonNormal("non-normal 0.9 + 0.09", radius: 0.9, coupling: 0.09, dimension: 200),
    ]

  static let cosine = FixedPointProblem(
    description: "cosine", linear: .diagonal([1]), outer: .cosine, constant: [0],
    fixedPoint: [0.739_085_133_215_160_64], start: 0, spectralRadius: 0.6736, conditioning: 1,
    isNormalAndLinear: false)

  static let squareRoot = FixedPointProblem(
    description: "Newton square root", linear: .diagonal([1]), outer: .newtonSquareRoot, constant: [0],
    fixedPoint: [sqrt(2)], start: 1, spectralRadius: 0, conditioning: 1.1, isNormalAndLinear: false)

  static let nonlinear = [network("tanh network", dimension: 200, gain: 0.9), squareRoot, cosine]

  static let all = contractions + nonlinear
}

/// The methods of the test table.
let fixedPointMethods: [any FixedPointMethod] = [
  Picard(), Anderson(memory: 2), Anderson(), Anderson(memory: 10), Broyden(memory: 5), Broyden(), Broyden(memory: 20),
]
