public import Solvers
import Tensors

/// The classical solver for ``DarcyFlow``: conjugate gradients preconditioned by multigrid, in double precision.
public struct DarcySolver: Hashable, Sendable {
  /// What `b − A u` must reach.
  public var tolerance: Tolerance
  /// The most iterations.
  public var iterationLimit: Int

  /// The memory of a solve; see `ConjugateGradient.Workspace`.
  public typealias Workspace = ConjugateGradient.Workspace

  /// A relative residual of 1e-8 unless told otherwise.
  public init(tolerance: Tolerance = Tolerance(relative: 1e-8), iterationLimit: Int = 200) {
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// Solves from zero; the solution is on all vertices, [ny, nx]. A failure is a verdict in the result, not an error.
  public func solve(_ flow: DarcyFlow) -> LinearSolution {
    var workspace = Workspace(flow)
    return solve(flow, in: &workspace)
  }

  /// Solves in memory that is already there, of `flow.stencil.rows` × `flow.stencil.columns` unknowns.
  public func solve(_ flow: DarcyFlow, in workspace: inout Workspace) -> LinearSolution {
    ConjugateGradient(tolerance: tolerance, iterationLimit: iterationLimit)
      .solve(flow.stencil, rightHandSide: flow.rightHandSide, in: &workspace)
      .mapSolution(flow.extended)
  }

  /// Solves by a band factorisation of LAPACK, for small grids: an independent check.
  public func solveDirectly(_ flow: DarcyFlow) -> LinearSolution {
    DirectSolver(tolerance: tolerance).solve(flow.stencil, rightHandSide: flow.rightHandSide)
      .mapSolution(flow.extended)
  }
}

extension ConjugateGradient.Workspace {
  /// The memory for a problem's unknowns.
  init(_ flow: DarcyFlow) {
    self.init(rows: flow.stencil.rows, columns: flow.stencil.columns, joined: flow.stencil.joined)
  }
}
