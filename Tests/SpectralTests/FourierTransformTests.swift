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

/// Bit for bit; a difference of arrays this long must not be printed.
private func identical(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Bool { a.elements == b.elements }

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

  @Test(arguments: Case.all)
  func theThreeRoutesAgree(_ example: Case) throws {
    let (grid, band) = (example.grid, example.band)
    let field: Tensor<Double> = randomTensor([4] + grid, stream: 5)
    let results = try FourierRoute.allCases.map { route in
      let transform = try FourierTransform<Double>(grid: grid, band: band, route: route)
      let modes = transform.forward(field)
      return (modes.planes, transform.inverse(modes), transform.inverseAdjoint(field).planes)
    }
    for other in results.dropFirst() {
      #expect(relativeError(other.0, results[0].0) < 1e-14)
      #expect(relativeError(other.1, results[0].1) < 1e-14)
      #expect(relativeError(other.2, results[0].2) < 1e-14)
    }
  }

  @Test(
    arguments: [[421], [43], [15, 16], [43, 43], [48, 48], [85, 85], [94, 94], [137, 137], [16, 15, 12]],
    FourierRoute.allCases)
  func allModesGiveTheFieldBack(grid: [Int], route: FourierRoute) throws {
    let transform = try FourierTransform<Double>(grid: grid, band: .full(grid: grid), route: route)
    let field: Tensor<Double> = randomTensor([2] + grid, stream: 6)
    #expect(relativeError(transform.inverse(transform.forward(field)), field) < 1e-14)
  }

  @Test(arguments: FourierRoute.allCases)
  func aSymmetricBandIsAnOrthogonalProjection(route: FourierRoute) throws {
    let band = SpectralBand(nonnegative: [6], negative: [5], last: 7)
    let transform = try FourierTransform<Double>(grid: [20, 18], band: band, route: route)
    let field: Tensor<Double> = randomTensor([3, 20, 18], stream: 7)
    let once = transform.inverse(transform.forward(field))
    #expect(relativeError(transform.inverse(transform.forward(once)), once) < 1e-14)
    #expect(abs(once.dot(field - once)) < 1e-13 * field.dot(field))
  }

  @Test func aRowWithoutItsMirrorImageCountsByHalfOnTheColumnOfZero() throws {
    // The band of a neural operator keeps row −P and not row P. A wave cos 2π·Py with k_x = 0 is spread evenly over both,
    // so the inverse, real by definition, gives half of it back.
    let transform = try FourierTransform<Double>(grid: [20, 18], band: .truncated(modes: [6, 7]))
    let wave = TrigonometricPolynomial(terms: [([6, 0], 1, 0.5)]).values(on: [20, 18])
    #expect(relativeError(transform.inverse(transform.forward(wave)), wave.scaled(by: 0.5)) < 1e-14)
  }

  @Test(
    .serialized,
    arguments: [Case([48], modes: [12]), Case([48, 48], modes: [12, 12]), Case([9, 10, 12], modes: [3, 4, 5])])
  func aFieldDependsNeitherOnItsNeighboursNorOnThreads(_ example: Case) throws {
    let (grid, band) = (example.grid, example.band)
    let fields: Tensor<Float> = randomTensor([70, 2] + grid, stream: 8)
    for route in FourierRoute.allCases {
      let transform = try FourierTransform<Float>(grid: grid, band: band, route: route)
      let threads = Parallel.threads
      defer { Parallel.threads = threads }
      Parallel.threads = 1
      let modes = transform.forward(fields)
      let back = transform.inverse(modes)
      let (pulledFields, pulledModes) = (transform.forwardAdjoint(modes), transform.inverseAdjoint(fields))
      Parallel.threads = 2
      #expect(identical(transform.forward(fields).planes, modes.planes))
      #expect(identical(transform.inverse(modes), back))
      #expect(identical(transform.forwardAdjoint(modes), pulledFields))
      #expect(identical(transform.inverseAdjoint(fields).planes, pulledModes.planes))
      for index in [0, 17, 69] {
        let alone = transform.forward(fields.gathering(samples: [index]))
        #expect(identical(alone.planes, modes.planes.gathering(samples: [index])))
        #expect(identical(transform.inverse(alone), back.gathering(samples: [index])))
      }
    }
  }

  @Test func noFieldsGiveNoModes() throws {
    let transform = try FourierTransform<Double>(grid: [8, 8], band: .full(grid: [8, 8]))
    #expect(transform.forward(.zeros([0, 3, 8, 8])).planes.shape == [0, 3, 2, 40])
  }

  @Test func theCheapestRouteFollowsTheMeasuredOrder() throws {
    func single(_ grid: [Int], _ band: SpectralBand) throws -> FourierRoute {
      try FourierTransform<Float>(grid: grid, band: band).route
    }
    func double(_ grid: [Int]) throws -> FourierRoute {
      try FourierTransform<Double>(grid: grid, band: .full(grid: grid)).route
    }
    // Few modes: products were 4 to 50 times faster at every one of these sizes.
    for n in [48, 64, 85, 94, 128, 256, 421] {
      #expect(try single([n, n], .truncated(modes: [12, 12])) == .matrix)
    }
    // All modes: FFTW on long smooth axes, products where FFTW has no kernel for a factor (94 = 2·47).
    #expect(try single([256, 256], .full(grid: [256, 256])) == .fft)
    #expect(try single([1024], .full(grid: [1024])) == .fft)
    #expect(try double([128, 128]) == .fft)
    #expect(try double([94, 94]) == .matrix)
    // Nearly all modes of a large grid, and tables that would not fit a cache.
    #expect(try single([512, 512], .truncated(modes: [200, 200])) == .prunedFFT)
    #expect(try single([1 << 20], .truncated(modes: [64])) == .prunedFFT)
  }
}
