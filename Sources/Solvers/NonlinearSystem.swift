public import Tensors

/// A system of nonlinear equations `F(x) = 0` with as many equations as unknowns.
///
/// Norms are Euclidean: scale the unknowns so that their dot product is the inner product that matters.
public protocol NonlinearSystem {
  /// The norm that a relative residual refers to, usually that of the data; positive unless the data are zero.
  var referenceNorm: Double { get }

  /// `F(x)`.
  func residual(at point: Tensor<Double>) -> Tensor<Double>

  /// `F′(x) − σ I` with an approximate inverse; σ = 0 is Newton's method, `σ = 1/δ` an implicit Euler step of length δ of
  /// `dx/dt = F(x)`.
  func linearization(at point: Tensor<Double>, shift: Double) -> LinearizedSystem
}

/// A linear operator and an approximation to its inverse.
public struct LinearizedSystem {
  /// `v ↦ A v`.
  public let product: (Tensor<Double>) -> Tensor<Double>
  /// `v ↦ M⁻¹ v` with M near A; linear.
  public let preconditioner: (Tensor<Double>) -> Tensor<Double>

  /// Both maps; no preconditioner by default.
  public init(
    product: @escaping (Tensor<Double>) -> Tensor<Double>,
    preconditioner: @escaping (Tensor<Double>) -> Tensor<Double> = { $0 }
  ) {
    self.product = product
    self.preconditioner = preconditioner
  }
}

/// What a nonlinear solve reached: the point, why the iteration stopped, and the numbers behind that verdict.
public struct NonlinearSolution: Sendable {
  /// The point with the least residual that was visited.
  public let point: Tensor<Double>
  /// Why the iteration stopped.
  public let termination: Termination
  /// What happened on the way.
  public let statistics: NonlinearStatistics
}

/// What happened in a nonlinear solve.
public struct NonlinearStatistics: Hashable, Sendable {
  /// Steps taken.
  public var steps: Int
  /// `‖F(x)‖ / reference` at the point that is returned; `‖F(x)‖` itself when the reference is 0.
  public var residual: Double
  /// The same at the start and after every step.
  public var trace: [Double]
  /// Evaluations of `F`.
  public var residualEvaluations: Int
  /// Products with a linearisation, those that verify a linear solve included.
  public var jacobianProducts: Int
}
