public import Solvers
public import Spectral
public import Tensors

/// A random right-hand side f, a function of a seed and a sample number.
///
/// Written as JSON it is `{"constant": {"value": 1}}` or `{"gaussian": {"amplitude": 1, "law": {"alpha": 2, …}}}`; what was
/// read from a file needs ``validate()``.
public enum SourceFamily: Hashable, Sendable, Codable {
  /// The same number everywhere.
  case constant(Double)
  /// `amplitude·g` with a Gaussian field g of mean zero over the domain. For a Matérn law, or another of unit variance, the
  /// amplitude is the standard deviation of f.
  case gaussian(law: GaussianLaw, amplitude: Double)

  private enum ConstantCodingKeys: String, CodingKey {
    case _0 = "value"
  }

  /// Draws sources of this family on one grid; parameters as in ``DarcyFamily/sampler(shape:domain:joined:)``.
  public func sampler(
    shape: (Int, Int), domain: Rectangle = .unitSquare, joined: Joined = .none
  ) -> Sampler {
    Sampler(family: self, grid: PointGrid(shape: shape, domain: domain, joined: joined))
  }

  /// Checks the numbers of the description.
  ///
  /// - Throws: ``MediumError`` for a value or an amplitude that is not finite.
  public func validate() throws(MediumError) {
    switch self {
    case .constant(let value): try MediumError.checkFinite("source", value)
    case .gaussian(_, let amplitude): try MediumError.checkFinite("amplitude of the source", amplitude)
    }
  }

  /// The sources of a family on one grid; keeps what they share.
  public struct Sampler: Sendable {
    private let kind: Kind

    private enum Kind {
      case constant(Tensor<Double>)
      case gaussian(GaussianRandomField, amplitude: Double)
    }

    fileprivate init(family: SourceFamily, grid: PointGrid) {
      switch family {
      case .constant(let value): kind = .constant(grid.values { _, _ in value })
      case .gaussian(let law, let amplitude): kind = .gaussian(grid.field(law), amplitude: amplitude)
      }
    }

    /// f at the points of the grid, [ny, nx]: a function of seed and sample, seen on this grid.
    public func source(sample: Int, seed: UInt64) -> Tensor<Double> {
      switch kind {
      case .constant(let values): return values
      case .gaussian(let field, let amplitude):
        var values = field.sample(from: RandomStream(seed: seed, purpose: .source, sample: sample))
        values.withUnsafeMutableBuffer { for i in $0.indices { $0[i] *= amplitude } }
        return values
      }
    }
  }
}
