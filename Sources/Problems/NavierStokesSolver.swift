public import Solvers
public import Tensors

/// The classical solver for ``SteadyNavierStokes``: Newton–Krylov on a sequence of grids.
///
/// The problem is solved on coarse grids first; what they find is continued to the next grid by its Fourier modes, where
/// two or three Newton steps are left to do. The first grid starts from rest, so that its first step is a shortened Stokes
/// flow. Where Newton's method fails on a grid, the flow is followed in time from rest by implicit steps that grow
/// (`PseudoTransient`), and where that fails too, the viscosity is raised until Newton's method converges and lowered
/// again (``ViscosityContinuation``); in this order, because the first costs a fraction of the second near folds of the
/// path and prefers states that are stable in time. The verdict is that of the finest grid, with the residual of the point that is returned.
public struct NavierStokesSolver: Hashable, Sendable {
  /// The most iterations of GMRES in one step, and the vectors it may keep: at Reynolds numbers of some thousand a step takes
  /// 100 to 250, at 100 it takes 10.
  private static let krylovDimension = 250

  /// What `‖F(ω)‖` must reach relative to `‖g‖`, on the finest grid.
  public var tolerance: Tolerance
  /// The most Newton steps of one solve on one grid.
  public var stepLimit: Int
  /// The least number of points of a side of a grid.
  public var coarsest: Int
  /// What to do when Newton's method from the coarser grid fails.
  public var fallbacks: Set<Fallback>

  /// A way to find a start that Newton's method can use.
  public enum Fallback: Hashable, Sendable, CaseIterable {
    /// Follow the solution from a larger viscosity.
    case continuation
    /// Follow the flow in time.
    case pseudoTransient
  }

  /// A relative residual of 1e-8 unless told otherwise.
  public init(
    tolerance: Tolerance = Tolerance(relative: 1e-8), stepLimit: Int = 40, coarsest: Int = 32,
    fallbacks: Set<Fallback> = Set(Fallback.allCases)
  ) {
    precondition(coarsest >= 4, "a grid has at least 4 points a side, found \(coarsest)")
    self.tolerance = tolerance
    self.stepLimit = stepLimit
    self.coarsest = coarsest
    self.fallbacks = fallbacks
  }

  /// The transforms and tables of the coarser grids of a problem, made once for many forcings.
  public struct CoarseGrids: Sendable {
    /// From the coarsest on.
    fileprivate let levels: [SteadyNavierStokes]
  }

  /// Prepares the coarser grids for a problem and for others that differ from it in the forcing.
  public func coarseGrids(of flow: SteadyNavierStokes) -> CoarseGrids {
    CoarseGrids(levels: grids(upTo: flow.modes.grid).dropLast().map(flow.resampled))
  }

  /// Solves the problem; a failure is a verdict in the result, not an error.
  public func solve(_ flow: SteadyNavierStokes) -> NavierStokesSolution { solve(flow, on: coarseGrids(of: flow)) }

  /// Solves the problem on grids prepared for one that differs from it in the forcing at most.
  public func solve(_ flow: SteadyNavierStokes, on coarse: CoarseGrids) -> NavierStokesSolution {
    var stages: [NavierStokesStage] = []
    // The flow on the grid before, if it was found.
    var found: (modes: TorusModes, vorticity: Tensor<Double>)?
    for prepared in coarse.levels {
      precondition(prepared.viscosity == flow.viscosity, "coarse grids were prepared for another viscosity")
      let level = prepared.with(forcing: flow.modes.moved(flow.forcing, to: prepared.modes))
      let solution = solve(level, from: found, &stages)
      found = solution.termination == .converged ? (level.modes, solution.point) : nil
    }
    let solution = solve(flow, from: found, &stages)
    return NavierStokesSolution(
      vorticity: solution.point, termination: solution.termination, residual: flow.relativeResidual(of: solution.point),
      stages: stages)
  }

