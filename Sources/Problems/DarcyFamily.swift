public import Solvers
public import Spectral
public import Tensors

/// A random medium: the permeability of a Darcy problem as a function of a seed and a sample number.
///
/// Written as JSON it is `{"law": {"alpha": 2, …}, "medium": {"threshold": {"high": 12, "low": 3}}}`, ranges as
/// `[least, greatest]`; what was read from a file needs ``validate()``.
public struct DarcyFamily: Hashable, Sendable, Codable {
  /// What the permeability a is made of.
  ///
  /// The first two follow point by point from a Gaussian field g. The others are geometric: a few objects in the domain,
  /// object i drawn from numbers of its own, so that every grid sees the same objects exactly and a larger count keeps
  /// those of a smaller one (layers apart, which a new boundary divides).
  public enum Medium: Hashable, Sendable, Codable {
    /// Two materials: `high` where g ≥ 0, `low` where g < 0.
    case threshold(high: Double, low: Double)
    /// `a = exp(mean + standardDeviation·g)`, where the multiple of the law is replaced by the one with which the variance
    /// of g, averaged over the domain, is 1; needs α > 1.
    case logNormal(mean: Double, standardDeviation: Double)
    /// The union of `count` discs, `inside` a disc and `outside`: see `Discs`.
    case discs(count: Int, radius: ClosedRange<Double>, inside: Double, outside: Double)
    /// The union of `count` straight bands through the domain, `inside` a band and `outside`: see `Channels`.
    case channels(count: Int, width: ClosedRange<Double>, inside: Double, outside: Double)
    /// `count` layers stacked along an axis, each with a value of its own from `values`: see `Layers`.
    case layers(count: Int, along: Axis, values: ClosedRange<Double>)
  }

  /// An axis of the domain.
  public enum Axis: String, Hashable, Sendable, Codable, CaseIterable {
    case x
    case y
  }

  /// The law of the Gaussian field; a geometric medium does not use it.
  public var law: GaussianLaw
  /// The map to the permeability.
  public var medium: Medium

  /// The published Darcy problem unless told otherwise: 12 and 3, α = 2, τ = 3 (Li et al. 2021, arXiv:2010.08895).
  public init(law: GaussianLaw = GaussianLaw(), medium: Medium = .threshold(high: 12, low: 3)) {
    self.law = law
    self.medium = medium
  }

  /// A permeability of one everywhere, for Poisson's equation.
  public static let uniform = DarcyFamily(medium: .logNormal(mean: 0, standardDeviation: 0))

  /// The order p at which the discretisation error falls with the spacing, for estimates from two grids.
  ///
  /// Jumps that cut through cells leave first order; observed orders scatter between 0.9 and 1.7. A log-normal medium has
  /// about α − 1 derivatives and reaches second order from α = 2 on; a rougher one is counted as first order.
  public var discretisationOrder: Int {
    switch medium {
    case .threshold, .discs, .channels, .layers: 1
    case .logNormal: law.alpha >= 2 ? 2 : 1
    }
  }

  /// Draws media of this family on one grid.
  ///
  /// - Parameters:
  ///   - shape: points along (y, x).
  ///   - domain: the rectangle that the grid covers; lengths of the law and of the objects are in its units.
  ///   - joined: the axes along which the domain is periodic; the grid does not store their right end.
  public func sampler(
    shape: (Int, Int), domain: Rectangle = .unitSquare, joined: Joined = .none
  ) -> Sampler {
    Sampler(family: self, grid: PointGrid(shape: shape, domain: domain, joined: joined))
  }

  /// The media of a family on one grid; keeps what they share.
  public struct Sampler: Sendable {
    private let source: any MediumSource

    fileprivate init(family: DarcyFamily, grid: PointGrid) {
      let law = family.law
      source =
        switch family.medium {
        case .threshold(let high, let low): ThresholdMedium(field: grid.field(law), high: high, low: low)
        case .logNormal(let mean, let standardDeviation):
          LogNormalMedium(
            field: grid.field(GaussianLaw(alpha: law.alpha, tau: law.tau, scale: .unitVariance)), mean: mean,
            standardDeviation: standardDeviation)
        case .discs(let count, let radius, let inside, let outside):
          Discs(grid: grid, count: count, radius: radius, inside: inside, outside: outside)
        case .channels(let count, let width, let inside, let outside):
          Channels(grid: grid, count: count, width: width, inside: inside, outside: outside)
        case .layers(let count, let axis, let values): Layers(grid: grid, count: count, axis: axis, values: values)
        }
    }

    /// The permeability at the points of the grid, [ny, nx]: a function of seed and sample, seen on this grid.
    public func permeability(sample: Int, seed: UInt64) -> Tensor<Double> {
      source.permeability(from: RandomStream(seed: seed, purpose: .permeability, sample: sample))
    }
  }
}
