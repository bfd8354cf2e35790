import Foundation
import Problems
import Solvers
import Tensors
import TestSupport
import Testing

/// Kovasznay's flow behind a grid, an exact solution of the Navier–Stokes equations for every ν (Kovasznay 1948, Proc. Camb.
/// Phil. Soc. 44, 58): `u = 1 − e^{λx} cos 2πy`, `v = λ/(2π) e^{λx} sin 2πy`, `λ = 1/(2ν) − √(1/(4ν²) + 4π²)`.
private struct Kovasznay {
  let viscosity: Double
  let domain: Rectangle

  var decay: Double { 0.5 / viscosity - (0.25 / (viscosity * viscosity) + 4 * .pi * .pi).squareRoot() }

  func velocity(x: Double, y: Double) -> Velocity {
    let growth = exp(decay * x)
    return Velocity(
      u: 1 - growth * cos(2 * .pi * y), v: decay / (2 * .pi) * growth * sin(2 * .pi * y))
  }

  func vorticity(x: Double, y: Double) -> Double {
    exp(decay * x) * sin(2 * .pi * y) * (decay * decay / (2 * .pi) - 2 * .pi)
  }

  func streamFunction(x: Double, y: Double) -> Double { y - exp(decay * x) * sin(2 * .pi * y) / (2 * .pi) }

  func flow() throws -> BoundedFlow {
    let exact = self
    return try BoundedFlow(
      domain: domain, viscosity: viscosity, walls: WallVelocities(of: { exact.velocity(x: $0, y: $1) }, on: domain))
  }

  /// The largest errors of ψ, velocity and vorticity on a grid.
  func errors(of field: BoundedFlowField) -> (streamFunction: Double, velocity: Double, vorticity: Double) {
    let n = 25
    let samples = field.sampled(rows: n, columns: n)
    var worst = (0.0, 0.0, 0.0)
    for i in 0..<n {
      for j in 0..<n {
        let (x, y) = (domain.width * Double(j) / Double(n - 1), domain.height * Double(i) / Double(n - 1))
        let exact = velocity(x: x, y: y)
        worst.0 = max(worst.0, abs(samples.streamFunction[i, j] - streamFunction(x: x, y: y)))
        worst.1 = max(worst.1, hypot(samples.u[i, j] - exact.u, samples.v[i, j] - exact.v))
        worst.2 = max(worst.2, abs(samples.vorticity[i, j] - vorticity(x: x, y: y)))
      }
    }
    return worst
  }
}

