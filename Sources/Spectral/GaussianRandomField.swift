public import Tensors

/// A Gaussian random field on a rectangle, a sum over eigenfunctions of the Laplacian; its mean over the rectangle is zero.
///
///     g(x, y) = Σ_{k≠0} ξ_k σ_k φ_{k₁}(x) φ_{k₂}(y),
///
/// where the φ have mean square 1, σ_k follows from the law and the eigenvalue, and ξ_k is the standard normal number at
/// index `k₁·2³² + k₂` of the stream. The number of a mode depends on the mode alone, so one stream gives one field: a finer
/// grid sees the same field with more of its small modes.
///
/// - **Neumann**, at the vertices of a grid that stores both edges: φ₀ = 1, `φ_k(x) = √2 cos(πkx/L)` for k < n.
/// - **Periodic**, on a grid that does not store the right edges: φ₀ = 1, `φ_{2m−1}(x) = √2 cos(2πmx/L)`,
///   `φ_{2m}(x) = √2 sin(2πmx/L)` for m < n/2. The mode m = n/2 of an even n is left out: the grid does not see its sine.
public struct GaussianRandomField: Sendable {
  /// The conditions that the eigenfunctions meet on the boundary.
  public enum Basis: String, Hashable, Sendable, CaseIterable {
    /// Zero normal derivative.
    case neumann
    /// Opposite sides are joined.
    case periodic
  }

  /// The covariance.
  public let law: GaussianLaw
  /// Points along (y, x).
  public let shape: (Int, Int)
  /// The eigenfunctions along (y, x).
  public let bases: (Basis, Basis)
  /// σ_k with the normalisation of the basis and of the transform, where the transform expects the mode.
  private let amplitudes: Tensor<Double>
  private let transform: ModeTransform

  /// Prepares the modes of a grid; keep it to draw many fields.
  ///
  /// - Parameters:
  ///   - law: the covariance.
  ///   - shape: points along (y, x), at least 2 each.
  ///   - basis: the conditions on the boundary.
  ///   - extents: lengths of the rectangle along (y, x).
  public init(
    _ law: GaussianLaw, shape: (Int, Int), basis: Basis = .neumann, extents: (Double, Double) = (1, 1)
  ) {
    self.init(law, shape: shape, bases: (basis, basis), extents: extents)
  }

  /// Prepares the modes of a grid with its own conditions along each of (y, x).
  public init(
    _ law: GaussianLaw, shape: (Int, Int), bases: (Basis, Basis), extents: (Double, Double) = (1, 1)
  ) {
    precondition(shape.0 >= 2 && shape.1 >= 2, "a random field needs at least two points an axis, found \(shape)")
    precondition(
      extents.0 > 0 && extents.1 > 0 && extents.0.isFinite && extents.1.isFinite,
      "lengths of a rectangle are positive, found \(extents)")
    self.law = law
    self.shape = shape
    self.bases = bases
    let modes = GaussianModes(bases: [bases.0, bases.1], extents: [extents.0, extents.1])
    transform = ModeTransform(shape: shape, bases: bases)
    let scale = modes.scale(law)
    amplitudes = Tensor(shape: [shape.0, shape.1]) { out in
      for row in 0..<shape.0 {
        let y = Self.mode(at: row, of: shape.0, bases.0)
        for column in 0..<shape.1 {
          let x = Self.mode(at: column, of: shape.1, bases.1)
          let sigma = law.amplitude(eigenvalue: modes.eigenvalue(y.k, x.k)) * scale
          out[row * shape.1 + column] = sigma * y.factor * x.factor
        }
      }
      out[0] = 0
    }
  }

  /// The wavenumber that the transform expects at a position along an axis of n, and what makes √2 cos or √2 sin of it.
  private static func mode(at position: Int, of n: Int, _ basis: Basis) -> (k: Int, factor: Double) {
    let root = 2.0.squareRoot()
    switch basis {
    case .neumann:
      // The transform doubles every mode of an axis but the first and the last.
      return (position, (position == 0 ? 1 : root) * (position == 0 || position == n - 1 ? 1 : 0.5))
    case .periodic:
      if position == 0 { return (0, 1) }
      if 2 * position == n { return (position, 0) }
      return 2 * position < n ? (position, root / 2) : (n - position, -root / 2)
    }
  }

  /// The field of one stream, of shape [ny, nx].
  public func sample(from stream: RandomStream) -> Tensor<Double> {
    let (rows, columns) = shape
    var field = Tensor<Double>(shape: [rows, columns]) { out in
      amplitudes.withUnsafeBuffer { amplitudes in
        Parallel.chunks(of: rows, size: 16) { chunk in
          for row in chunk {
            let modes = row * columns..<(row + 1) * columns
            let values = UnsafeMutableBufferPointer(rebasing: out[modes])
            stream.normals(from: UInt64(Self.number(of: row, in: rows, bases.0)), step: 1 << 32, into: values)
            if bases.1 == .periodic { Self.reorder(values) }
            for column in 0..<columns { values[column] *= amplitudes[modes.lowerBound + column] }
          }
        }
      }
    }
    transform.apply(&field)
    return field
  }

  /// The number k of the function φ_k at a position of the transform.
  private static func number(of position: Int, in n: Int, _ basis: Basis) -> Int {
    guard basis == .periodic, position > 0 else { return position }
    return 2 * position <= n ? 2 * position - 1 : 2 * (n - position)
  }

  /// From the order of the numbers k to that of the transform: the cosines upwards, then the sines downwards.
  private static func reorder(_ values: UnsafeMutableBufferPointer<Double>) {
    let n = values.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { numbers in
      _ = numbers.initialize(fromContentsOf: values)
      for k in 1..<n { values[k % 2 == 1 ? (k + 1) / 2 : n - k / 2] = numbers[k] }
    }
  }
}
