import Foundation
import Problems
import Solvers
import Tensors
import TestSupport
import Testing

/// Solves the inner equations by elimination, from the columns that the naive residual gives.
private func eliminated(_ a: Tensor<Double>, _ setting: DarcyFlow.Setting) -> Tensor<Double> {
  let (rows, columns) = (a.shape[0], a.shape[1])
  let (m, count) = (columns - 2, (rows - 2) * (columns - 2))
  let b = naiveResidual(a, .zeros(a.shape), setting).elements
  var matrix = [[Double]](repeating: [], count: count)
  for k in 0..<count {
    var unit = Tensor<Double>.zeros(a.shape)
    unit[k / m + 1, k % m + 1] = 1
    let column = naiveResidual(a, unit, setting).elements
    for i in 0..<count { matrix[i].append(b[i] - column[i]) }
  }
  var x = b
  for k in 0..<count {
    for i in k + 1..<max(count, k + 1) where matrix[i][k] != 0 {
      let factor = matrix[i][k] / matrix[k][k]
      for j in k..<count { matrix[i][j] -= factor * matrix[k][j] }
      x[i] -= factor * x[k]
    }
  }
  for k in (0..<count).reversed() {
    for j in k + 1..<max(count, k + 1) { x[k] -= matrix[k][j] * x[j] }
    x[k] /= matrix[k][k]
  }
  var u = Tensor<Double>.zeros(a.shape)
  for k in 0..<count { u[k / m + 1, k % m + 1] = x[k] }
  return u
}

@Suite struct DarcySolverTests {
  @Test(arguments: [
    (3, 3), (3, 9), (9, 3), (4, 4), (4, 7), (5, 5), (6, 6), (7, 5), (8, 8), (9, 12), (12, 9), (16, 16), (17, 17),
    (18, 21), (21, 18), (5, 40), (40, 6),
  ])
  func agreesWithEliminationOnEverySmallGrid(rows: Int, columns: Int) throws {
    let setting = DarcyFlow.Setting(domain: Rectangle(width: 1, height: 1.3))
    let a = roughMedium((rows, columns), contrast: 1000, seed: UInt64(rows * 100 + columns))
    let result = DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(
      try DarcyFlow(permeability: a, setting: setting))
    #expect(result.termination == .converged)
    #expect(relativeError(result.solution, eliminated(a, setting)) < 1e-10)
  }

  @Test(arguments: [1.0, 4, 1e6])
  func iterationsDoNotGrowWithTheGrid(contrast: Double) throws {
    let iterations = try [43, 64, 85, 86, 241, 421, 513].map { n -> Int in
      let result = DarcySolver().solve(try DarcyFlow(permeability: twoMaterials(n, contrast: contrast)))
      #expect(result.termination == .converged)
      return result.statistics.iterations
    }
    // Beyond a contrast of a few, finer grids see finer features of the medium: the spread of the medium, not the method.
    #expect((iterations.max() ?? 0) - (iterations.min() ?? 0) <= (contrast <= 4 ? 3 : 6), "\(iterations)")
    #expect(iterations.allSatisfy { $0 <= (contrast <= 4 ? 10 : 18) }, "\(iterations)")
  }

  @Test func aContrastOfAMillionAtMostDoublesTheIterations() throws {
    for (n, seed) in [(85, 1), (129, 2), (241, 3)] {
      func iterations(_ contrast: Double) throws -> Int {
        let result = DarcySolver().solve(
          try DarcyFlow(permeability: twoMaterials(n, contrast: contrast, seed: UInt64(seed))))
        #expect(result.termination == .converged)
        return result.statistics.iterations
      }
      let (smooth, rough) = (try iterations(1), try iterations(1e6))
      #expect(rough <= 2 * smooth, "n = \(n): \(smooth) and \(rough)")
    }
  }

  @Test func theReportedResidualIsThatOfTheReturnedSolution() throws {
    let a = twoMaterials(85, contrast: 4)
    let result = DarcySolver().solve(try DarcyFlow(permeability: a))
    let residual = naiveResidual(a, result.solution, DarcyFlow.Setting()).norm / 83
    #expect(abs(result.statistics.residual / residual - 1) < 1e-6)
    #expect(result.statistics.residual <= 1e-8)
    #expect(result.statistics.trace.count == result.statistics.iterations + 1)
  }

  @Test func sourcesDoNotMakeSinksAndTheMaximumLiesInside() throws {
    let count = ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? 300 : 10_000
    for sample in 0..<count {
      let shape = (20 + sample % 17, 20 + sample % 13)
      let a = roughMedium(shape, contrast: pow(10, Double(sample % 6)), seed: UInt64(sample))
      let u = DarcySolver().solve(try DarcyFlow(permeability: a)).solution
      for row in 1..<shape.0 - 1 {
        for column in 1..<shape.1 - 1 where !(u[row, column] > 0) { Issue.record("u ≤ 0 in sample \(sample)") }
      }
    }
  }

