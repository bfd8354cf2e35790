import Tensors
import TestSupport
import Testing

@Suite struct LUFactorizationTests {
  @Test(arguments: [1, 2, 7, 64, 150])
  func solvesForEveryRightHandSideWithOneFactorization(n: Int) throws {
    let matrix: Tensor<Double> = randomTensor([n, n], seed: UInt64(n))
    let factors = try LUFactorization(matrix)
    for seed in 1..<4 {
      let x: Tensor<Double> = randomTensor([n], seed: UInt64(seed), stream: 1)
      let b = matrix.matrixProduct(x.reshaped(to: [n, 1])).reshaped(to: [n])
      let residual = b - matrix.matrixProduct(factors.solve(b).reshaped(to: [n, 1])).reshaped(to: [n])
      // Gaussian elimination with pivoting is backward stable: a small residual whatever the condition.
      #expect(residual.norm <= 1e-13 * Double(n) * matrix.norm * factors.solve(b).norm)
    }
  }

  @Test func rowsAreEquationsAndZeroPivotsAreExchanged() throws {
    // 2y = 6, x + 3y = 4
    let factors = try LUFactorization(Tensor(shape: [2, 2], elements: [0, 2, 1, 3]))
    #expect(factors.solve(Tensor(shape: [2], elements: [6, 4])).elements == [-5, 3])
  }

  @Test func theMatrixOfTheCallerStays() throws {
    let matrix: Tensor<Double> = randomTensor([5, 5])
    let copy = matrix.elements
    #expect(try LUFactorization(matrix).count == 5)
    #expect(matrix.elements == copy)
  }

  @Test func matricesWithoutFactorsAreRefused() {
    #expect(throws: LUFactorizationError.singular(column: 1)) {
      try LUFactorization(Tensor(shape: [2, 2], elements: [1, 2, 2, 4]))
    }
    #expect(throws: LUFactorizationError.nonfinite) {
      try LUFactorization(Tensor(shape: [2, 2], elements: [1, .nan, 2, 4]))
    }
  }
}
