import DatasetIO
import Foundation
import Plots
public import Problems
import Solvers
import Tensors

/// One lid-driven cavity, solved as `pde solve cavity` does.
public struct CavitySolve: Sendable {
  /// The flow.
  public let cavity: LidDrivenCavity
  /// The solver.
  public let solver: BoundedFlowSolver
  /// Vertices a side of the uniform grid that the fields are stored on.
  public let grid: Int

  /// A cavity with the way to solve it.
  public init(_ cavity: LidDrivenCavity, by solver: BoundedFlowSolver, storedOn grid: Int) {
    precondition(grid >= 3, "a stored grid has at least 3 vertices a side, found \(grid)")
    self.cavity = cavity
    self.solver = solver
    self.grid = grid
  }

  /// Solves it.
  ///
  /// - Throws: `BoundedFlowError`.
  public func run() throws -> SolvedProblem {
    let (seconds, solution) = try timed { try solver.solve(try cavity.flow()) }
    let samples = solution.field.sampled(rows: grid, columns: grid)
    let statistics = solution.statistics
    var solved = SolvedProblem(
      title: String(format: "Lid-driven cavity at Re %g", cavity.reynolds),
      method: "stream function in polynomials of degree \(solver.degree) with the corner singularities taken off; "
        + "Newton's method, continuation from Stokes flow",
      step: "evaluation", grid: GridAxes(square: GridAxis(count: grid, kind: .vertex)),
      fields: [
        .init("u", "velocity along x", samples.u), .init("v", "velocity along y", samples.v),
        .init("vorticity", "vorticity", samples.vorticity),
        .init("stream_function", "stream function", samples.streamFunction),
      ],
      termination: solution.termination, iterations: statistics.iterations, residual: statistics.residual,
      trace: statistics.trace.map(\.residual),
      labelError: solution.termination == .converged ? try discretisationError(of: samples) : nil, seconds: seconds,
      facts: facts(solution.field))
    solved.stepNotes = statistics.trace.map { "Re \(($0.reynolds * 10).rounded() / 10), degree \($0.degree)" }
    solved.charts = charts(solution.field)
    solved.references =
      "Botella & Peyret 1998, Computers & Fluids 27, 421; Ghia, Ghia & Shin 1982, J. Comput. Phys. 48, 387"
    return solved
  }

  /// The relative L² difference of the velocity to that of three quarters of the degree, which is larger than the error as
  /// long as more polynomials are better; nil where that degree is too low or does not converge.
  private func discretisationError(of fine: BoundedFlowSamples) throws -> Double? {
    var lower = solver
    lower.degree = solver.degree * 3 / 4
    guard lower.degree >= BoundedFlowSolver.degrees.lowerBound else { return nil }
    let solution = try lower.solve(try cavity.flow())
    guard solution.termination == .converged else { return nil }
    let coarse = solution.field.sampled(rows: grid, columns: grid)
    let difference = hypot((fine.u - coarse.u).norm, (fine.v - coarse.v).norm)
    return difference / hypot(fine.u.norm, fine.v.norm)
  }

  /// The quantities by which cavity flows are compared.
  private func facts(_ field: BoundedFlowField) -> [SolvedProblem.Fact] {
    let u = field.extrema(of: .u, along: .vertical(x: 0.5)).smallest
    let v = field.extrema(of: .v, along: .horizontal(y: 0.5))
    var facts: [SolvedProblem.Fact] = [
      .init("u_min", "smallest u on x = 1/2", u.value), .init("u_min_y", "  at y =", u.position),
      .init("v_max", "largest v on y = 1/2", v.largest.value), .init("v_max_x", "  at x =", v.largest.position),
      .init("v_min", "smallest v on y = 1/2", v.smallest.value), .init("v_min_x", "  at x =", v.smallest.position),
    ]
    if let vortex = field.primaryVortex() {
      facts += [
        .init("vortex_psi", "stream function in the primary vortex", vortex.streamFunction),
        .init("vortex_x", "  at x =", vortex.x), .init("vortex_y", "  and y =", vortex.y),
      ]
    }
    return facts
  }

  private func charts(_ field: BoundedFlowField) -> [LineChart] {
    let points = 201
    func curve(_ component: VelocityComponent, _ line: GridLine) -> Series {
      let profile = field.profile(of: component, along: line, points: points)
      return Series(
        "computed", x: profile.map(\.position), y: profile.map(\.value), style: SeriesStyle(Palette.colour(0)))
    }
    func marks(_ places: [Double], _ values: [Double?]) -> Series {
      let known = zip(places, values).compactMap { place, value in value.map { (place, $0) } }
      return Series(
        "Ghia et al. 1982", x: known.map(\.0), y: known.map(\.1),
        style: SeriesStyle(Palette.colour(1), line: nil, marker: MarkerStyle(.circle, size: 4)))
    }
    let table = cavity.lid == .towardsEast ? CavityReference.tables[cavity.reynolds] : nil
    return [
      LineChart(
        title: "u on x = ½", x: Axis("y"), y: Axis("u"),
        series: [curve(.u, .vertical(x: 0.5))] + (table.map { [marks(CavityReference.y, $0.u)] } ?? [])),
      LineChart(
        title: "v on y = ½", x: Axis("x"), y: Axis("v"),
        series: [curve(.v, .horizontal(y: 0.5))] + (table.map { [marks(CavityReference.x, $0.v)] } ?? [])),
    ]
  }
}
