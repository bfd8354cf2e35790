public import Solvers
public import Spectral
public import Tensors

/// How a data set of steady flows on a torus is made.
public struct NavierStokesRecipe: Hashable, Sendable {
  /// The random force.
  public struct Force: Hashable, Sendable {
    /// The law of its curl, with lengths in units of L.
    public var law: GaussianLaw
    /// The root mean square of its curl in the mean over samples, in units of an inverse time squared.
    public var rms: Double

    /// Covariance `(−∆ + 49)^(−5/2)` on the unit scale, and the root mean square at which the Reynolds number
    /// `max|u| L / ν` is about 100 for ν = 0.01 and L = 2π.
    public init(law: GaussianLaw = GaussianLaw(alpha: 2.5, tau: 7), rms: Double = 0.002) {
      self.law = law
      self.rms = rms
    }
  }

  /// ν.
  public var viscosity: Double
  /// Points a side, for the solve and in the file.
  public var grid: Int
  /// L.
  public var extent: Double
  /// The seed of the whole set.
  public var seed: UInt64
  /// The force.
  public var force: Force
  /// The solver of the labels.
  public var solver: NavierStokesSolver
  /// How the stability of each flow is found; nil, as at first, when it is not asked for.
  public var stability: Arnoldi?

  /// ν = 0.01 on 128² points of [0, 2π)², unless told otherwise.
  public init(
    viscosity: Double = 0.01, grid: Int = 128, extent: Double = 2 * .pi, seed: UInt64 = 0, force: Force = Force(),
    solver: NavierStokesSolver = NavierStokesSolver()
  ) {
    self.viscosity = viscosity
    self.grid = grid
    self.extent = extent
    self.seed = seed
    self.force = force
    self.solver = solver
    stability = nil
  }
}

/// One flow, fields [n, n] with axes (y, x).
public struct NavierStokesSample: Sendable {
  /// Which sample of the set it is.
  public let index: Int
  /// The force, without divergence and mean.
  public let force: (x: Tensor<Double>, y: Tensor<Double>)
  /// Its curl g.
  public let forcing: Tensor<Double>
  /// ω.
  public let vorticity: Tensor<Double>
  /// The velocity.
  public let velocity: (u: Tensor<Double>, v: Tensor<Double>)
  /// How the solve ended, and what happened on the way.
  public let solution: NavierStokesSolution
  /// The estimated relative L² error of `vorticity` as the solution for the force that is stored; nil when the solve
  /// failed. See ``NavierStokesGenerator``.
  public let labelError: Double?

  /// The growth rate and frequency of the least stable disturbance; nil when it was not asked for or the solve failed.
  public let leadingEigenvalue: LeadingEigenvalue?

  /// Why the solve stopped.
  public var termination: Termination { solution.termination }
}

/// Makes the samples of a ``NavierStokesRecipe``, each a function of the recipe and its index alone; safe from many threads.
///
/// The curl of the force is drawn as a Gaussian field on the modes that the grid keeps (``TorusForcing``); the force itself is
/// the one without divergence, since a gradient would change the pressure alone.
///
/// **Label error.** ``SteadyNavierStokes/truncationError(of:)``: the force that is stored has only modes of the grid, but the
/// flow that it drives has all.
public struct NavierStokesGenerator: Sendable {
  /// What is made.
  public let recipe: NavierStokesRecipe
  private let forcing: TorusForcing
  private let flow: SteadyNavierStokes
  private let finer: SteadyNavierStokes
  private let coarse: NavierStokesSolver.CoarseGrids

  /// - Throws: ``NavierStokesError`` when the viscosity is not positive or the grid is too small.
  public init(_ recipe: NavierStokesRecipe) throws(NavierStokesError) {
    guard Dealiasing.twoThirds.largestWavenumber(points: recipe.grid) >= 1 else {
      throw .gridTooSmall(points: recipe.grid)
    }
    self.recipe = recipe
    let modes = TorusModes(grid: recipe.grid, extent: recipe.extent)
    forcing = TorusForcing(recipe.force.law, rms: recipe.force.rms, modes: modes)
    flow = try SteadyNavierStokes(modes: modes, forcing: .zeros(modes.shape), viscosity: recipe.viscosity)
    finer = flow.resampled(to: 2 * recipe.grid)
    coarse = recipe.solver.coarseGrids(of: flow)
  }

  /// The problem of one sample.
  public func problem(_ index: Int) -> SteadyNavierStokes {
    flow.with(forcing: forcing.sample(from: RandomStream(seed: recipe.seed, purpose: .forcing, sample: index)))
  }

  /// Draws and solves one problem; a solve that fails is a verdict in the sample.
  public func sample(_ index: Int) -> NavierStokesSample {
    let problem = problem(index)
    let solution = recipe.solver.solve(problem, on: coarse)
    let force = problem.velocity(of: problem.forcing)
    let velocity = problem.velocity(of: solution.vorticity)
    let isSolved = solution.termination == .converged
    return NavierStokesSample(
      index: index, force: (force.u, force.v), forcing: problem.field(of: problem.forcing),
      vorticity: problem.field(of: solution.vorticity), velocity: velocity, solution: solution,
      labelError: isSolved ? problem.truncationError(of: solution.vorticity, seenOn: finer) : nil,
      leadingEigenvalue: isSolved
        ? recipe.stability.map { problem.leadingEigenvalue(at: solution.vorticity, by: $0) } : nil)
  }
}
