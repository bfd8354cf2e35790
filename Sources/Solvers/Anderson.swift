public import Tensors

/// Anderson acceleration (type II, difference form), per sample.
///
/// With `r_k = f(z_k) − z_k`, columns `ΔR = [r_{j+1} − r_j]`, `ΔZ = [z_{j+1} − z_j]` over the last `memory` steps:
///
///     γ = argmin ‖r_k − ΔR γ‖₂,    z_{k+1} = z_k + β r_k − (ΔZ + β ΔR) γ
///
/// On linear maps it is equivalent to GMRES as long as nothing is forgotten. Sources: D. G. Anderson 1965, J. ACM 12,
/// 547, doi:10.1145/321296.321305; H. F. Walker & P. Ni 2011, SIAM J. Numer. Anal. 49, 1715, doi:10.1137/10078356X,
/// equations 2.1–2.3 and section 4.
///
/// How this differs from the usual implementations:
/// 1. Nothing is added to the normal equations. They are formed in double precision with columns scaled to unit length,
///    factored newest column first, and a column is dropped when what the newer ones leave of it is rounding; see
///    `FilteredNormalEquations`. An absolute regulariser averages the history once residuals are small.
/// 2. Only the products with the newest difference are computed each step.
/// 3. The history is forgotten when a step taken from it raised the residual; see `GrowthGuard`.
///
/// Memory: 2·(memory + 1) states. Work beside the map: about 2·memory + 12 passes over a state a step.
public struct Anderson: FixedPointMethod, Hashable {
  /// How many differences are kept.
  public let memory: Int
  /// β, the fraction of the residual added to the combined point.
  public let mixing: Double

  /// On normal contractions no accelerated step raises the residual, so any growth means that the history misleads.
  static let growthLimit = 1.0

  /// - Parameters:
  ///   - memory: how many differences are kept, at least 1.
  ///   - mixing: β, in (0, 1]; 1 is best for contractions.
  public init(memory: Int = 5, mixing: Double = 1) {
    precondition(memory >= 1, "Anderson acceleration needs a memory of at least 1, found \(memory)")
    precondition(mixing > 0 && mixing <= 1, "a mixing factor lies in (0, 1], found \(mixing)")
    self.memory = memory
    self.mixing = mixing
  }

  /// For tables and logs.
  public var description: String { mixing == 1 ? "Anderson(\(memory))" : "Anderson(\(memory), mixing: \(mixing))" }

  /// A state without history.
  public func makeState<Scalar: TensorScalar>(for start: Tensor<Scalar>) -> any FixedPointState<Scalar> {
    AndersonState(method: self, start: start)
  }
}
