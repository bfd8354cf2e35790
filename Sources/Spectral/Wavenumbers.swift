/// The wavevectors of a band of modes on a periodic box, `k = 2π m / L` for the integers m of the band.
public struct Wavenumbers: Hashable, Sendable {
  /// Which modes.
  public let band: SpectralBand
  /// On which box.
  public let domain: PeriodicDomain

  /// The wavevectors of `band`; of every mode of the grid by default.
  public init(_ domain: PeriodicDomain, band: SpectralBand? = nil) {
    let band = band ?? .full(grid: domain.grid)
    precondition(band.rank == domain.grid.count, "a band of rank \(band.rank) on a box of \(domain.grid.count) axes")
    self.band = band
    self.domain = domain
  }

  /// Angular wavenumbers along an axis in the order in which modes are stored, in radians per unit of length.
  public func angular(axis: Int) -> [Double] {
    band.wavenumbers(axis: axis).map { 2 * .pi * Double($0) / domain.extents[axis] }
  }

  /// The position along an axis of the wavenumber n/2 of an even n, if the band has it.
  ///
  /// On the grid that mode is its own mirror image: the sign of its wavenumber is a convention.
  public func nyquistPosition(axis: Int) -> Int? {
    band.wavenumbers(axis: axis).firstIndex { 2 * abs($0) == domain.grid[axis] }
  }
}
