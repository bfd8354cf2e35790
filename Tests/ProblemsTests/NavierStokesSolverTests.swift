import Foundation
import Problems
import Solvers
import Tensors
import TestSupport
import Testing

@Suite struct NavierStokesSolverTests {
  /// The unit torus at a Reynolds number of some hundred: ν = 0.001, the curl of the force with a mean square of 0.1².
  private func turbulent(_ n: Int) throws -> NavierStokesGenerator {
    try NavierStokesGenerator(
      NavierStokesRecipe(viscosity: 0.001, grid: n, extent: 1, seed: 3, force: .init(rms: 0.1)))
  }

  private func reynolds(_ problem: SteadyNavierStokes, _ vorticity: Tensor<Double>) -> Double {
    let (u, v) = problem.velocity(of: vorticity)
    return max(u.maxAbs, v.maxAbs) * problem.modes.extent / problem.viscosity
  }

  @Test(arguments: [(24, 5e-6), (32, 5e-9), (48, 1e-12), (65, 1e-12), (128, 1e-12)])
  func theManufacturedSolutionIsFoundToSpectralAccuracy(n: Int, bound: Double) throws {
    let exact = ExponentialFlow()
    let problem = try exact.problem(n)
    let solution = NavierStokesSolver(tolerance: Tolerance(relative: 1e-13), coarsest: 16).solve(problem)
    #expect(solution.termination == .converged)
    #expect(abs(solution.residual - problem.relativeResidual(of: solution.vorticity)) == 0)
    #expect(solution.residual <= 1e-13)
    let error = exact.error(of: problem.field(of: solution.vorticity))
    #expect(error <= bound, "\(error)")
  }

  @Test func newtonsMethodIsQuadraticFromTheStokesFlow() throws {
    let problem = try ExponentialFlow(amplitude: 0.2).problem(48)
    let precise = ForcingTerm(initial: 1e-9, maximum: 1e-9)
    let solution = NewtonKrylov(tolerance: Tolerance(relative: 1e-12), forcing: precise)
      .solve(problem, from: problem.stokesFlow)
    let number = reynolds(problem, solution.point)
    #expect(number > 50 && number <= 100, "Reynolds \(number)")
    #expect(solution.termination == .converged && solution.statistics.steps <= 6)
    // r(k+1) ≤ C r(k)² with one C, for the steps from below 1 that end above rounding.
    let trace = solution.statistics.trace
    let tail = zip(trace, trace.dropFirst()).filter { $0 < 1 && $1 > 1e-13 }
    #expect(tail.count >= 2, "\(trace)")
    #expect(tail.allSatisfy { $1 <= 10 * $0 * $0 }, "\(trace)")
  }

  @Test func aDefaultTolerancesWorkIsDoneOnCoarseGrids() throws {
    let generator = try NavierStokesGenerator(NavierStokesRecipe())
    for index in 0..<4 {
      let problem = generator.problem(index)
      let solution = recipe.solve(problem)
      #expect(solution.termination == .converged)
      #expect(solution.evaluations(grid: 128) <= 80, "\(solution.evaluations(grid: 128))")
      #expect(solution.stages.last?.statistics.steps ?? 99 <= 3)
    }
  }

  private let recipe = NavierStokesSolver()

  @Test(arguments: [64, 128])
  func turbulentForcingsConvergeOnEveryGrid(n: Int) throws {
    let generator = try turbulent(n)
    let solutions = (0..<20).map { recipe.solve(generator.problem($0)) }
    #expect(solutions.count { $0.termination == .converged } >= 19)
    for (index, solution) in solutions.enumerated() {
      let residual = generator.problem(index).relativeResidual(of: solution.vorticity)
      #expect(residual == solution.residual)
      #expect((residual <= 1e-8) == (solution.termination == .converged))
    }
    // Some of them need more than Newton's method, or the rest of the solver is not tested here.
    #expect(solutions.contains { $0.stages.contains { $0.method != .newton } })
  }

  @Test(arguments: NavierStokesSolver.Fallback.allCases)
  func eitherFallbackFindsWhatNewtonsMethodDoesNot(fallback: NavierStokesSolver.Fallback) throws {
    let generator = try turbulent(32)
    var (failed, rescued) = (0, 0)
    for index in 0..<60 {
      let problem = generator.problem(index)
      guard NavierStokesSolver(fallbacks: []).solve(problem).termination != .converged else { continue }
      failed += 1
      if NavierStokesSolver(fallbacks: [fallback]).solve(problem).termination == .converged { rescued += 1 }
    }
    #expect(failed >= 2 && 2 * rescued >= failed, "\(rescued) of \(failed)")
  }

  @Test func failuresAreTypedAndNeverCalledConverged() throws {
    let problem = try turbulent(48).problem(0)
    let limited = NavierStokesSolver(stepLimit: 1, fallbacks: []).solve(problem)
    #expect(limited.termination == .iterationLimit)
    #expect(limited.residual == problem.relativeResidual(of: limited.vorticity) && limited.residual > 1e-8)
    let absurd = try SteadyNavierStokes(modes: problem.modes, forcing: problem.forcing, viscosity: 1e-9)
    let lost = NavierStokesSolver(stepLimit: 5, fallbacks: []).solve(absurd)
    #expect(lost.termination != .converged && lost.residual > 1e-8 && lost.residual.isFinite)
    let huge = try SteadyNavierStokes(
      modes: problem.modes, forcing: problem.forcing.scaled(by: 1e200), viscosity: 0.001)
    #expect(recipe.solve(huge).termination == .nonfinite)
  }

  @Test func withoutForcingTheFluidRests() throws {
    let problem = try SteadyNavierStokes(forcing: .zeros([40, 40]), viscosity: 0.01)
    let solution = recipe.solve(problem)
    #expect(solution.termination == .converged && solution.vorticity.norm == 0)
  }

  @Test func anotherNumberOfThreadsGivesTheSameBits() throws {
    let generator = try turbulent(64)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let one = recipe.solve(generator.problem(2))
    Parallel.threads = 3
    let three = recipe.solve(generator.problem(2))
    #expect(one.vorticity.elements == three.vorticity.elements)
    #expect(one.stages == three.stages)
  }
}
