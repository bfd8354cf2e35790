public import Spectral
public import Tensors

/// A random medium: a Gaussian field and what makes a permeability of it.
public struct DarcyFamily: Hashable, Sendable {
  /// How a permeability follows from the Gaussian field g at the same point.
  public enum Medium: Hashable, Sendable {
    /// Two materials: `high` where g ≥ 0, `low` where g < 0.
    case threshold(high: Double, low: Double)
  }

  /// The law of the Gaussian field.
  public var law: GaussianLaw
  /// The map to the permeability.
  public var medium: Medium

  /// The published Darcy problem unless told otherwise: 12 and 3, α = 2, τ = 3 (Li et al. 2021, arXiv:2010.08895).
  public init(law: GaussianLaw = GaussianLaw(), medium: Medium = .threshold(high: 12, low: 3)) {
    self.law = law
    self.medium = medium
  }

  /// The order p at which the discretisation error falls with the spacing, for estimates from two grids.
  ///
  /// Jumps that cut through cells leave first order; observed orders scatter between 0.9 and 1.7.
  public var discretisationOrder: Int {
    switch medium {
    case .threshold: 1
    }
  }

  /// Draws media of this family on one grid of `shape` = (ny, nx) vertices.
  public func sampler(shape: (Int, Int)) -> Sampler { Sampler(family: self, shape: shape) }

  /// The media of a family on one grid; keeps what they share.
  public struct Sampler: Sendable {
    private let medium: Medium
    private let field: GaussianRandomField

    fileprivate init(family: DarcyFamily, shape: (Int, Int)) {
      medium = family.medium
      field = GaussianRandomField(family.law, shape: shape)
    }

    /// The permeability at the vertices, [ny, nx]: a function of seed and sample, seen on this grid.
    public func permeability(sample: Int, seed: UInt64) -> Tensor<Double> {
      var field = field.sample(from: RandomStream(seed: seed, purpose: .permeability, sample: sample))
      field.withUnsafeMutableBuffer { values in
        switch medium {
        case .threshold(let high, let low):
          for i in values.indices { values[i] = values[i] >= 0 ? high : low }
        }
      }
      return field
    }
  }
}
