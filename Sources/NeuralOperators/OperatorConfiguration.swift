import Spectral

/// Which neural operator: they share everything but the middle part (Marwah et al. 2023, arXiv:2312.00234).
public enum Architecture: Codable, Hashable, Sendable {
  /// `blocks` blocks in series applied to the lifted input, no injection.
  case fno(blocks: Int)
  /// `blocks` blocks in series from 0, the lifted input injected into every layer.
  case injectedFNO(blocks: Int)
  /// One block applied `iterations` times from 0 with injection, differentiated through all of them.
  case weightTied(iterations: Int)
  /// One block whose fixed point, found by a solver, is the state: infinitely many tied layers.
  case equilibrium

  /// The name on the command line.
  public var name: String {
    switch self {
    case .fno: "fno"
    case .injectedFNO: "fno++"
    case .weightTied: "fno-wt"
    case .equilibrium: "fno-deq"
    }
  }

  /// Blocks with their own weights.
  var blocks: Int {
    switch self {
    case .fno(let blocks), .injectedFNO(let blocks): blocks
    case .weightTied, .equilibrium: 1
    }
  }
}

/// How far the grid is extended, at the end of every axis, before the Fourier layers: room for the jump that a periodic
/// extension of a bounded field has.
public enum DomainPadding: Codable, Hashable, Sendable {
  /// A fixed number of points, as published (9); another fraction of the domain on another grid.
  case points(Int)
  /// A fraction of the number of points, so that the extended domain is the same on every grid.
  case fraction(Double)

  /// Points after padding an axis of `count` points.
  public func padded(_ count: Int) -> Int {
    switch self {
    case .points(let points): count + points
    case .fraction(let fraction): count + Int((fraction * Double(count)).rounded(.up))
    }
  }
}

/// How spectral weights start.
public enum SpectralInitialization: String, Codable, Sendable, CaseIterable {
  /// Uniform on [−s, s], s = 1/(in·out): mean zero, the mean square of the published choice.
  case centered
  /// Uniform on [0, s) for real and imaginary parts: the published code's all-positive choice.
  case positive
}

/// Coordinates that a model sees as additional channels, one an axis.
public enum CoordinateRange: String, Codable, Sendable {
  /// From 0 to 1, both ends included: vertex grids of a bounded domain.
  case bounded
  /// From 0 to 1, the right end left out: periodic grids.
  case periodic
}

/// Everything that fixes a neural operator's shape; stored with its weights.
public struct OperatorConfiguration: Codable, Hashable, Sendable {
  /// The middle part.
  public var architecture: Architecture
  /// Data channels of the input, without coordinates.
  public var inputChannels = 1
  /// Channels of the output.
  public var outputChannels = 1
  /// Channels of the state.
  public var width = 32
  /// Kept modes of every spatial axis: of either sign on the leading axes, of the half spectrum on the last.
  public var modes = [12, 12]
  /// Fourier layers in a block.
  public var layersPerBlock = 3
  /// Channels between the two maps of the projection.
  public var projectionWidth = 128
  /// Whether a channel MLP follows every spectral convolution.
  public var hasChannelMLP = true
  /// Normalisation inside the layers, the same for every architecture.
  public var normalization = LayerNormalization.none
  /// Extension of the domain; the default gives 48 points for 43 and 94 for 85.
  public var padding = DomainPadding.fraction(0.1)
  /// How spectral weights start.
  public var initialization = SpectralInitialization.centered
  /// The coordinates the model sees.
  public var coordinates = CoordinateRange.bounded

  /// A configuration with the published sizes; change what differs.
  public init(architecture: Architecture) { self.architecture = architecture }

  /// The grid of the Fourier layers for data on `grid`.
  public func paddedGrid(_ grid: [Int]) -> [Int] { grid.map(padding.padded) }

  /// Checks the sizes against each other and, if given, against a grid.
  public func validate(grid: [Int]? = nil) throws {
    let counts: [(String, Int)] = [
      ("blocks", architecture.blocks), ("width", width), ("layers per block", layersPerBlock),
      ("input channels", inputChannels), ("output channels", outputChannels), ("projection width", projectionWidth),
    ]
    for (name, value) in counts where value < 1 { throw ConfigurationError.tooSmall(name, value) }
    if case .weightTied(let iterations) = architecture, iterations < 1 {
      throw ConfigurationError.tooSmall("iterations", iterations)
    }
    for count in modes where count < 1 { throw ConfigurationError.tooSmall("modes", count) }
    switch padding {
    case .points(let points) where points < 0: throw ConfigurationError.padding("\(points) points")
    case .fraction(let fraction) where !(0...4).contains(fraction):
      throw ConfigurationError.padding("fraction \(fraction)")
    default: break
    }
    guard let grid else { return }
    guard grid.count == modes.count else { throw ConfigurationError.dimensions(grid: grid, modes: modes) }
    try SpectralBand.truncated(modes: modes).validate(on: paddedGrid(grid))
  }
}

/// A model that cannot be built.
public enum ConfigurationError: Error, CustomStringConvertible {
  case tooSmall(String, Int)
  case padding(String)
  case dimensions(grid: [Int], modes: [Int])

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .tooSmall(let what, let value): "\(what) must be at least 1, found \(value)"
    case .padding(let found): "padding must be 0 points or more, or a fraction between 0 and 4, found \(found)"
    case .dimensions(let grid, let modes):
      "the data have \(grid.count) spatial axes, the model \(modes.count); train a model for these data"
    }
  }
}
