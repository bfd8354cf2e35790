public import DatasetIO
import Foundation
public import Problems
public import Solvers
import Tensors

/// One steady flow on the torus, solved as `pde solve navier-stokes` does.
public struct NavierStokesSolve: Sendable {
  /// The flow.
  public let flow: SteadyNavierStokes
  /// The solver.
  public let solver: NavierStokesSolver

  /// How the least stable disturbance is found; nil leaves it out.
  public let stability: Arnoldi?

  /// A flow with the way to solve it.
  public init(_ flow: SteadyNavierStokes, by solver: NavierStokesSolver, stability: Arnoldi? = nil) {
    self.flow = flow
    self.solver = solver
    self.stability = stability
  }

  /// Solves it; the estimate of the error is that of `NavierStokesGenerator`.
  public func run() -> SolvedProblem {
    let (seconds, solution) = timed { solver.solve(flow) }
    let force = flow.velocity(of: flow.forcing)
    let velocity = flow.velocity(of: solution.vorticity)
    let squares = velocity.u * velocity.u + velocity.v * velocity.v
    let (n, extent) = (flow.modes.grid, flow.modes.extent)
    var solved = SolvedProblem(
      title: "Steady Navier–Stokes flow on a torus, \(n) × \(n) points",
      method: "pseudo-spectral in vorticity with the 2/3 rule; Newton–Krylov on a sequence of grids",
      step: "evaluation",
      grid: GridAxes(square: GridAxis(count: n, to: extent, kind: .periodic)),
      fields: [
        .init("force_x", "body force along x", force.u), .init("force_y", "body force along y", force.v),
        .init("forcing", "curl of the body force", flow.field(of: flow.forcing)),
        .init("vorticity", "vorticity", flow.field(of: solution.vorticity)), .init("u", "velocity along x", velocity.u),
        .init("v", "velocity along y", velocity.v),
      ],
      termination: solution.termination, iterations: solution.iterations, residual: solution.residual,
      trace: solution.stages.flatMap(\.statistics.trace),
      labelError: solution.termination == .converged ? flow.truncationError(of: solution.vorticity) : nil,
      seconds: seconds,
      facts: [
        .init("viscosity", "kinematic viscosity", flow.viscosity),
        .init(
          "reynolds", "largest speed times side over viscosity",
          Double(squares.maxAbs).squareRoot() * extent / flow.viscosity),
      ])
    if let stability, solution.termination == .converged {
      let leading = flow.leadingEigenvalue(at: solution.vorticity, by: stability)
      // Missing where it was not found to its tolerance.
      let isFound = leading.termination == .converged
      solved.facts += [
        .init("growth_rate", "growth rate of the least stable disturbance", isFound ? leading.growthRate : .nan),
        .init("growth_frequency", "  at angular frequency", isFound ? leading.frequency : .nan),
      ]
    }
    solved.stepNotes = solution.stages.flatMap { stage in
      stage.statistics.trace.map { _ in String(format: "%d², \(stage.method), nu %.4g", stage.grid, stage.viscosity) }
    }
    return solved
  }
}

extension SteadyNavierStokes {
  /// The flow that a sample of a file states: the curl of its force, `forcing`, or the two components `force_x`, `force_y`.
  ///
  /// - Parameters:
  ///   - position: of the sample in the file.
  ///   - viscosity: ν; nil for the file's own, variable `viscosity`.
  /// - Throws: `FieldFileError`, `NavierStokesError`, `ProblemFileError`.
  public init(reading file: FieldFile, at position: Int, viscosity: Double?) throws {
    guard position >= 0 && position < file.sampleCount else {
      throw ProblemFileError.noSample(path: file.path, position: position, count: file.sampleCount)
    }
    let axes = try file.axes()
    guard axes.x.kind == .periodic, axes.y == axes.x else { throw ProblemFileError.notATorus(path: file.path) }
    func field(_ name: String) throws -> Tensor<Double> {
      let values: Tensor<Double> = try file.read(name, samples: position..<position + 1)
      return values.reshaped(to: Array(values.shape.dropFirst()))
    }
    let viscosity = try viscosity ?? file.reals("viscosity")[position]
    let extent = axes.x.upper - axes.x.lower
    if file.has("forcing") {
      try self.init(forcing: try field("forcing"), viscosity: viscosity, extent: extent, sample: position)
    } else {
      try self.init(
        force: (try field("force_x"), try field("force_y")), viscosity: viscosity, extent: extent, sample: position)
    }
  }
}
