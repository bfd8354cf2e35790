public import Solvers

/// The fixed-point methods by name.
public enum SolverKind: String, Codable, Sendable, CaseIterable {
  case picard, anderson, broyden
}

/// How gradients of an equilibrium are formed, by name and number.
public enum AdjointKind: Codable, Hashable, Sendable {
  case implicit
  case phantom(steps: Int, damping: Double)
  case unrolled(steps: Int)
}

/// How equilibria are found and differentiated; stored with a model.
public struct EquilibriumSettings: Codable, Hashable, Sendable {
  /// The method of both solves.
  public var solver = SolverKind.anderson
  /// Earlier iterates that Anderson or Broyden keep.
  public var memory = 5
  /// The residual a state must reach, relative to the state: `rms(f(z) − z) ≤ tolerance·rms(f(z))`.
  public var tolerance = 1e-3
  /// The most evaluations of the block for a sample.
  public var evaluationLimit = 32
  /// Run this many evaluations whatever the residual, as the published experiments do; nil stops at the tolerance.
  public var exactEvaluations: Int?
  /// How gradients are formed.
  public var adjoint = AdjointKind.phantom(steps: 1, damping: 0.5)
  /// The residual an implicit adjoint must reach, relative.
  public var adjointTolerance = 1e-3

  /// The defaults.
  public init() {}

  /// The method as a value.
  public var method: any FixedPointMethod {
    switch solver {
    case .picard: Picard()
    case .anderson: Anderson(memory: memory)
    case .broyden: Broyden(memory: memory)
    }
  }

  /// The solver of the forward problem.
  public var forwardSolver: FixedPointSolver {
    solver(to: tolerance)
  }

  private func solver(to tolerance: Double) -> FixedPointSolver {
    FixedPointSolver(
      method: method, tolerance: Tolerance(relative: tolerance), evaluationLimit: evaluationLimit,
      stopping: exactEvaluations.map { .exactly(evaluations: $0) } ?? .toTolerance)
  }

  /// The layer that a model runs with.
  public var layer: EquilibriumLayer {
    let adjoint: Adjoint =
      switch self.adjoint {
      case .implicit:
        .implicit(solver(to: adjointTolerance))
      case .phantom(let steps, let damping): .phantom(steps: steps, damping: damping)
      case .unrolled(let steps): .unrolled(steps: steps)
      }
    return EquilibriumLayer(solver: forwardSolver, adjoint: adjoint)
  }
}
