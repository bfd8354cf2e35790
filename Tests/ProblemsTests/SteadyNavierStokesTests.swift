import Foundation
import Problems
import Solvers
import Spectral
import Tensors
import TestSupport
import Testing

@Suite struct SteadyNavierStokesTests {
  private func flow(_ n: Int, viscosity: Double = 0.02, dealiasing: Dealiasing = .twoThirds) throws
    -> SteadyNavierStokes
  {
    let field = Tensor<Double>.normal([n, n], from: RandomStream(seed: 5, purpose: .test, sample: n))
    return try SteadyNavierStokes(forcing: field, viscosity: viscosity, dealiasing: dealiasing)
  }

  @Test(arguments: [24, 25, 32, 27])
  func aVectorsDotProductIsTheIntegralOfTheProduct(n: Int) throws {
    let flow = try flow(n)
    let (a, b) = try (randomVorticity(flow.modes, sample: 0), randomVorticity(flow.modes, sample: 1))
    let mean = flow.field(of: a).dot(flow.field(of: b)) / Double(n * n)
    #expect(abs(mean - a.dot(b)) <= 1e-14)
    #expect((flow.vector(of: flow.field(of: a)) - a).norm <= 1e-14)
    #expect(flow.modes.unknowns == a.elements.count { $0 != 0 })
  }

  @Test(arguments: [24, 25, 26, 27, 30])
  func convectionOfKeptModesIsExact(n: Int) throws {
    let coarse = try flow(n)
    let a = try randomVorticity(coarse.modes, sample: 2)
    // A grid that holds every mode of the product, and the usual form u ∂ω/∂x + v ∂ω/∂y.
    let fine = try flow(2 * n + 1, dealiasing: .none)
    let moved = coarse.modes.moved(a, to: fine.modes)
    let (u, v) = fine.velocity(of: moved)
    let field = fine.field(of: moved)
    let waves = Wavenumbers(PeriodicDomain(grid: field.shape, extent: 2 * .pi))
    let transform = try FourierTransform<Double>(grid: field.shape, band: .full(grid: field.shape))
    func derivative(_ axis: Int) -> Tensor<Double> {
      transform.inverse(FourierMultiplier<Double>.derivative(axis: axis, waves)(transform.forward(field)))
    }
    let product = u * derivative(1) + v * derivative(0)
    let exact = fine.modes.moved(fine.vector(of: product), to: coarse.modes)
    #expect((coarse.convection(of: a) - exact).norm <= 1e-13 * exact.norm)
    // Without the rule the same modes alias: the test above could fail.
    let aliased = try flow(n, dealiasing: .none)
    let b = try randomVorticity(aliased.modes, sample: 2)
    let wide = try flow(3 * n, dealiasing: .none)
    let truth = wide.modes.moved(wide.convection(of: aliased.modes.moved(b, to: wide.modes)), to: aliased.modes)
    #expect((aliased.convection(of: b) - truth).norm > 1e-3 * truth.norm)
  }

  @Test(arguments: [24, 25, 64])
  func convectionConservesEnergyAndEnstrophy(n: Int) throws {
    let flow = try flow(n)
    let omega = try randomVorticity(flow.modes, sample: 3)
    let convection = flow.convection(of: omega)
    let waves = Wavenumbers(PeriodicDomain(grid: [n, n], extent: 2 * .pi))
    let transform = try FourierTransform<Double>(grid: [n, n], band: .full(grid: [n, n]))
    let inverse = FourierMultiplier<Double>.inverseLaplacian(waves)
    let psi = flow.vector(of: transform.inverse(inverse(transform.forward(flow.field(of: omega))))).scaled(by: -1)
    #expect(abs(convection.dot(omega)) <= 1e-14 * convection.norm * omega.norm)
    #expect(abs(convection.dot(psi)) <= 1e-14 * convection.norm * psi.norm)
  }

  @Test func velocityAndForcingHaveTheSignsOfTheConventions() throws {
    let n = 48
    let exact = ExponentialFlow()
    let problem = try exact.problem(n)
    let omega = problem.vector(of: torusField(n, exact.vorticity))
    let (u, v) = problem.velocity(of: omega)
    #expect((u - torusField(n, exact.u)).norm <= 1e-12 * u.norm)
    #expect((v - torusField(n, exact.v)).norm <= 1e-12 * v.norm)
    let convection = problem.vector(of: torusField(n, exact.convection))
    #expect((problem.convection(of: omega) - convection).norm <= 1e-12 * convection.norm)
    // f = (sin y, cos 2x) has the curl −2 sin 2x − cos y.
    let byForce = try SteadyNavierStokes(
      force: (torusField(n) { _, y in 3 + sin(y) }, torusField(n) { x, _ in cos(2 * x) - 1 }), viscosity: 1)
    let byCurl = try SteadyNavierStokes(forcing: torusField(n) { x, y in -2 * sin(2 * x) - cos(y) }, viscosity: 1)
    #expect((byForce.forcing - byCurl.forcing).norm <= 1e-13)
  }

