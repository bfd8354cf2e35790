import Foundation
import Problems
import Solvers
import Tensors
import Testing

@Suite struct FlowStabilityTests {
  /// Every eigenvalue of the linearisation, from its matrix.
  private func spectrum(_ flow: SteadyNavierStokes, at vorticity: Tensor<Double>) throws -> [(re: Double, im: Double)] {
    let ones = flow.vector(
      of: .normal([flow.modes.grid, flow.modes.grid], from: RandomStream(seed: 1, purpose: .test)))
    let positions = ones.elements.indices.filter { ones.elements[$0] != 0 }
    #expect(positions.count == flow.modes.unknowns)
    let product = flow.linearization(at: vorticity, shift: 0).product
    var matrix = Tensor<Double>.zeros([positions.count, positions.count])
    for (column, position) in positions.enumerated() {
      var unit = Tensor<Double>.zeros(flow.modes.shape)
      unit.withUnsafeMutableBuffer { $0[position] = 1 }
      let image = product(unit).elements
      for (row, position) in positions.enumerated() { matrix[row, column] = image[position] }
    }
    return try #require(Eigendecomposition(matrix)).pairs.map(\.value)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func arnoldiFindsTheRightmostEigenvalueOfTheDenseMatrix(index: Int) throws {
    // Above and below the onset of instability.
    let viscosity = [0.01, 0.005, 0.002][index % 3]
    let generator = try NavierStokesGenerator(NavierStokesRecipe(viscosity: viscosity, grid: 16, seed: 8))
    let flow = generator.problem(index)
    let point = NavierStokesSolver(coarsest: 16).solve(flow).vorticity
    let all = try spectrum(flow, at: point)
    let right = try #require(all.max { $0.re < $1.re })
    let found = flow.leadingEigenvalue(at: point)
    #expect(found.termination == .converged)
    let scale = all.reduce(0) { max($0, abs($1.im)) } + abs(right.re)
    #expect(abs(found.growthRate - right.re) <= 1e-6 * scale, "\(found) \(right)")
    #expect(abs(found.frequency - abs(right.im)) <= 1e-6 * scale, "\(found) \(right)")
    #expect(found.residual <= 1e-4 * scale)
  }

  /// The flow (sin(m y), 0)·U with the Reynolds number U/(ν m).
  private func kolmogorov(_ m: Int, reynolds: Double, grid: Int = 32) throws -> (SteadyNavierStokes, Tensor<Double>) {
    let viscosity = 1 / (reynolds * Double(m))
    let flow = try SteadyNavierStokes(
      force: (torusField(grid) { _, y in viscosity * Double(m * m) * sin(Double(m) * y) }, .zeros([grid, grid])),
      viscosity: viscosity)
    return (flow, flow.stokesFlow)
  }

  @Test(arguments: [1.0, 10, 100, 500])
  func kolmogorovFlowOfTheLongestWaveIsStable(reynolds: Double) throws {
    // Meshalkin & Sinai 1961: at every Reynolds number. The waves (0, ±1) decay at the rate ν.
    let (flow, point) = try kolmogorov(1, reynolds: reynolds)
    let found = flow.leadingEigenvalue(at: point)
    #expect(found.termination == .converged)
    #expect(found.growthRate < 0 && found.growthRate >= -flow.viscosity * (1 + 1e-6), "\(found)")
  }

  @Test(arguments: [2, 3])
  func kolmogorovFlowOfShorterWavesLosesStability(m: Int) throws {
    // No wave grows below √2, the limit of infinitely long ones.
    let (slow, laminar) = try kolmogorov(m, reynolds: 1.3)
    #expect(slow.leadingEigenvalue(at: laminar).growthRate < 0)
    let (fast, unstable) = try kolmogorov(m, reynolds: 20)
    let found = fast.leadingEigenvalue(at: unstable)
    #expect(found.termination == .converged && found.growthRate > 0.01, "\(found)")
  }

  @Test func aSpaceThatIsTooSmallIsSaidToBe() throws {
    let (flow, point) = try kolmogorov(2, reynolds: 20)
    let found = flow.leadingEigenvalue(at: point, by: Arnoldi(dimension: 3))
    #expect(found.termination == .iterationLimit)
  }
}
