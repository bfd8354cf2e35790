import Spectral
import Tensors
import Testing

@Suite struct SpectralBandTests {
  @Test func modesAreReadBackAsWritten() {
    let band = SpectralBand.truncated(modes: [12, 7])
    #expect(band.modes == [12, 7])
    #expect(band.shape == [24, 7])
    #expect(band.count == 168)
  }

  @Test func wavenumbersComeInTheOrderOfAnFFT() {
    #expect(SpectralBand.truncated(modes: [2, 3]).wavenumbers(axis: 0) == [0, 1, -2, -1])
    #expect(SpectralBand.truncated(modes: [2, 3]).wavenumbers(axis: 1) == [0, 1, 2])
    #expect(SpectralBand.full(grid: [6, 6]).wavenumbers(axis: 0) == [0, 1, 2, -3, -2, -1])
    #expect(SpectralBand.full(grid: [5, 5]).wavenumbers(axis: 0) == [0, 1, 2, -2, -1])
    #expect(SpectralBand.full(grid: [5, 5]).wavenumbers(axis: 1) == [0, 1, 2])
  }

  @Test(arguments: [1, 2, 3, 8, 15, 16, 43, 94])
  func theLargestBandOfAGridFitsAndOneModeMoreDoesNot(n: Int) throws {
    let column = n / 2 + 1
    try SpectralBand.full(grid: [n, n]).validate(on: [n, n])
    if n > 1 { try SpectralBand.truncated(modes: [n / 2, column]).validate(on: [n, n]) }
    let tall = SpectralBand.truncated(modes: [n / 2 + 1, 1])
    #expect(throws: SpectralBandError.tooManyModes(axis: 0, band: tall, grid: [n, n])) {
      try tall.validate(on: [n, n])
    }
    let wide = SpectralBand(nonnegative: [1], negative: [0], last: column + 1)
    #expect(throws: SpectralBandError.tooManyModes(axis: 1, band: wide, grid: [n, n])) {
      try wide.validate(on: [n, n])
    }
  }

  @Test func whatDoesNotFitIsNamedWhenATransformIsMade() {
    func error(_ grid: [Int], _ band: SpectralBand) -> SpectralBandError? {
      do throws(SpectralBandError) {
        _ = try FourierTransform<Float>(grid: grid, band: band)
        return nil
      } catch { return error }
    }
    let band = SpectralBand.truncated(modes: [12, 12])
    #expect(error([48], band) == .rankMismatch(band: band, grid: [48]))
    #expect(error([4, 4, 4, 4], .truncated(modes: [1, 1, 1, 1])) == .unsupportedRank(grid: [4, 4, 4, 4]))
    #expect(error([0, 48], band) == .emptyAxis(axis: 0, grid: [0, 48]))
    let none = SpectralBand.truncated(modes: [0, 12])
    #expect(error([48, 48], none) == .tooFewModes(axis: 0, band: none))
    #expect(
      error([48, 16], band)?.description.contains("12 modes on the last axis are too many for 16 points") == true)
    #expect(error([48, 16], band)?.description.contains("largest number allowed is 9") == true)
    #expect(error([16, 48], band)?.description.contains("largest number allowed is 8 on each side") == true)
  }
}