  @Test(arguments: [(24, Dealiasing.twoThirds), (25, .twoThirds), (24, .none), (27, .none)])
  func theJacobianPassesTheTaylorTest(n: Int, dealiasing: Dealiasing) throws {
    let flow = try flow(n, dealiasing: dealiasing)
    let (omega, direction) = try (randomVorticity(flow.modes, sample: 4), randomVorticity(flow.modes, sample: 5))
    let (value, linear) = (flow.residual(at: omega), flow.linearization(at: omega, shift: 0).product(direction))
    let remainders = (0..<6).map { power -> Double in
      let h = pow(2, -Double(power))
      return (flow.residual(at: omega + direction.scaled(by: h)) - value - linear.scaled(by: h)).norm
    }
    for (coarse, fine) in zip(remainders, remainders.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) <= 0.02)
    }
  }

  @Test func theShiftIsSubtractedAndThePreconditionerIsExactWhereItSaysSo() throws {
    // All modes of this grid are long waves.
    let flow = try flow(11)
    let (omega, v) = try (randomVorticity(flow.modes, sample: 6), randomVorticity(flow.modes, sample: 7))
    let (plain, shifted) = (flow.linearization(at: omega, shift: 0), flow.linearization(at: omega, shift: 0.3))
    #expect((plain.product(v) - shifted.product(v) - v.scaled(by: 0.3)).norm <= 1e-14)
    for system in [plain, shifted] {
      #expect((system.preconditioner(system.product(v)) - v).norm <= 1e-10)
    }
  }

  @Test(arguments: [(24, 5e-6), (32, 5e-9), (48, 1e-12)])
  func theManufacturedSolutionIsFoundToSpectralAccuracy(n: Int, bound: Double) throws {
    let exact = ExponentialFlow()
    let problem = try exact.problem(n)
    let solution = NewtonKrylov(tolerance: Tolerance(relative: 1e-13)).solve(problem, from: problem.stokesFlow)
    #expect(solution.termination == .converged)
    #expect(solution.statistics.steps <= 6)
    let error = exact.error(of: problem.field(of: solution.point))
    #expect(error <= bound, "\(error) \(solution.statistics)")
  }

  @Test(arguments: [16, 27])
  func kolmogorovFlowIsExact(n: Int) throws {
    // A force (sin 2y, 0) drives u = sin(2y)/(4ν), ω = −cos(2y)/(2ν).
    let viscosity = 0.05
    let problem = try SteadyNavierStokes(
      force: (torusField(n) { _, y in sin(2 * y) }, .zeros([n, n])), viscosity: viscosity)
    let exact = torusField(n) { _, y in -cos(2 * y) / (2 * viscosity) }
    #expect(problem.relativeResidual(of: problem.vector(of: exact)) <= 1e-13)
    #expect((problem.field(of: problem.stokesFlow) - exact).norm <= 1e-13 * exact.norm)
  }

  @Test func anotherNumberOfThreadsGivesTheSameBits() throws {
    let flow = try flow(64)
    let omega = try randomVorticity(flow.modes, sample: 8)
    func numbers() -> [Double] {
      flow.residual(at: omega).elements
        + NewtonKrylov(tolerance: Tolerance(relative: 1e-6), stepLimit: 2)
        .solve(flow, from: flow.stokesFlow).point.elements
    }
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let one = numbers()
    Parallel.threads = 3
    #expect(numbers() == one)
  }

  @Test func badInputIsRefusedWithASentence() throws {
    let field = torusField(8) { x, _ in cos(x) }
    #expect(throws: NavierStokesError.viscosity(0)) { try SteadyNavierStokes(forcing: field, viscosity: 0) }
    #expect(throws: NavierStokesError.self) { try SteadyNavierStokes(forcing: field, viscosity: .nan) }
    #expect(throws: NavierStokesError.gridTooSmall(points: 3)) {
      try SteadyNavierStokes(forcing: .zeros([3, 3]), viscosity: 1)
    }
    #expect(throws: NavierStokesError.shape([8, 4])) { try SteadyNavierStokes(forcing: .zeros([8, 4]), viscosity: 1) }
    var broken = field
    broken[2, 5] = .infinity
    #expect(throws: NavierStokesError.forcing(value: .infinity, row: 2, column: 5, sample: 3)) {
      try SteadyNavierStokes(forcing: broken, viscosity: 1, sample: 3)
    }
  }
}
