public import Tensors

/// Broyden's good method on `g(z) = f(z) − z`, per sample, with limited memory.
///
/// The approximate inverse Jacobian starts as `H = −I`, so the first step is Picard's. With full steps `s_k = −H_k g_k`
/// the rank-one update becomes a product that needs the steps alone:
///
///     H_{k+1} = (I + θ_{k+1} s_{k+1} s_kᵀ / ‖s_k‖²) H_k
///
/// Sources: C. G. Broyden 1965, Math. Comp. 19, 577, doi:10.1090/S0025-5718-1965-0198670-6; C. T. Kelley 1995,
/// "Iterative Methods for Linear and Nonlinear Equations", SIAM, section 7.3 (the product form).
///
/// How this differs from the usual implementations:
/// 1. One state is stored a step instead of two.
/// 2. The update is damped (θ < 1) where the undamped one would change the determinant of the Jacobian's approximation by
///    a factor below `smallestDeterminantRatio`, so it cannot become singular (M. J. D. Powell 1970, "A hybrid method
///    for nonlinear equations", in Numerical Methods for Nonlinear Algebraic Equations; J. J. Moré & J. A. Trangenstein
///    1976, Math. Comp. 30, 523, doi:10.1090/S0025-5718-1976-0418451-2). The ratio has no unit: no absolute guard.
/// 3. When the memory is full, or the residual has grown beyond `growthLimit`, the method starts again from `H = −I`.
///    Dropping the oldest update instead destroys the later ones, which were built on it: measured on linear contractions
///    of dimension 200 it needs up to three times as many evaluations, and without a safeguard diverges.
///
/// Memory: `memory + 1` states. Work beside the map: about 2·memory + 6 passes over a state a step.
public struct Broyden: FixedPointMethod, Hashable {
  /// How many updates are kept before the method starts again.
  public let memory: Int

  /// The smallest change of the determinant, as a factor, that an update may make; Powell's and Moré & Trangenstein's
  /// value.
  static let smallestDeterminantRatio = 0.1
  /// Residuals of a quasi-Newton method fall unevenly; beyond this growth the updates mislead.
  static let growthLimit = 5.0

  /// - Parameter memory: how many updates are kept before the method starts again, at least 1.
  public init(memory: Int = 10) {
    precondition(memory >= 1, "Broyden's method needs a memory of at least 1, found \(memory)")
    self.memory = memory
  }

  /// For tables and logs.
  public var description: String { "Broyden(\(memory))" }

  /// A state without updates.
  public func makeState<Scalar: TensorScalar>(for start: Tensor<Scalar>) -> any FixedPointState<Scalar> {
    BroydenState(method: self, start: start)
  }
}