  @Test func whatFlowsOutIsWhatTheSourceBringsIn() throws {
    let n = 86
    let a = twoMaterials(n, contrast: 4)
    let u = DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(try DarcyFlow(permeability: a)).solution
    let mean = FaceMean.harmonic
    var out = 0.0
    for k in 1..<n - 1 {
      out += mean(a[k, 0], a[k, 1]) * u[k, 1] + mean(a[k, n - 1], a[k, n - 2]) * u[k, n - 2]
      out += mean(a[0, k], a[1, k]) * u[1, k] + mean(a[n - 1, k], a[n - 2, k]) * u[n - 2, k]
    }
    let area = Double((n - 2) * (n - 2)) / Double((n - 1) * (n - 1))
    // The sum of all equations: bounded by ‖residual‖₁ ≤ n ‖residual‖₂ ≤ 1e-12 n.
    #expect(abs(out / area - 1) < 1e-10)
  }

  @Test func theEightSymmetriesOfTheSquareCarryOver() throws {
    for n in [46, 47] {
      let a = twoMaterials(n, contrast: 4)
      let solver = DarcySolver(tolerance: Tolerance(relative: 1e-13))
      let u = solver.solve(try DarcyFlow(permeability: a)).solution
      func flipped(_ field: Tensor<Double>) -> Tensor<Double> {
        Tensor(shape: [n, n]) { out in for k in 0..<n * n { out[k] = field[k / n, n - 1 - k % n] } }
      }
      var (medium, expected) = (a, u)
      for turn in 0..<8 {
        medium = turn % 2 == 0 ? flipped(medium) : medium.transposedMatrix()
        expected = turn % 2 == 0 ? flipped(expected) : expected.transposedMatrix()
        #expect(relativeError(solver.solve(try DarcyFlow(permeability: medium)).solution, expected) < 1e-11)
      }
      #expect(relativeError(medium, a) == 0, "eight steps lead back")
    }
  }

  @Test func unitsOfThePermeabilityOnlyScaleThePressure() throws {
    let a = twoMaterials(64, contrast: 4)
    let reference = DarcySolver().solve(try DarcyFlow(permeability: a))
    for factor in [0x1p-50, 0x1p60] {
      let result = DarcySolver().solve(try DarcyFlow(permeability: a.scaled(by: factor)))
      #expect(result.statistics.iterations == reference.statistics.iterations)
      #expect(relativeError(result.solution.scaled(by: factor), reference.solution) < 1e-14)
    }
  }

  @Test func twoThreadsGiveTheBitsOfOne() throws {
    let flow = try DarcyFlow(permeability: twoMaterials(257, contrast: 4))
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = 1
    let one = DarcySolver().solve(flow)
    for threads in [2, 3] {
      Parallel.threads = threads
      let other = DarcySolver().solve(flow)
      #expect(other.solution.elements == one.solution.elements)
      #expect(other.statistics == one.statistics)
    }
  }

  @Test func aWorkspaceLeavesNoTrace() throws {
    var workspace = DarcySolver.Workspace(rows: 60, columns: 71)
    for seed in 1..<4 {
      let flow = try DarcyFlow(
        permeability: roughMedium((62, 73), contrast: pow(10, Double(2 * seed)), seed: UInt64(seed)))
      let fresh = DarcySolver().solve(flow)
      #expect(DarcySolver().solve(flow, in: &workspace).solution.elements == fresh.solution.elements)
    }
  }

  @Test func everyWayOfFailingIsSaid() throws {
    let flow = try DarcyFlow(permeability: twoMaterials(64, contrast: 4))
    let short = DarcySolver(iterationLimit: 2).solve(flow)
    #expect(short.termination == .iterationLimit)
    #expect(short.statistics.iterations == 2)
    #expect(short.statistics.residual > 1e-8 && short.statistics.residual < 1)
    let impossible = DarcySolver(tolerance: Tolerance(relative: 1e-18)).solve(flow)
    #expect(impossible.termination == .stagnated)
    // The best that double precision allows: n² ε.
    #expect(impossible.statistics.residual < 1e-11)
  }

  @Test func noSourceGivesNoPressure() throws {
    let result = DarcySolver().solve(try DarcyFlow(permeability: twoMaterials(43, contrast: 4), source: 0))
    #expect(result.termination == .converged)
    #expect(result.solution.maxAbs == 0)
  }
}
