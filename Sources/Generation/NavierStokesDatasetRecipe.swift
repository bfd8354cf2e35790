public import DatasetIO
public import Problems
import Solvers
import Spectral
import Tensors

/// Everything that decides the contents of a file of steady flows on the torus; stored in it as JSON.
public struct NavierStokesDatasetRecipe: DatasetRecipe {
  /// "navier-stokes".
  public static let problemName = "navier-stokes"
  /// The problem, for readers of the JSON.
  public private(set) var problem = problemName
  /// Samples in the file.
  public var samples = 1024
  /// Index of the first one.
  public var first = 0
  /// Points a side.
  public var grid = 128
  /// ν.
  public var viscosity = 0.01
  /// L, the length of a side.
  public var extent = 2 * Double.pi
  /// Decides the forces.
  public var seed: UInt64 = 0
  /// Power of the inverse operator in the covariance of the force's curl.
  public var alpha = NavierStokesRecipe.Force().law.alpha
  /// Its inverse correlation length, in units of 1/L.
  public var tau = NavierStokesRecipe.Force().law.tau
  /// The root mean square of the force's curl, in the mean over samples.
  public var forcingRMS = NavierStokesRecipe.Force().rms
  /// The relative residual of the solve, `‖ν∆ω + g − u·∇ω‖/‖g‖`.
  public var tolerance = 1e-8
  /// Whether u and v are stored.
  public var hasVelocity = false
  /// Whether the leading eigenvalue of the linearised flow is computed and stored.
  public var hasStability = false
  /// Whether fields are stored in 64 bits.
  public var isDouble = false

  /// ν = 0.01 on 128² points of [0, 2π)².
  public init() {}

  /// Checks every number.
  public func validate() throws {
    try validateCounts()
    guard grid >= Self.smallestGrid else {
      throw RecipeError.tooSmall("grid", value: "\(grid)", least: "\(Self.smallestGrid)")
    }
    guard grid <= Self.largestGrid else { throw RecipeError.gridTooLarge(grid, largest: Self.largestGrid) }
    let positive = [
      ("viscosity", viscosity), ("extent", extent), ("alpha", alpha), ("tau", tau), ("forcing rms", forcingRMS),
      ("tolerance", tolerance),
    ]
    for (name, value) in positive where !(value > 0 && value.isFinite) {
      throw RecipeError.notPositive(name, value: value)
    }
    guard tolerance >= 1e-13, tolerance < 1 else { throw RecipeError.tolerance(tolerance) }
  }

  /// The smallest grid that keeps more than one mode a direction.
  static let smallestGrid = 8
  /// A solve of this size needs some GB.
  static let largestGrid = 2048

  /// What makes the samples.
  public var problemRecipe: NavierStokesRecipe {
    var recipe = NavierStokesRecipe(
      viscosity: viscosity, grid: grid, extent: extent, seed: seed,
      force: .init(law: GaussianLaw(alpha: alpha, tau: tau), rms: forcingRMS),
      solver: NavierStokesSolver(tolerance: Tolerance(relative: tolerance)))
    recipe.stability = hasStability ? Arnoldi() : nil
    return recipe
  }

  /// The same problems on another grid.
  public func onGrid(_ points: Int) -> Self {
    var result = self
    result.grid = points
    return result
  }

  /// Makes samples by `NavierStokesGenerator`.
  public func generator() throws -> @Sendable (Int) throws -> NavierStokesSample {
    let generator = try NavierStokesGenerator(problemRecipe)
    return { generator.sample($0) }
  }

  /// Force, its curl, vorticity and, if asked for, the velocity.
  public var layout: FieldFileLayout {
    let precision: StoredPrecision = isDouble ? .double : .single
    func solved(_ name: String, _ words: String) -> FieldVariable {
      FieldVariable(name, words, precision: precision, ancillary: [SampleVariable.solverOutcome.name])
    }
    let velocity = [solved("u", "velocity along x"), solved("v", "velocity along y")]
    return FieldFileLayout(
      grid: GridAxes(square: GridAxis(count: grid, to: extent, kind: .periodic)),
      fields: [
        FieldVariable("force_x", "body force along x", precision: precision),
        FieldVariable("force_y", "body force along y", precision: precision),
        FieldVariable("forcing", "curl of the body force", precision: precision), solved("vorticity", "vorticity"),
      ] + (hasVelocity ? velocity : []),
      perSample: solverVariables + [SampleVariable("viscosity", "kinematic viscosity"), Self.reynolds]
        + (hasStability ? [Self.growthRate, Self.growthFrequency] : []),
      description: FileDescription(
        title: "Steady incompressible Navier-Stokes flow on a torus",
        summary: "Solutions of u.grad(w) = nu laplace(w) + g on [0, \(extent))^2, g = d(force_y)/dx - d(force_x)/dy a "
          + "periodic Gaussian field with covariance proportional to (-laplace + \(tau)^2)^-\(alpha) in units of the side "
          + "and root mean square \(forcingRMS); pseudo-spectral with the 2/3 rule, Newton-Krylov.",
        comment: "vorticity w = dv/dx - du/dy, stream function -laplace(psi) = w, u = d(psi)/dy, v = -d(psi)/dx; the "
          + "force has no divergence; mean force and mean vorticity are zero."))
  }

  static let growthRate = SampleVariable(
    "growth_rate", "growth rate of the least stable disturbance; the flow is unstable where it is positive")
  static let growthFrequency = SampleVariable(
    "growth_frequency", "angular frequency of the least stable disturbance")
  static let reynolds = SampleVariable("reynolds", "largest speed times side over viscosity")

  /// Force, its curl, vorticity and, if asked for, the velocity; viscosity and Reynolds number.
  public func fields(_ samples: [NavierStokesSample]) -> [SampleColumn] {
    var columns: [SampleColumn] = [
      .field("force_x", samples.map(\.force.x), isDouble: isDouble),
      .field("force_y", samples.map(\.force.y), isDouble: isDouble),
      .field("forcing", samples.map(\.forcing), isDouble: isDouble),
      .field("vorticity", samples.map(\.vorticity), isDouble: isDouble),
      .reals("viscosity", samples.map { _ in viscosity }),
      .reals(Self.reynolds.name, samples.map { $0.largestSpeed * extent / viscosity }),
    ]
    if hasStability {
      // An eigenvalue that was not found to its tolerance is missing, like that of a flow that was not found.
      let found = samples.map { $0.leadingEigenvalue.flatMap { $0.termination == .converged ? $0 : nil } }
      columns += [
        .reals(Self.growthRate.name, found.map { $0?.growthRate ?? .nan }),
        .reals(Self.growthFrequency.name, found.map { $0?.frequency ?? .nan }),
      ]
    }
    if hasVelocity {
      columns += [
        .field("u", samples.map(\.velocity.u), isDouble: isDouble),
        .field("v", samples.map(\.velocity.v), isDouble: isDouble),
      ]
    }
    return columns
  }
}

extension NavierStokesSample: SolvedSample {
  /// Newton and time steps on all grids.
  public var iterations: Int { solution.iterations }
  /// `‖ν∆ω + g − u·∇ω‖/‖g‖`, computed anew.
  public var residual: Double { solution.residual }

  /// The largest `|u|` at a grid point.
  public var largestSpeed: Double {
    let squares = velocity.u * velocity.u + velocity.v * velocity.v
    return Double(squares.maxAbs).squareRoot()
  }
}
