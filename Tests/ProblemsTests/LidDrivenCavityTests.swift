import Foundation
import Problems
import Solvers
import Tensors
import Testing

/// The quantities that Botella & Peyret (1998) give for a cavity, in the order of their abstract's tables.
private struct CavityFigures {
  let smallestU, largestV, smallestV: ProfileExtremum
  let vortex: Vortex

  init(_ solution: BoundedFlowSolution) throws {
    let onHorizontal = solution.field.extrema(of: .v, along: .horizontal(y: 0.5))
    smallestU = solution.field.extrema(of: .u, along: .vertical(x: 0.5)).smallest
    largestV = onHorizontal.largest
    smallestV = onHorizontal.smallest
    vortex = try #require(solution.field.primaryVortex())
  }

  /// The largest relative difference of a value, or difference of a position.
  func distance(to other: CavityFigures) -> Double {
    func extremum(_ a: ProfileExtremum, _ b: ProfileExtremum) -> Double {
      max(abs(a.value / b.value - 1), abs(a.position - b.position))
    }
    return [
      extremum(smallestU, other.smallestU), extremum(largestV, other.largestV), extremum(smallestV, other.smallestV),
      abs(vortex.streamFunction / other.vortex.streamFunction - 1), abs(vortex.x - other.vortex.x),
      abs(vortex.y - other.vortex.y),
    ].reduce(0, max)
  }
}

private func solved(
  reynolds: Double, degree: Int, lid: LidDrivenCavity.Lid = .towardsEast
) throws -> BoundedFlowSolution {
  let solution = try BoundedFlowSolver(degree: degree).solve(try LidDrivenCavity(reynolds: reynolds, lid: lid).flow())
  #expect(solution.termination == .converged)
  #expect(solution.statistics.residual <= 1e-10)
  #expect(solution.statistics.reachedReynolds == reynolds)
  return solution
}

@Suite struct LidDrivenCavityTests {
  /// Botella & Peyret (1998), Computers & Fluids 27, 421; mirrored, since their lid moves towards −x.
  @Test func agreesWithBotellaAndPeyretAtTheDefaultResolution() throws {
    let solution = try BoundedFlowSolver().solve(try LidDrivenCavity(reynolds: 1000).flow())
    #expect(solution.termination == .converged)
    let found = try CavityFigures(solution)
    // Half a unit of the last digit given, and the discretisation's own error of about 1e-5: far inside the 0.5 % promised.
    func agrees(_ value: Double, _ published: Double) -> Bool { abs(value / published - 1) < 2e-5 }
    #expect(agrees(found.smallestU.value, -0.38857), "\(found.smallestU)")
    #expect(agrees(found.largestV.value, 0.37694), "\(found.largestV)")
    #expect(agrees(found.smallestV.value, -0.52708), "\(found.smallestV)")
    #expect(abs(found.vortex.streamFunction / -0.11894 - 1) < 4e-5, "\(found.vortex)")
    // Positions were given to four decimals.
    #expect(abs(found.smallestU.position - 0.1717) < 1e-4)
    #expect(abs(found.largestV.position - 0.1578) < 1e-4)
    #expect(abs(found.smallestV.position - 0.9092) < 1e-4)
    #expect(abs(found.vortex.x - 0.5308) < 1e-4 && abs(found.vortex.y - 0.5652) < 1e-4)
  }

  @Test(arguments: [100.0, 400, 1000])
  func figuresConvergeWithTheDegree(reynolds: Double) throws {
    let reference = try CavityFigures(try solved(reynolds: reynolds, degree: 48))
    let errors = try [16, 24, 32].map { degree in
      try CavityFigures(try solved(reynolds: reynolds, degree: degree)).distance(to: reference)
    }
    // The remaining singularity, ψ ~ r², leaves an algebraic order of about three; at larger Re boundary layers come first.
    for (k, ratio) in [(0, 1.5), (1, 4.0 / 3)] {
      let order = log(errors[k] / errors[k + 1]) / log(ratio)
      #expect(order > 2.5 && order < 12, "\(errors)")
    }
    #expect(errors[2] < 5e-4, "\(errors)")
  }

