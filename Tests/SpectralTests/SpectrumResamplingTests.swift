import Foundation
import Spectral
import Tensors
import TestSupport
import Testing

private func resampled(_ field: Tensor<Double>, from grid: [Int], to newGrid: [Int]) throws -> Tensor<Double> {
  let coarse = try FourierTransform<Double>(grid: grid, band: .full(grid: grid))
  let fine = try FourierTransform<Double>(grid: newGrid, band: .full(grid: newGrid))
  return fine.inverse(coarse.forward(field).resampled(to: newGrid))
}

/// `cos(2πkj/n)` and `sin(2πkj/n)` along one axis.
private func cosine(_ k: Int, _ n: Int) -> [Double] { (0..<n).map { cos(2 * .pi * Double(k * $0 % n) / Double(n)) } }
private func sine(_ k: Int, _ n: Int) -> [Double] { (0..<n).map { sin(2 * .pi * Double(k * $0 % n) / Double(n)) } }

@Suite struct SpectrumResamplingTests {
  @Test(arguments: [
    ([16], [32]), ([16], [24]), ([15], [31]), ([31], [15]), ([32], [16]),
    ([16, 16], [32, 32]), ([16, 16], [24, 24]), ([15, 15], [31, 31]), ([16, 15], [21, 32]), ([32, 31], [16, 17]),
    ([15, 16], [15, 24]), ([16, 20], [18, 14]), ([8, 10, 9], [12, 15, 16]),
  ])
  func bandLimitedFieldsArriveExactly(grid: [Int], newGrid: [Int]) throws {
    // Every wavevector strictly inside both grids' limits.
    let limits = zip(grid, newGrid).map { (min($0, $1) - 1) / 2 }
    let polynomial = TrigonometricPolynomial.random(limits: limits, seed: 11)
    let field = try resampled(polynomial.values(on: grid), from: grid, to: newGrid)
    // Sums of some hundred terms; rounding alone is 1e-15.
    #expect(relativeError(field, polynomial.values(on: newGrid)) < 1e-13)
  }

  @Test(arguments: [([16, 12], [23, 31]), ([15, 8], [30, 16]), ([6, 6, 6], [7, 8, 9])])
  func refiningKeepsEveryOldValueWhereTheGridsMeet(grid: [Int], newGrid: [Int]) throws {
    // Interpolation of a full random field, the modes n/2 included: back on the old grid nothing has changed.
    let field: Tensor<Double> = randomTensor(grid, stream: 12)
    let fine = try resampled(field, from: grid, to: newGrid)
    #expect(relativeError(try resampled(fine, from: newGrid, to: grid), field) < 1e-13)
    let doubled = try resampled(field, from: grid, to: grid.map { 2 * $0 })
    let stride = indices(grid).map { j in
      zip(j, grid).reduce(0) { $0 * 2 * $1.1 + 2 * $1.0 }
    }
    let kept = Tensor(shape: grid, elements: stride.map { doubled.elements[$0] })
    #expect(relativeError(kept, field) < 1e-13)
  }

  @Test func refiningSplitsTheNyquistModeSymmetrically() throws {
    // (−1)^j on 16 points becomes cos(2π·8x), not a complex or shifted wave; on either axis and on both.
    let wave = try resampled(Tensor(shape: [16], elements: cosine(8, 16)), from: [16], to: [20])
    #expect(relativeError(wave, Tensor(shape: [20], elements: cosine(8, 20))) < 1e-14)
    func product(_ a: [Double], _ b: [Double]) -> Tensor<Double> {
      Tensor(shape: [a.count, b.count], elements: a.flatMap { x in b.map { x * $0 } })
    }
    let corner = try resampled(product(cosine(4, 8), cosine(3, 6)), from: [8, 6], to: [9, 13])
    #expect(relativeError(corner, product(cosine(4, 9), cosine(3, 13))) < 1e-14)
    let edge = try resampled(product(cosine(4, 8), sine(2, 6)), from: [8, 6], to: [12, 12])
    #expect(relativeError(edge, product(cosine(4, 12), sine(2, 12))) < 1e-14)
  }

  @Test func coarseningFoldsTheNewNyquistModeAndDropsShorterWaves() throws {
    // On 16 points cos(2π·8x) is (−1)^j and sin(2π·8x) is zero; cos(2π·9x), which sampling would alias, is removed.
    let values = zip(zip(cosine(8, 32), sine(8, 32)), cosine(9, 32)).map { 2 * $0.0 + 3 * $0.1 + 5 * $1 }
    let coarse = try resampled(Tensor(shape: [32], elements: values), from: [32], to: [16])
    #expect(relativeError(coarse, Tensor(shape: [16], elements: cosine(8, 16).map { 2 * $0 })) < 1e-14)
  }

  @Test(arguments: [
    ([32, 24], [16, 12]), ([31, 33], [16, 12]), ([13, 13, 12], [8, 6, 10]), ([16, 17], [23, 12]),
  ])
  func theNewSpectrumIsThatOfARealField(grid: [Int], newGrid: [Int]) throws {
    let field: Tensor<Double> = randomTensor(grid, stream: 13)
    let coarse = try FourierTransform<Double>(grid: grid, band: .full(grid: grid))
    let other = try FourierTransform<Double>(grid: newGrid, band: .full(grid: newGrid))
    let spectrum = coarse.forward(field).resampled(to: newGrid)
    #expect(relativeError(other.forward(other.inverse(spectrum)).planes, spectrum.planes) < 1e-13)
  }
}