  /// Solves on one grid: by Newton's method, and by the fallbacks in turn when that fails.
  private func solve(
    _ flow: SteadyNavierStokes, from coarse: (modes: TorusModes, vorticity: Tensor<Double>)?,
    _ stages: inout [NavierStokesStage]
  ) -> NonlinearSolution {
    var log: [NavierStokesStage] = []
    defer { stages += log }
    func note(_ method: NavierStokesStage.Method, _ viscosity: Double, _ solution: NonlinearSolution) {
      log.append(NavierStokesStage(grid: flow.modes.grid, viscosity: viscosity, method: method, solution))
    }
    let rest = Tensor<Double>.zeros(flow.modes.shape)
    var best = newton.solve(flow, from: coarse.map { $0.modes.moved($0.vorticity, to: flow.modes) } ?? rest)
    note(.newton, flow.viscosity, best)
    // A forcing whose square overflows has no scale, and no way out.
    guard best.termination != .converged, flow.referenceNorm > 0, flow.referenceNorm < .infinity else { return best }
    if fallbacks.contains(.pseudoTransient) {
      // ‖g‖ has the unit of an inverse time squared.
      let time = 1 / flow.referenceNorm.squareRoot()
      let solution = PseudoTransient(tolerance: tolerance, firstStep: time, restart: Self.krylovDimension).solve(
        flow, from: rest)
      note(.pseudoTransient, flow.viscosity, solution)
      if solution.termination == .converged { best = solution }
    }
    if best.termination != .converged && fallbacks.contains(.continuation) {
      if let solution = ViscosityContinuation(newton: newton).solve(flow, record: { note(.continuation, $0, $1) }) {
        best = solution
      }
    }
    return best
  }

  private var newton: NewtonKrylov {
    NewtonKrylov(
      tolerance: tolerance, stepLimit: stepLimit, restart: Self.krylovDimension,
      linearIterationLimit: Self.krylovDimension)
  }

  /// The grids from the coarsest to the problem's own, each about twice as fine as the one before.
  func grids(upTo finest: Int) -> [Int] {
    var grids = [finest]
    while grids[0] >= 2 * coarsest { grids.insert((grids[0] + 1) / 2, at: 0) }
    return grids
  }
}

/// What a solve did on one grid.
public struct NavierStokesStage: Hashable, Sendable {
  /// How the stage iterated.
  public enum Method: Hashable, Sendable {
    /// Newton–Krylov.
    case newton
    /// Newton–Krylov along a sequence of viscosities.
    case continuation
    /// Implicit steps in time.
    case pseudoTransient
  }

  /// Points a side.
  public let grid: Int
  /// ν.
  public let viscosity: Double
  /// How it iterated.
  public let method: Method
  /// Why it stopped.
  public let termination: Termination
  /// Steps, residual, trace and counts.
  public let statistics: NonlinearStatistics

  init(grid: Int, viscosity: Double, method: Method, _ solution: NonlinearSolution) {
    self.grid = grid
    self.viscosity = viscosity
    self.method = method
    termination = solution.termination
    statistics = solution.statistics
  }
}

/// What a solve reached.
public struct NavierStokesSolution: Sendable {
  /// ω as a vector of the problem's modes.
  public let vorticity: Tensor<Double>
  /// Why the solve on the finest grid stopped.
  public let termination: Termination
  /// `‖F(ω)‖ / ‖g‖` of `vorticity`; `‖F(ω)‖` when g is zero.
  public let residual: Double
  /// What happened, in order.
  public let stages: [NavierStokesStage]

  /// Steps of all stages.
  public var iterations: Int { stages.reduce(0) { $0 + $1.statistics.steps } }
  /// Evaluations of F and products with its derivative on grids of this many points a side.
  public func evaluations(grid: Int) -> Int {
    stages.reduce(0) { sum, stage in
      stage.grid == grid ? sum + stage.statistics.residualEvaluations + stage.statistics.jacobianProducts : sum
    }
  }
}