@Suite struct BoundedFlowTests {
  @Test(arguments: [(Rectangle.unitSquare, 0.025), (Rectangle(width: 1.5, height: 1), 0.05)])
  func kovasznayFlowIsFoundWithExponentialAccuracy(domain: Rectangle, viscosity: Double) throws {
    let exact = Kovasznay(viscosity: viscosity, domain: domain)
    let errors = try [8, 11, 14, 17].map { degree -> Double in
      let solution = try BoundedFlowSolver(degree: degree, tolerance: 1e-12).solve(try exact.flow())
      #expect(solution.termination == .converged)
      return exact.errors(of: solution.field).velocity
    }
    // One period fits a side: three more degrees, two to four digits more.
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(coarse / fine > 50 && coarse / fine < 1e4, "\(errors)")
    }
    let solution = try BoundedFlowSolver(degree: 32, tolerance: 1e-12).solve(try exact.flow())
    let fine = exact.errors(of: solution.field)
    #expect(fine.streamFunction < 1e-11 && fine.velocity < 1e-10 && fine.vorticity < 1e-7, "\(fine)")
  }

  @Test func aParabolicChannelFlowIsRepresentedExactly() throws {
    let domain = Rectangle(width: 3, height: 0.5)
    let flow = try BoundedFlow(
      domain: domain, viscosity: 0.01,
      walls: WallVelocities(of: { _, y in Velocity(u: y * (0.5 - y), v: 0) }, on: domain))
    let solution = try BoundedFlowSolver(degree: 8).solve(flow)
    #expect(solution.termination == .converged)
    let samples = solution.field.sampled(rows: 9, columns: 7)
    for i in 0..<9 {
      let y = 0.5 * Double(i) / 8
      for j in 0..<7 {
        #expect(abs(samples.u[i, j] - y * (0.5 - y)) < 1e-13)
        #expect(abs(samples.v[i, j]) < 1e-13)
        #expect(abs(samples.vorticity[i, j] - (2 * y - 0.5)) < 1e-11)
        #expect(abs(samples.streamFunction[i, j] - (y * y / 4 - y * y * y / 3)) < 1e-14)
      }
    }
  }

  /// The residual is quadratic in the unknowns, so its second Taylor remainder is exactly so.
  @Test func theJacobianIsTheDerivativeOfTheResidual() throws {
    let flow = try BoundedFlow(
      domain: Rectangle(width: 1.3, height: 0.8), viscosity: 0.01,
      walls: WallVelocities(
        south: { Velocity(u: 1 + $0, v: 0) }, north: { _ in Velocity(u: -2, v: 0) },
        west: { _ in Velocity(u: 0, v: 0.5) }))
    let equations = try BoundedFlowDiscretization(flow, degree: 11)
    let c: Tensor<Double> = randomTensor(equations.shape, seed: 1)
    let direction: Tensor<Double> = randomTensor(equations.shape, seed: 2)
    let base = equations.residual(of: c, viscosity: 0.01)
    let slope = equations.jacobian(at: c, viscosity: 0.01).matrixProduct(direction.reshaped(to: [c.count, 1]))
      .reshaped(to: c.shape)
    func remainder(_ h: Double) -> Tensor<Double> {
      var moved = c
      moved.add(direction, scaledBy: h)
      return equations.residual(of: moved, viscosity: 0.01) - base - slope.scaled(by: h)
    }
    #expect(remainder(1).norm > 1e-3 * slope.norm)
    #expect(relativeError(remainder(2), remainder(1).scaled(by: 4)) < 1e-11)
    #expect(relativeError(remainder(0.5), remainder(1).scaled(by: 0.25)) < 1e-11)
  }

  @Test func velocityAndVorticityAreDerivativesOfTheStreamFunction() throws {
    let solution = try BoundedFlowSolver(degree: 20).solve(try LidDrivenCavity(reynolds: 200).flow())
    let field = solution.field
    let h = 1e-3
    func slope(_ f: (Double) -> Double) -> Double { (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h) }
    for (x, y) in [(0.2, 0.9), (0.5, 0.5), (0.9, 0.1), (0.97, 0.95), (0.03, 0.96)] {
      let velocity = field.velocity(x: x, y: y)
      #expect(abs(velocity.u - slope { field.streamFunction(x: x, y: y + $0) }) < 1e-6)
      #expect(abs(velocity.v + slope { field.streamFunction(x: x + $0, y: y) }) < 1e-6)
      let (dvdx, dudy) = (slope { field.velocity(x: x + $0, y: y).v }, slope { field.velocity(x: x, y: y + $0).u })
      #expect(abs(field.vorticity(x: x, y: y) - (dvdx - dudy)) < 1e-4)
      let divergence = slope { field.velocity(x: x + $0, y: y).u } + slope { field.velocity(x: x, y: y + $0).v }
      #expect(abs(divergence) < 1e-4 * (1 + abs(dudy)))
    }
    let samples = field.sampled(rows: 11, columns: 21)
    #expect(abs(samples.vorticity[3, 8] - field.vorticity(x: 0.4, y: 0.3)) < 1e-10)
    #expect(abs(samples.u[3, 8] - field.velocity(x: 0.4, y: 0.3).u) < 1e-13)
  }

  /// Four walls that slide around the square: all four corners jump, and a quarter turn changes nothing.
  @Test func wallsThatSlideAroundKeepTheirFourfoldSymmetry() throws {
    let flow = try BoundedFlow(
      viscosity: 0.01,
      walls: WallVelocities(
        south: { _ in Velocity(u: -1, v: 0) }, north: { _ in Velocity(u: 1, v: 0) },
        west: { _ in Velocity(u: 0, v: 1) },
        east: { _ in Velocity(u: 0, v: -1) }))
    let solution = try BoundedFlowSolver(degree: 24).solve(flow)
    #expect(solution.termination == .converged)
    #expect(solution.statistics.wallError < 1e-9)
    let n = 17
    let psi = solution.field.sampled(rows: n, columns: n).streamFunction
    for i in 0..<n { for j in 0..<n { #expect(abs(psi[i, j] - psi[n - 1 - j, i]) < 1e-11) } }
    let vortex = try #require(solution.field.primaryVortex())
    #expect(abs(vortex.x - 0.5) < 1e-9 && abs(vortex.y - 0.5) < 1e-9)
    // A core in rigid rotation: ω is twice the angular velocity, and the fluid turns clockwise.
    #expect(vortex.vorticity < -1)
  }

  @Test func unitsOnlyScaleTheFlow() throws {
    let plain = try BoundedFlowSolver(degree: 16).solve(try LidDrivenCavity(reynolds: 100).flow())
    let large = try BoundedFlowSolver(degree: 16).solve(
      try BoundedFlow(
        domain: Rectangle(width: 4, height: 4), viscosity: 4 * 8 / 100.0,
        walls: WallVelocities(north: { _ in Velocity(u: 8, v: 0) })))
    #expect(large.statistics.iterations == plain.statistics.iterations)
    let (a, b) = (plain.field.sampled(rows: 9, columns: 9), large.field.sampled(rows: 9, columns: 9))
    #expect(relativeError(b.u.scaled(by: 1 / 8.0), a.u) < 1e-11)
    #expect(relativeError(b.streamFunction.scaled(by: 1 / 32.0), a.streamFunction) < 1e-11)
    #expect(relativeError(b.vorticity.scaled(by: 0.5), a.vorticity) < 1e-9)
  }

  @Test func theReportedResidualIsThatOfTheReturnedPoint() throws {
    let flow = try LidDrivenCavity(reynolds: 300).flow()
    let solution = try BoundedFlowSolver(degree: 16).solve(flow)
    #expect(solution.statistics.trace.last?.residual == solution.statistics.residual)
    #expect(solution.statistics.unresolvedShare > 1e-6 && solution.statistics.unresolvedShare < 0.05)
  }

  @Test func twoThreadsGiveTheBitsOfOne() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let flow = try LidDrivenCavity(reynolds: 400).flow()
    func solved(threads: Int) throws -> BoundedFlowSolution {
      Parallel.threads = threads
      return try BoundedFlowSolver(degree: 28).solve(flow)
    }
    let one = try solved(threads: 1)
    for threads in [2, 3] {
      let other = try solved(threads: threads)
      #expect(other.statistics == one.statistics)
      let (a, b) = (one.field.sampled(rows: 20, columns: 20), other.field.sampled(rows: 20, columns: 20))
      #expect(a.streamFunction.elements == b.streamFunction.elements && a.vorticity.elements == b.vorticity.elements)
    }
  }

  @Test func wallsAtRestGiveNoFlow() throws {
    let solution = try BoundedFlowSolver(degree: 8).solve(try BoundedFlow(viscosity: 1, walls: WallVelocities()))
    #expect(solution.termination == .converged && solution.statistics.iterations == 0)
    #expect(solution.field.sampled(rows: 5, columns: 5).u.maxAbs == 0)
  }

  @Test func everyWayOfFailingIsSaidAndNeverCalledConverged() throws {
    let flow = try LidDrivenCavity(reynolds: 1000).flow()
    for limit in [0, 1, 7, 15] {
      let short = try BoundedFlowSolver(degree: 28, iterationLimit: limit).solve(flow)
      #expect(short.termination == .iterationLimit)
      #expect(short.statistics.iterations == limit)
      #expect(short.statistics.residual > 1e-10 && short.statistics.residual <= 1)
    }
    let strict = try BoundedFlowSolver(degree: 16, tolerance: 0).solve(try LidDrivenCavity(reynolds: 50).flow())
    #expect(strict.termination == .stagnated)
    #expect(strict.statistics.residual < 1e-13)
    for reynolds in [1e9, 1e300] {
      let absurd = try BoundedFlowSolver(degree: 12).solve(try LidDrivenCavity(reynolds: reynolds).flow())
      #expect(absurd.termination == .stagnated || absurd.termination == .iterationLimit)
      #expect(absurd.statistics.reachedReynolds > 100 && absurd.statistics.reachedReynolds < 1e5)
      #expect(absurd.statistics.residual > 1e-3 && absurd.statistics.unresolvedShare <= 0.15)
    }
    let overflow = try BoundedFlow(viscosity: 1e150, walls: WallVelocities(north: { _ in Velocity(u: 1e200, v: 0) }))
    #expect(try BoundedFlowSolver(degree: 8).solve(overflow).termination == .nonfinite)
  }

  @Test func badDataAreRefused() throws {
    for value in [0, -1, Double.nan, .infinity] {
      #expect(throws: BoundedFlowError.self) { try BoundedFlow(viscosity: value, walls: WallVelocities()) }
      #expect(throws: BoundedFlowError.self) { try LidDrivenCavity(reynolds: value) }
    }
    let flow = try LidDrivenCavity(reynolds: 100).flow()
    for degree in [-1, 7, 97] {
      #expect(throws: BoundedFlowError.degree(degree)) { try BoundedFlowSolver(degree: degree).solve(flow) }
    }
    let leaking = try BoundedFlow(viscosity: 1, walls: WallVelocities(north: { _ in Velocity(u: 0, v: 1) }))
    do {
      let solution = try BoundedFlowSolver(degree: 8).solve(leaking)
      Issue.record("accepted: \(solution.termination)")
    } catch BoundedFlowError.netFlux(let relative) {
      #expect(abs(relative - 0.25) < 1e-6)
    }
    let broken = try BoundedFlow(
      viscosity: 1, walls: WallVelocities(east: { Velocity(u: 0, v: $0 > 0.9 ? .nan : 0) }))
    do {
      let solution = try BoundedFlowSolver(degree: 8).solve(broken)
      Issue.record("accepted: \(solution.termination)")
    } catch BoundedFlowError.wallVelocity(let side, let position) {
      #expect(side == .east && position > 0.9)
    }
  }
}
