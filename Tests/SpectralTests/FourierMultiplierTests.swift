import Foundation
import Spectral
import Tensors
import TestSupport
import Testing

/// A box whose sides differ, so that a wrong axis or length shows.
private let extents = [2.0, 0.7, 3.1]

private func apply(
  _ make: (Wavenumbers) -> FourierMultiplier<Double>, to field: Tensor<Double>, extents: [Double]
) throws -> Tensor<Double> {
  let grid = field.shape
  let transform = try FourierTransform<Double>(grid: grid, band: .full(grid: grid))
  return transform.inverse(make(Wavenumbers(PeriodicDomain(grid: grid, extents: extents)))(transform.forward(field)))
}

@Suite struct FourierMultiplierTests {
  @Test(arguments: [[16], [15], [16, 12], [15, 18], [6, 9, 8]])
  func derivativesOfTrigonometricPolynomialsAreExact(grid: [Int]) throws {
    let box = Array(extents.prefix(grid.count))
    let polynomial = TrigonometricPolynomial.random(limits: grid.map { ($0 - 1) / 2 }, seed: 21)
    let field = polynomial.values(on: grid)
    for axis in grid.indices {
      let first = polynomial.derivative(axis: axis, extent: box[axis])
      let second = first.derivative(axis: axis, extent: box[axis])
      let third = second.derivative(axis: axis, extent: box[axis])
      for (order, expected) in [(1, first), (2, second), (3, third)] {
        let found = try apply({ .derivative(order: order, axis: axis, $0) }, to: field, extents: box)
        #expect(relativeError(found, expected.values(on: grid)) < 1e-12, "order \(order), axis \(axis)")
      }
    }
    let laplacian = polynomial.laplacian(extents: box)
    #expect(relativeError(try apply({ .laplacian($0) }, to: field, extents: box), laplacian.values(on: grid)) < 1e-12)
  }

  @Test(arguments: [[16], [16, 15], [6, 9, 8]])
  func theInverseLaplacianSolvesPoissonsEquationWithZeroMean(grid: [Int]) throws {
    let box = Array(extents.prefix(grid.count))
    let polynomial = TrigonometricPolynomial.random(limits: grid.map { ($0 - 1) / 2 }, seed: 22)
    let right = polynomial.laplacian(extents: box).values(on: grid)
    // A constant on the right-hand side has no solution and must not leak into the answer.
    let found = try apply({ .inverseLaplacian($0) }, to: right.affine(scale: 1, shift: 3), extents: box)
    var zeroMean = polynomial
    zeroMean.terms.removeAll { $0.k.allSatisfy { $0 == 0 } }
    #expect(relativeError(found, zeroMean.values(on: grid)) < 1e-12)
    #expect(abs(found.sum()) < 1e-12 * Double(found.count))
  }

  @Test func oddDerivativesOfTheNyquistModeVanishAndEvenOnesDoNot() throws {
    // (−1)^j times a wave along the other axis: with row −n/2 taken at its word, ∂/∂y would turn the cosine of the other
    // axis into a sine of amplitude πn.
    func alternating(_ n: Int) -> [Double] { (0..<n).map { $0 % 2 == 0 ? 1 : -1 } }
    func wave(_ n: Int) -> [Double] { (0..<n).map { cos(2 * .pi * Double($0) / Double(n) + 0.3) } }
    func product(_ a: [Double], _ b: [Double]) -> Tensor<Double> {
      Tensor(shape: [a.count, b.count], elements: a.flatMap { x in b.map { x * $0 } })
    }
    for (axis, field) in [product(alternating(8), wave(6)), product(wave(5), alternating(8))].enumerated() {
      let first = try apply({ .derivative(axis: axis, $0) }, to: field, extents: [1, 1])
      #expect(first.maxAbs < 1e-12)
      let second = try apply({ .derivative(order: 2, axis: axis, $0) }, to: field, extents: [1, 1])
      #expect(relativeError(second, field.scaled(by: -pow(2 * .pi * 4, 2))) < 1e-13)
    }
  }

  @Test func composedOperatorsAreOneAfterTheOther() throws {
    let field: Tensor<Double> = randomTensor([12, 15], stream: 23)
    let transform = try FourierTransform<Double>(grid: [12, 15], band: .full(grid: [12, 15]))
    let waves = Wavenumbers(PeriodicDomain(grid: [12, 15], extents: [2, 3]))
    let (dx, dy) = (
      FourierMultiplier<Double>.derivative(axis: 1, waves), FourierMultiplier<Double>.derivative(axis: 0, waves)
    )
    let inverse = FourierMultiplier<Double>.inverseLaplacian(waves)
    let modes = transform.forward(field)
    #expect(relativeError((dx * dy)(modes).planes, dx(dy(modes)).planes) < 1e-15)
    #expect(relativeError((dx * inverse)(modes).planes, dx(inverse(modes)).planes) < 1e-15)
  }

  @Test func aSymbolFiltersModesOfATruncatedBandToo() throws {
    // Heat flow for time t multiplies by exp(−|k|² t); the wave cos 2π(2y + 3x) on the unit box decays by one number.
    let band = SpectralBand.truncated(modes: [4, 5])
    let transform = try FourierTransform<Double>(grid: [16, 18], band: band)
    let wave = TrigonometricPolynomial(terms: [([2, 3], 1, 0.5)]).values(on: [16, 18])
    let time = 1e-3
    let heat = FourierMultiplier<Double>(
      Wavenumbers(PeriodicDomain(grid: [16, 18], extent: 1), band: band)
    ) { k in exp(-time * k.reduce(0) { $0 + $1 * $1 }) }
    let expected = wave.scaled(by: exp(-time * 4 * .pi * .pi * 13))
    #expect(relativeError(transform.inverse(heat(transform.forward(wave))), expected) < 1e-13)
  }
}
