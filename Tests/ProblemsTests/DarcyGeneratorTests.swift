import Problems
import Solvers
import Tensors
import Testing

@Suite struct DarcyGeneratorTests {
  @Test func storedMediaAndPressuresAreOneFieldSeenOnTwoGrids() throws {
    let a = try DarcyGenerator(DarcyRecipe(grid: 43, oversample: 10, seed: 7)).sample(3)
    #expect(a.termination == .converged)
    #expect(a.pressure.maxAbs > 0.008 && a.pressure.maxAbs < 0.018)
  }
}