  @Test func reachesReynolds5000() throws {
    let coarse = try CavityFigures(try solved(reynolds: 5000, degree: 40))
    let fine = try CavityFigures(try solved(reynolds: 5000, degree: 48))
    #expect(coarse.distance(to: fine) < 5e-3)
    #expect(fine.vortex.streamFunction < -0.122 && fine.vortex.streamFunction > -0.1225)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] != nil))
  func figuresAtReynolds5000AreConverged() throws {
    let coarse = try CavityFigures(try solved(reynolds: 5000, degree: 48))
    let fine = try CavityFigures(try solved(reynolds: 5000, degree: 64))
    #expect(coarse.distance(to: fine) < 1e-3)
  }

  @Test func aLidThatSlidesBackMirrorsTheFlow() throws {
    let east = try solved(reynolds: 400, degree: 20).field.sampled(rows: 21, columns: 21)
    let west = try solved(reynolds: 400, degree: 20, lid: .towardsWest).field.sampled(rows: 21, columns: 21)
    for i in 0..<21 {
      for j in 0..<21 {
        #expect(abs(west.streamFunction[i, j] + east.streamFunction[i, 20 - j]) < 1e-11)
        #expect(abs(west.u[i, j] + east.u[i, 20 - j]) < 1e-10)
        #expect(abs(west.v[i, j] - east.v[i, 20 - j]) < 1e-10)
        #expect(abs(west.vorticity[i, j] + east.vorticity[i, 20 - j]) < 1e-7)
      }
    }
  }

  @Test func theWallsHaveTheirVelocityAndNoFlowThrough() throws {
    let solution = try solved(reynolds: 1000, degree: 24)
    let samples = solution.field.sampled(rows: 33, columns: 33)
    #expect(solution.statistics.wallError < 1e-10)
    for k in 0..<33 {
      for (i, j) in [(0, k), (32, k), (k, 0), (k, 32)] {
        let isLid = i == 32 && j > 0 && j < 32
        #expect(abs(samples.u[i, j] - (isLid ? 1 : 0)) < 1e-10)
        #expect(abs(samples.v[i, j]) < 1e-10)
        #expect(abs(samples.streamFunction[i, j]) < 1e-12)
        #expect(samples.vorticity[i, j].isFinite)
      }
    }
  }

  /// The equation in the differential form, by differences of point values: independent of the Galerkin code.
  @Test func theVorticityEquationHoldsInside() throws {
    let reynolds = 100.0
    let field = try solved(reynolds: reynolds, degree: 40).field
    let h = 0.01
    var (worst, scale) = (0.0, 0.0)
    for (x, y) in [(0.3, 0.4), (0.5, 0.7), (0.62, 0.74), (0.75, 0.5), (0.5, 0.25), (0.85, 0.8)] {
      func ω(_ i: Double, _ j: Double) -> Double { field.vorticity(x: x + i * h, y: y + j * h) }
      // Fourth-order differences.
      func first(_ f: (Double) -> Double) -> Double { (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h) }
      func second(_ f: (Double) -> Double) -> Double {
        (16 * (f(1) + f(-1)) - (f(2) + f(-2)) - 30 * f(0)) / (12 * h * h)
      }
      let velocity = field.velocity(x: x, y: y)
      let convection = velocity.u * first { ω($0, 0) } + velocity.v * first { ω(0, $0) }
      let diffusion = (second { ω($0, 0) } + second { ω(0, $0) }) / reynolds
      worst = max(worst, abs(convection - diffusion))
      scale = max(scale, abs(convection))
    }
    #expect(worst < 5e-3 * scale, "\(worst) of \(scale)")
  }

  @Test func newtonsMethodConvergesQuadratically() throws {
    let solution = try BoundedFlowSolver(degree: 24, tolerance: 1e-13).solve(try LidDrivenCavity(reynolds: 100).flow())
    #expect(solution.termination == .converged)
    #expect(solution.statistics.iterations <= 6)
    let trace = solution.statistics.trace.map(\.residual)
    let quadratic = zip(trace, trace.dropFirst()).filter { $0 < 0.1 && $1 > 1e-14 && $1 < 2 * $0 * $0 }
    #expect(quadratic.count >= 2, "\(trace)")
  }
}
