import Foundation
import Problems
import Solvers
import Spectral
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct NavierStokesGeneratorTests {
  @Test func everyGridSeesTheSameForcing() throws {
    let (coarse, fine) = try (
      NavierStokesGenerator(NavierStokesRecipe(grid: 33, seed: 4)),
      NavierStokesGenerator(NavierStokesRecipe(grid: 96, seed: 4))
    )
    let (a, b) = (coarse.problem(5), fine.problem(5))
    #expect(b.modes.moved(b.forcing, to: a.modes).elements == a.forcing.elements)
    #expect(a.forcing.elements != coarse.problem(6).forcing.elements)
  }

  @Test func theForcingHasTheRecipesLaw() throws {
    let modes = TorusModes(grid: 32, extent: 3)
    let law = GaussianLaw(alpha: 2.5, tau: 7)
    let forcing = TorusForcing(law, rms: 0.7, modes: modes)
    let count = 2000
    var variances = Tensor<Double>.zeros(modes.shape)
    for sample in 0..<count {
      let g = forcing.sample(from: RandomStream(seed: 1, purpose: .forcing, sample: sample))
      variances.add(g * g, scaledBy: 1 / Double(count))
    }
    // Waves beyond the grid have 0.14 % of the variance; the estimate scatters by 0.4 %.
    #expect(abs(variances.sum().squareRoot() / 0.7 - 1) < 0.015, "\(variances.sum().squareRoot())")
    let width = modes.largest + 1
    func variance(_ kx: Int, _ ky: Int) -> Double { variances[0, ky * width + kx] + variances[1, ky * width + kx] }
    for (kx, ky) in [(1, 0), (0, 1), (2, 1), (3, 3)] {
      let expected =
        pow(law.amplitude(eigenvalue: 4 * .pi * .pi * Double(kx * kx + ky * ky)), 2)
        / pow(law.amplitude(eigenvalue: 4 * .pi * .pi), 2)
      // A ratio of two χ² variables with 4000 degrees of freedom each: 2·√(1/2000) standard errors.
      #expect(abs(variance(kx, ky) / variance(1, 0) / expected - 1) < 4 * (2 * 2 / Double(2 * count)).squareRoot())
    }
    #expect(abs(variance(2, 1) / variance(1, 2) - 1) < 0.18)
  }

  @Test func theForceHasTheCurlAndTheFlowTheResidualThatAreStored() throws {
    let sample = try NavierStokesGenerator(NavierStokesRecipe(grid: 48, seed: 2)).sample(1)
    #expect(sample.termination == .converged)
    let fromForce = try SteadyNavierStokes(force: sample.force, viscosity: 0.01)
    let fromCurl = try SteadyNavierStokes(forcing: sample.forcing, viscosity: 0.01)
    #expect((fromForce.forcing - fromCurl.forcing).norm <= 1e-13 * fromCurl.referenceNorm)
    let omega = fromCurl.vector(of: sample.vorticity)
    #expect(fromCurl.relativeResidual(of: omega) <= 1e-8)
    #expect(abs(sample.solution.residual - fromCurl.relativeResidual(of: omega)) <= 1e-12)
    let (u, v) = fromCurl.velocity(of: omega)
    #expect((u - sample.velocity.u).norm <= 1e-13 * u.norm && (v - sample.velocity.v).norm <= 1e-13 * v.norm)
  }

  @Test func aSampleDependsOnSeedAndIndexAlone() throws {
    let recipe = NavierStokesRecipe(grid: 48, seed: 5)
    let alone = try NavierStokesGenerator(recipe).sample(3)
    let generator = try NavierStokesGenerator(recipe)
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 3
    let all = samples(5, of: generator)
    #expect(all[3].vorticity.elements == alone.vorticity.elements)
    #expect(all[3].solution.stages == alone.solution.stages)
    #expect(all[3].labelError == alone.labelError)
  }

  @Test(arguments: [(24, 0.01), (32, 0.01), (48, 0.004)])
  func theLabelErrorIsOfTheSizeOfTheError(grid: Int, viscosity: Double) throws {
    let generator = try NavierStokesGenerator(NavierStokesRecipe(viscosity: viscosity, grid: grid, seed: 6))
    for index in 0..<6 {
      let (sample, problem) = (generator.sample(index), generator.problem(index))
      let fine = problem.resampled(to: 4 * grid)
      let start = problem.modes.moved(sample.solution.vorticity, to: fine.modes)
      let truth = NewtonKrylov(tolerance: Tolerance(relative: 1e-9)).solve(fine, from: start)
      #expect(truth.termination == .converged)
      let error = (truth.point - start).norm / truth.point.norm
      let estimate = try #require(sample.labelError)
      #expect(estimate > error / 3 && estimate < 3 * error, "\(estimate) for \(error)")
    }
  }

  /// The fraction that converges, by thousands in a release.
  @Test func mostForcingsConverge() throws {
    let isRelease = ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] != nil
    let count = isRelease ? 1000 : 40
    let all = try samples(count, of: NavierStokesGenerator(NavierStokesRecipe(grid: isRelease ? 128 : 48)))
    let converged = all.count { $0.termination == .converged }
    #expect(converged >= count * 99 / 100, "\(converged) of \(count)")
    #expect(all.allSatisfy { ($0.solution.residual <= 1e-8) == ($0.termination == .converged) })
  }

  private func samples(_ count: Int, of generator: NavierStokesGenerator) -> [NavierStokesSample] {
    let results = Mutex([Int: NavierStokesSample]())
    Parallel.forEach(count) { index in
      let sample = generator.sample(index)
      results.withLock { $0[index] = sample }
    }
    return results.withLock { all in (0..<count).compactMap { all[$0] } }
  }
}
