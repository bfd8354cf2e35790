import Foundation
import Generation
import Problems
import Solvers
import Spectral
import Synchronization
import Tensors

extension Benchmark {
  /// The classical solvers.
  static let classical = darcySolves + [darcyDataset] + flows

  /// Assembly, set-up and solve of one problem to a relative residual of 1e-8: the published medium, harmonic means.
  private static let darcySolves = [241, 421, 1025].map { n in
    Benchmark(
      name: "darcy.n\(n)", summary: "Darcy, \(n)² vertices: assembly, set-up and solve to a relative residual of 1e-8"
    ) { size in
      let n = size.pick(n, small: 33)
      let medium = DarcyFamily().sampler(shape: (n, n)).permeability(sample: 0, seed: 0)
      let solver = DarcySolver()
      let lent = Mutex(DarcySolver.Workspace(rows: n - 2, columns: n - 2))
      return {
        let flow = try DarcyFlow(permeability: medium)
        let (solution, memory) = lent.withLock { (solver.solve(flow, in: &$0), $0.byteCount) }
        let steps = solution.statistics.iterations
        return Work(
          // Every array of the solver once for the set-up and once an iteration.
          bytes: Double(memory * (steps + 1)),
          solves: .init(
            unknowns: flow.stencil.rows * flow.stencil.columns, iterations: Double(steps),
            residual: solution.statistics.residual, converged: solution.termination == .converged ? 1 : 0))
      }
    }
  }

  /// Media and solutions as `pde gen darcy --grid 241 --oversample 1` makes them, without the estimate of the label error
  /// and without the file.
  private static let darcyDataset = Benchmark(
    name: "gen.darcy.n241", summary: "Darcy data at 241²: random medium, assembly and solve, 32 samples in parallel"
  ) { size in
    let (n, count) = size.pick((241, 32), small: (33, 2))
    let sampler = DarcyFamily().sampler(shape: (n, n))
    let solver = DarcySolver()
    return {
      let solutions = Mutex<[LinearSolution]>([])
      Parallel.forEach(count) { index in
        let medium = sampler.permeability(sample: index, seed: 0)
        guard let flow = try? DarcyFlow(permeability: medium, sample: index) else { return }
        let solution = solver.solve(flow)
        solutions.withLock { $0.append(solution) }
      }
      let all = solutions.withLock { $0 }
      return Work(
        samples: count,
        solves: .init(
          unknowns: (n - 2) * (n - 2),
          iterations: all.reduce(0) { $0 + Double($1.statistics.iterations) } / Double(count),
          residual: all.map(\.statistics.residual).max() ?? .nan,
          converged: all.count { $0.termination == .converged }))
    }
  }

  /// Steady Navier–Stokes on the unit torus from rest to a relative residual of 1e-6: one forcing at Reynolds numbers of
  /// about 5 and 90, twenty at about 430.
  private static let flows =
    flow("re5", viscosity: 0.01, rms: 0.1, grids: [64, 128, 256], forcings: 1)
    + flow("re91", viscosity: 0.001, rms: 0.02, grids: [64, 128, 256], forcings: 1)
    + flow("re430", viscosity: 0.001, rms: 0.1, grids: [64, 128, 256], forcings: 20)

  private static func flow(_ name: String, viscosity: Double, rms: Double, grids: [Int], forcings: Int) -> [Benchmark] {
    grids.map { n in
      Benchmark(
        name: "ns.\(name).n\(n)",
        summary: "steady Navier–Stokes on the unit torus, \(n)² points, nu \(viscosity), forcing rms \(rms), "
          + "\(forcings) forcing\(forcings == 1 ? "" : "s"), to 1e-6"
      ) { size in
        let (n, forcings) = size.pick((n, forcings), small: (16, 1))
        let generator = try NavierStokesGenerator(
          NavierStokesRecipe(
            viscosity: viscosity, grid: n, extent: 1, force: .init(rms: rms),
            solver: NavierStokesSolver(tolerance: Tolerance(relative: 1e-6))))
        let problems = (0..<forcings).map(generator.problem)
        let solver = generator.recipe.solver
        let coarse = solver.coarseGrids(of: problems[0])
        return {
          let solutions = problems.map { solver.solve($0, on: coarse) }
          return Work(
            samples: forcings,
            solves: .init(
              unknowns: problems[0].forcing.count,
              iterations: Double(solutions.reduce(0) { $0 + $1.iterations }) / Double(forcings),
              residual: solutions.filter { $0.termination == .converged }.map(\.residual).max() ?? .nan,
              converged: solutions.count { $0.termination == .converged }))
        }
      }
    }
  }
}
