import Autodiff
import NeuralOperators
import Spectral
import TestSupport
import Tensors
import Testing

/// A spectral convolution on one grid, for both scalars.
private func spectralCase(grid: [Int], modes: [Int]) -> DifferentiableCase {
  let kept = modes.dropLast().reduce(1) { $0 * 2 * $1 } * (modes.last ?? 1)
  return DifferentiableCase(
    "SpectralConv on \(grid), modes \(modes)", [[3, 5] + grid, [5, 3, 2, kept]], spread: 0.3,
    { try convolve($0, grid, modes) }, { try convolve($0, grid, modes) })
}

@Sendable private func convolve<Scalar>(_ inputs: [Traced<Scalar>], _ grid: [Int], _ modes: [Int]) throws -> Traced<
  Scalar
> {
  let transform = try FourierTransform<Scalar>(grid: grid, band: .truncated(modes: modes))
  return SpectralConv(weight: inputs[1])(inputs[0], transform)
}

/// One, two and three dimensions; odd, prime and even grids; one mode and as many as fit.
private let cases = [
  spectralCase(grid: [31], modes: [7]), spectralCase(grid: [12, 17], modes: [5, 6]),
  spectralCase(grid: [16, 16], modes: [8, 9]), spectralCase(grid: [9, 7], modes: [1, 1]),
  spectralCase(grid: [6, 5, 8], modes: [2, 2, 3]), spectralCase(grid: [24, 40], modes: [6, 12]),
]

@Suite struct SpectralConvTests {
  @Test(arguments: cases) func theSecondTaylorRemainderFallsQuadratically(_ test: DifferentiableCase) throws {
    for direction in 0..<3 {
      for (halving, slope) in try taylorSlopes(of: test, direction: direction).enumerated() {
        #expect(abs(slope - 2) < 0.02, "\(test), direction \(direction), halving \(halving): slope \(slope)")
      }
    }
  }

  /// Sums of a few hundred terms in single precision.
  @Test(arguments: cases) func floatAgreesWithDouble(_ test: DifferentiableCase) throws {
    let errors = try singlePrecisionErrors(of: test)
    #expect(errors.value < 4e-6, "\(test): value differs by \(errors.value)")
    #expect(errors.gradient < 4e-6, "\(test): gradient differs by \(errors.gradient)")
  }

  /// With every mode of weight δ_io the layer is the projection on the band: a field in the band passes unchanged.
  @Test func identityWeightsPassABandLimitedFieldUnchanged() throws {
    let (grid, modes) = ([20, 15], [4, 3])
    let weight = Tensor<Double>(shape: [2, 2, 2, 24]) { out in
      out.initialize(repeating: 0)
      for channel in 0..<2 { for mode in 0..<24 { out[(channel * 2 + channel) * 48 + mode] = 1 } }
    }
    let field = Tensor<Double>(shape: [1, 2] + grid) { out in
      for c in 0..<2 {
        for y in 0..<20 {
          for x in 0..<15 {
            let (p, q) = (2 * Double.pi * Double(y) / 20, 2 * Double.pi * Double(x) / 15)
            out[(c * 20 + y) * 15 + x] = .sin(3 * p + 2 * q + Double(c)) + 0.5 * .cos(-4 * p + q) + 0.25
          }
        }
      }
    }
    let transform = try FourierTransform<Double>(grid: grid, band: .truncated(modes: modes))
    let result = SpectralConv(weight: Traced(constant: weight))(Traced(constant: field), transform)
    #expect(relativeError(result.value, field) < 1e-14)
  }

  /// On the torus a shift of the input shifts the output.
  @Test func convolutionsCommuteWithTranslations() throws {
    let (grid, modes) = ([12, 10], [4, 5])
    let transform = try FourierTransform<Double>(grid: grid, band: .truncated(modes: modes))
    let convolution = SpectralConv(weight: Traced<Double>(constant: randomTensor([2, 3, 2, 40], stream: 1)))
    let field: Tensor<Double> = randomTensor([1, 2] + grid, stream: 2)
    let shift = { (f: Tensor<Double>) in
      Tensor<Double>(shape: f.shape) { out in
        for c in 0..<f.shape[1] {
          for y in 0..<12 { for x in 0..<10 { out[(c * 12 + (y + 5) % 12) * 10 + (x + 3) % 10] = f[0, c, y, x] } }
        }
      }
    }
    let moved = convolution(Traced(constant: shift(field)), transform).value
    #expect(relativeError(moved, shift(convolution(Traced(constant: field), transform).value)) < 1e-13)
  }
}
