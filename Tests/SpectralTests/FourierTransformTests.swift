import Spectral
import Tensors
import TestSupport
import Testing

/// A grid and a band on it.
struct Case: CustomStringConvertible, Sendable {
  let grid: [Int]
  let band: SpectralBand
  var description: String { "\(grid) \(band.nonnegative)+\(band.negative) \(band.last)" }

  init(_ grid: [Int], modes: [Int]) {
    self.grid = grid
    band = .truncated(modes: modes)
  }

  init(full grid: [Int]) {
    self.grid = grid
    band = .full(grid: grid)
  }

  init(_ grid: [Int], _ band: SpectralBand) {
    self.grid = grid
    self.band = band
  }

  /// Odd, even, prime, non-square; truncated, full, up to the Nyquist column, lopsided; 1-D, 2-D, 3-D.
  static let all = [
    Case([1], modes: [1]), Case([2], modes: [2]), Case([15], modes: [8]), Case([48], modes: [12]),
    Case([47], modes: [24]), Case(full: [64]), Case(full: [31]),
    Case([16, 16], modes: [5, 5]), Case([15, 15], modes: [7, 8]), Case([16, 18], modes: [8, 10]),
    Case([48, 48], modes: [12, 12]), Case([31, 20], modes: [4, 6]), Case([12, 37], modes: [1, 1]),
    Case([43, 11], modes: [12, 3]), Case([1, 9], full1), Case([2, 2], full2), Case(full: [16, 12]),
    Case(full: [13, 15]),
    Case([14, 17], SpectralBand(nonnegative: [5], negative: [0], last: 3)),
    Case([14, 17], SpectralBand(nonnegative: [1], negative: [7], last: 9)),
    Case([6, 8, 10], modes: [3, 2, 4]), Case([5, 7, 9], modes: [1, 3, 5]), Case(full: [4, 6, 6]),
    Case(full: [5, 3, 7]), Case([8, 6, 5], SpectralBand(nonnegative: [4, 1], negative: [1, 3], last: 3)),
  ]
  private static let full1 = SpectralBand.full(grid: [1, 9])
  private static let full2 = SpectralBand.full(grid: [2, 2])
}

@Suite struct FourierTransformTests {
  @Test(arguments: Case.all, FourierRoute.allCases)
  func everyRouteAgreesWithTheDefinition(_ example: Case, route: FourierRoute) throws {
    let (grid, band) = (example.grid, example.band)
    let fields: Tensor<Double> = randomTensor([3] + grid, stream: 1)
    let planes: Tensor<Double> = randomTensor([3, 2, band.count], stream: 2)
    let expectedModes = Tensor(
      concatenatingSamples: (0..<3).map { directModes(fields.gathering(samples: [$0]).reshaped(to: grid), band: band) })
    let expectedFields = Tensor(
      concatenatingSamples: (0..<3).map {
        directField(planes.gathering(samples: [$0]).reshaped(to: [2, band.count]), band: band, grid: grid)
      })

    let transform = try FourierTransform<Double>(grid: grid, band: band, route: route)
    let modes = transform.forward(fields).planes
    #expect(relativeError(modes.reshaped(to: expectedModes.shape), expectedModes) < 1e-14)
    let back = transform.inverse(Spectrum(planes: planes, band: band, grid: grid))
    #expect(relativeError(back.reshaped(to: expectedFields.shape), expectedFields) < 1e-14)

    // Float carries 6e-8 an operation; sums of up to 2304 terms stay within 2e-6 of the root mean square.
    let single = try FourierTransform<Float>(grid: grid, band: band, route: route)
    let singleModes = single.forward(Tensor(converting: fields)).planes
    #expect(relativeError(Tensor(converting: singleModes).reshaped(to: expectedModes.shape), expectedModes) < 2e-6)
    let singleBack = single.inverse(Spectrum(planes: Tensor(converting: planes), band: band, grid: grid))
    #expect(relativeError(Tensor(converting: singleBack).reshaped(to: expectedFields.shape), expectedFields) < 2e-6)
  }

  @Test(arguments: Case.all, FourierRoute.allCases)
  func adjointsAreTransposes(_ example: Case, route: FourierRoute) throws {
    let (grid, band) = (example.grid, example.band)
    let transform = try FourierTransform<Double>(grid: grid, band: band, route: route)
    let field: Tensor<Double> = randomTensor([2] + grid, stream: 3)
    let modes = Spectrum<Double>(planes: randomTensor([2, 2, band.count], stream: 4), band: band, grid: grid)
    let forward = transform.forward(field).planes
    let bound = 1e-13
    #expect(
      abs(forward.dot(modes.planes) - field.dot(transform.forwardAdjoint(modes)))
        < bound * forward.norm * modes.planes.norm)
    let inverse = transform.inverse(modes)
    #expect(
      abs(inverse.dot(field) - modes.planes.dot(transform.inverseAdjoint(field).planes))
        < bound * inverse.norm * field.norm)
  }
}
