import Foundation
import Problems
import Solvers
import Tensors
import TestSupport
import Testing

/// Conditions other than prescribed zeros, against manufactured solutions, exact ones and balances.
@Suite struct DarcyConditionTests {
  /// A combination of conditions, a solution that suits it, and a reaction.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let problem: ManufacturedDarcy
    let kinds: [ManufacturedDarcy.Kind]
    var reaction = 0.0
    var domain = Rectangle.unitSquare
  }

  static let cases = [
    Case(testDescription: "Dirichlet", problem: .bounded, kinds: [.dirichlet, .dirichlet, .dirichlet, .dirichlet]),
    Case(testDescription: "Neumann", problem: .bounded, kinds: [.neumann, .neumann, .neumann, .neumann]),
    Case(
      testDescription: "Neumann with reaction", problem: .bounded, kinds: [.neumann, .neumann, .neumann, .neumann],
      reaction: 3),
    Case(testDescription: "Robin", problem: .bounded, kinds: [.robin, .robin, .robin, .robin]),
    Case(testDescription: "mixed", problem: .bounded, kinds: [.dirichlet, .neumann, .robin, .dirichlet]),
    Case(
      testDescription: "mixed with reaction on a rectangle", problem: .bounded,
      kinds: [.neumann, .robin, .dirichlet, .neumann], reaction: 2, domain: Rectangle(width: 2, height: 0.5)),
    Case(testDescription: "periodic", problem: .periodic, kinds: [.periodic, .periodic, .periodic, .periodic]),
    Case(testDescription: "periodic channel", problem: .channel, kinds: [.periodic, .periodic, .dirichlet, .robin]),
  ]

  private static func solved(
    _ c: Case, cells: Int, tolerance: Double = 1e-11
  ) throws -> (flow: DarcyFlow, result: LinearSolution, error: Tensor<Double>) {
    let (ny, nx) = (cells + (c.kinds[2] == .periodic ? 0 : 1), cells + (c.kinds[0] == .periodic ? 0 : 1))
    let flow = try c.problem.flow(c.kinds, (ny, nx), on: c.domain, reaction: c.reaction)
    let result = DarcySolver(tolerance: Tolerance(relative: tolerance)).solve(flow)
    #expect(result.termination == .converged)
    var error = result.solution - ManufacturedDarcy.field(c.problem.u, c.kinds, (ny, nx), on: c.domain)
    // Where nothing fixes a constant, the difference of the means says nothing.
    if c.reaction == 0, flow.setting.boundary.leaveConstantsFree {
      error = error.affine(scale: 1, shift: -areaMean(error, c))
    }
    return (flow, result, error)
  }

  /// The mean over the domain, by the trapezoidal rule.
  private static func areaMean(_ field: Tensor<Double>, _ c: Case) -> Double {
    let (rows, columns) = (field.shape[0], field.shape[1])
    func weight(_ k: Int, _ count: Int, _ periodic: Bool) -> Double {
      !periodic && (k == 0 || k == count - 1) ? 0.5 : 1
    }
    var (sum, area) = (0.0, 0.0)
    for i in 0..<rows {
      for j in 0..<columns {
        let w = weight(i, rows, c.kinds[2] == .periodic) * weight(j, columns, c.kinds[0] == .periodic)
        sum += w * field[i, j]
        area += w
      }
    }
    return sum / area
  }

  @Test(arguments: cases)
  func theSolutionConvergesAtSecondOrder(_ c: Case) throws {
    let errors = try [32, 64, 128, 256].map { cells -> (l2: Double, max: Double) in
      // Far below the discretisation error, 1e-5 on the finest grid, and above what rounding leaves on a periodic one.
      let error = try Self.solved(c, cells: cells, tolerance: 1e-10).error
      return (Self.areaMean(error * error, c).squareRoot(), Double(error.maxAbs))
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse.l2 / fine.l2) - 2) < 0.02, "\(errors)")
      #expect(abs(log2(coarse.max / fine.max) - 2) < 0.05, "\(errors)")
    }
  }

  /// The estimate from the grid and every second vertex of it, against the true error.
  @Test(arguments: cases)
  func richardsonsEstimateIsWithinAFactorOfTwo(_ c: Case) throws {
    let (flow, result, error) = try Self.solved(c, cells: 64)
    let coarse = DarcySolver(tolerance: Tolerance(relative: 1e-11)).solve(try #require(try flow.coarsened()))
    let estimate = try #require(
      RichardsonEstimate(order: 2).relativeError(of: result.solution, coarse: coarse.solution))
    let truth = error.norm / result.solution.norm
    #expect(estimate / truth > 0.5 && estimate / truth < 2, "\(estimate) and \(truth)")
  }

  @Test(arguments: cases)
  func whatFlowsInFlowsOut(_ c: Case) throws {
    let (flow, result, _) = try Self.solved(c, cells: 48, tolerance: 1e-13)
    #expect(flow.fluxImbalance(of: result.solution) < 1e-12)
    // A field that does not solve the equations is not in balance, unless nothing but the data enters it.
    let wrong = result.solution.scaled(by: 1.01)
    #expect(flow.fluxImbalance(of: wrong) > 1e-5 || (c.reaction == 0 && flow.setting.boundary.leaveConstantsFree))
  }

  /// A linear solution with constant permeability has no discretisation error, whatever the conditions.
  @Test(
    arguments: [
      [.dirichlet, .neumann, .robin, .dirichlet], [.robin, .robin, .robin, .robin],
      [.neumann, .dirichlet, .neumann, .neumann],
    ] as [[ManufacturedDarcy.Kind]])
  func aLinearSolutionIsReproducedToRounding(kinds: [ManufacturedDarcy.Kind]) throws {
    let linear = ManufacturedDarcy(
      a: { _, _ in 2 }, ax: { _, _ in 0 }, ay: { _, _ in 0 }, u: { 1 + 2 * $0 - 3 * $1 }, ux: { _, _ in 2 },
      uy: { _, _ in -3 }, laplacian: { _, _ in 0 })
    let flow = try linear.flow(kinds, (33, 41))
    let exact = ManufacturedDarcy.field(linear.u, kinds, (33, 41), on: .unitSquare)
    let result = DarcySolver(tolerance: Tolerance(relative: 1e-13)).solve(flow)
    #expect((result.solution - exact).maxAbs < 1e-12)
  }

  /// Zero source, u from 1 to 0 across layers, no flow through the other sides: the pressure falls in proportion to the
  /// resistances, and the jump lies on a face.
  @Test(arguments: [(10.0, 1e-10), (1e2, 1e-10), (1e4, 1e-10), (1e6, 1e-8)])
  func layersInSeriesHaveTheExactPressure(contrast: Double, bound: Double) throws {
    let (rows, columns) = (33, 65)
    let a = vertexField((rows, columns)) { x, _ in x < 0.5 - 1e-9 ? 1 : contrast }
    let setting = DarcyFlow.Setting(
      boundary: BoundaryConditions(west: .dirichlet(1), east: .dirichlet(0), south: .neumann(0), north: .neumann(0)))
    let solver = DarcySolver(tolerance: Tolerance(relative: 1e-13))
    let result = solver.solve(try DarcyFlow(permeability: a, source: 0, setting: setting))
    let resistances = (0..<columns - 1).map { 0.5 / a[0, $0] + 0.5 / a[0, $0 + 1] }
    let total = resistances.reduce(0, +)
    var fallen = 0.0
    for column in 0..<columns {
      for row in 0..<rows { #expect(abs(result.solution[row, column] - (1 - fallen / total)) < bound) }
      if column < columns - 1 { fallen += resistances[column] }
    }
    let smooth = solver.solve(
      try DarcyFlow(permeability: Tensor(shape: [rows, columns], repeating: 1), source: 0, setting: setting))
    #expect(result.statistics.iterations <= 2 * smooth.statistics.iterations)
  }

  @Test func dataThatNothingBalancesAreRefusedWithTheirImbalance() throws {
    let a = Tensor<Double>(shape: [17, 17], repeating: 1)
    let closed = DarcyFlow.Setting(boundary: BoundaryConditions(everywhere: .neumann(0)))
    let error = #expect(throws: DarcyError.self) { try DarcyFlow(permeability: a, setting: closed, sample: 4) }
    #expect(error?.description.contains("of sample 4 do not add up to zero") == true)
    // A source of 1 and an outflow of 1/4 through each of four sides of length 1 balance.
    let open = DarcyFlow.Setting(boundary: BoundaryConditions(everywhere: .neumann(-0.25)))
    let flow = try DarcyFlow(permeability: a, setting: open)
    #expect(abs(flow.removedSource) < 1e-12)
    #expect(DarcySolver().solve(flow).termination == .converged)
  }

  @Test func conditionsThatDoNotFitAreRefused() {
    let a = Tensor<Double>(shape: [5, 6], repeating: 1)
    func error(_ change: (inout BoundaryConditions) -> Void) -> DarcyError? {
      var setting = DarcyFlow.Setting()
      change(&setting.boundary)
      do throws(DarcyError) {
        _ = try DarcyFlow(permeability: a, setting: setting)
        return nil
      } catch {
        return error
      }
    }
    #expect(error { $0.west = .periodic } == .unpairedPeriodic("west and east"))
    #expect(error { $0.north = .neumann(.vertices([1, 2])) } == .boundaryCount(side: "north", found: 2, expected: 6))
    #expect(error { $0.east = .dirichlet(.constant(.infinity)) } == .boundaryValue(side: "east", value: .infinity))
    #expect(
      error { $0.south = .robin(coefficient: -1, value: 0) } == .robinCoefficient(side: "south", value: -1))
    #expect(throws: DarcyError.reaction(value: -2)) {
      try DarcyFlow(permeability: a, setting: DarcyFlow.Setting(reaction: -2))
    }
  }

  /// The series `Σ 16/(π⁴ m n (m² + n²)) sin(mπ/2) sin(nπ/2)` over odd m, n gives the value in the middle.
  @Test func poissonsEquationOnTheSquareHasTheKnownValueInTheMiddle() throws {
    let exact = 0.0736713532814
    let errors = try [17, 33, 65].map { n -> Double in
      let flow = try DarcyFlow(permeability: Tensor(shape: [n, n], repeating: 1))
      return abs(DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(flow).solution[n / 2, n / 2] - exact)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 2) < 0.02, "\(errors)") }
  }
}
