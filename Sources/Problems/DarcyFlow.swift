public import Solvers
public import Tensors

/// Steady flow through a porous medium, `−∇·(a ∇u) = f` on a rectangle, as data and residual.
///
/// Second-order conservative finite volumes on a grid whose vertices include the boundary. Permeability a and source f
/// are given at the vertices, axes (y, x); the face between two vertices has a mean of their permeabilities. For an inner
/// vertex, per unit of area,
///
///     Σ_{four faces} a_face (uᵢⱼ − u_neighbour) / h² = fᵢⱼ,
///
/// with h the spacing across the face. Values given on the boundary are moved to the right-hand side.
public struct DarcyFlow: Sendable {
  /// What of the continuous problem is not a field, and how it becomes discrete.
  public struct Setting: Hashable, Sendable {
    /// The domain.
    public var domain: Rectangle
    /// The conditions on its sides.
    public var boundary: BoundaryConditions
    /// The mean on faces.
    public var faceMean: FaceMean

    /// The unit square with `u = 0` around it and harmonic means, unless told otherwise.
    public init(
      domain: Rectangle = .unitSquare, boundary: BoundaryConditions = .zeroDirichlet, faceMean: FaceMean = .harmonic
    ) {
      self.domain = domain
      self.boundary = boundary
      self.faceMean = faceMean
    }
  }

  /// a at the vertices, [ny, nx].
  public let permeability: Tensor<Double>
  /// f at the vertices, [ny, nx]; its boundary values are not used.
  public let source: Tensor<Double>
  /// Domain, conditions and discretisation.
  public let setting: Setting
  /// The operator on the inner vertices, per unit of area.
  public let stencil: FivePointOperator
  /// f plus what the boundary values contribute, at the inner vertices, [ny − 2, nx − 2].
  public let rightHandSide: Tensor<Double>

  /// - Parameters:
  ///   - permeability: a at the vertices, [ny, nx], each at least 3.
  ///   - source: f at the vertices, of the same shape.
  ///   - setting: domain, conditions and discretisation.
  ///   - sample: the sample that error messages name.
  /// - Throws: ``DarcyError`` for a grid that is too small, a permeability that is not positive and finite, a source that
  ///   is not finite.
  public init(
    permeability: Tensor<Double>, source: Tensor<Double>, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    precondition(permeability.shape.count == 2, "a permeability has axes (y, x), found shape \(permeability.shape)")
    precondition(source.shape == permeability.shape, "source \(source.shape), permeability \(permeability.shape)")
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    guard rows >= 3 && columns >= 3 else { throw .gridTooSmall(rows: rows, columns: columns) }
    if let bad = permeability.firstIndex(where: { !($0 > 0 && $0 < .infinity) }) {
      throw .permeability(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
    if let bad = source.firstIndex(where: { !$0.isFinite }) {
      throw .source(value: bad.value, row: bad.row, column: bad.column, sample: sample)
    }
    self.permeability = permeability
    self.source = source
    self.setting = setting
    stencil = Self.stencil(permeability, setting)
    rightHandSide = Self.rightHandSide(source, permeability, setting)
  }

  /// The problem with the same source everywhere.
  public init(
    permeability: Tensor<Double>, source: Double = 1, setting: Setting = Setting(), sample: Int? = nil
  ) throws(DarcyError) {
    try self.init(
      permeability: permeability, source: Tensor(shape: permeability.shape, repeating: source), setting: setting,
      sample: sample)
  }

  /// `b − A u` at the inner vertices for `u` on all vertices, [ny − 2, nx − 2], in units of f.
  ///
  /// What `u` has on the boundary is not used: the conditions hold there.
  public func residual(of u: Tensor<Double>) -> Tensor<Double> {
    stencil.residual(of: inner(u), rightHandSide: rightHandSide)
  }

  /// `‖b − A u‖₂ / ‖b‖₂`.
  public func relativeResidual(of u: Tensor<Double>) -> Double {
    let (residual, reference) = (residual(of: u).norm, rightHandSide.norm)
    return reference > 0 ? residual / reference : residual
  }
}

extension DarcyFlow {
  private var shape: (rows: Int, columns: Int) { (permeability.shape[0], permeability.shape[1]) }

  /// The inner vertices of a field on all vertices.
  private func inner(_ field: Tensor<Double>) -> Tensor<Double> {
    precondition(field.shape == permeability.shape, "field \(field.shape), permeability \(permeability.shape)")
    return Tensor(shape: [shape.rows - 2, shape.columns - 2]) { out in
      field.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        let count = shape.columns - 2
        for row in 0..<shape.rows - 2 {
          (y + row * count).update(from: x + (row + 1) * shape.columns + 1, count: count)
        }
      }
    }
  }

  /// The field on all vertices that continues inner values by the conditions.
  func extended(_ inner: Tensor<Double>) -> Tensor<Double> {
    let (rows, columns) = shape
    return Tensor(shape: [rows, columns]) { out in
      inner.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        let sides = setting.boundary.values
        for row in 0..<rows {
          let line = y + row * columns
          switch row {
          case 0: line.update(repeating: sides.south, count: columns)
          case rows - 1: line.update(repeating: sides.north, count: columns)
          default: (line + 1).update(from: x + (row - 1) * (columns - 2), count: columns - 2)
          }
          line[0] = sides.west
          line[columns - 1] = sides.east
        }
      }
    }
  }

  private static func inverseSquares(_ shape: [Int], _ domain: Rectangle) -> (x: Double, y: Double) {
    let (hx, hy) = (domain.width / Double(shape[1] - 1), domain.height / Double(shape[0] - 1))
    return (1 / (hx * hx), 1 / (hy * hy))
  }

  private static func stencil(_ permeability: Tensor<Double>, _ setting: Setting) -> FivePointOperator {
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    let scale = inverseSquares(permeability.shape, setting.domain)
    let mean = setting.faceMean
    return permeability.withUnsafeBuffer { buffer in
      FivePointOperator(rows: rows - 2, columns: columns - 2) { row, west, south in
        guard let a = buffer.baseAddress, let south = south.baseAddress else { return }
        let vertices = a + (row + 1) * columns
        if let faces = west.baseAddress, !west.isEmpty {
          mean.fill(faces, count: columns - 1, vertices, vertices + 1, scale: scale.x)
        }
        mean.fill(south, count: columns - 2, vertices + 1 - columns, vertices + 1, scale: scale.y)
      }
    }
  }

  private static func rightHandSide(
    _ source: Tensor<Double>, _ permeability: Tensor<Double>, _ setting: Setting
  ) -> Tensor<Double> {
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    let scale = inverseSquares(permeability.shape, setting.domain)
    let (sides, mean) = (setting.boundary.values, setting.faceMean)
    return Tensor(shape: [rows - 2, columns - 2]) { out in
      source.withUnsafeBuffer { f in
        permeability.withUnsafeBuffer { a in
          let last = columns - 3
          for row in 0..<rows - 2 {
            let vertex = (row + 1) * columns + 1
            let line = row * (columns - 2)
            for column in 0...last { out[line + column] = f[vertex + column] }
            if sides.west != 0 { out[line] += sides.west * scale.x * mean(a[vertex - 1], a[vertex]) }
            if sides.east != 0 {
              out[line + last] += sides.east * scale.x * mean(a[vertex + last], a[vertex + last + 1])
            }
          }
          for column in 0...last {
            let (south, north) = (columns + 1 + column, (rows - 2) * columns + 1 + column)
            out[column] += sides.south * scale.y * mean(a[south - columns], a[south])
            out[(rows - 3) * (columns - 2) + column] += sides.north * scale.y * mean(a[north], a[north + columns])
          }
        }
      }
    }
  }
}

extension BoundaryConditions {
  /// The prescribed values.
  fileprivate var values: (west: Double, east: Double, south: Double, north: Double) {
    func value(_ condition: BoundaryCondition) -> Double {
      switch condition {
      case .dirichlet(let value): value
      }
    }
    return (value(west), value(east), value(south), value(north))
  }
}

extension FaceMean {
  fileprivate func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .harmonic: 2 * (a * b) / (a + b)
    case .arithmetic: 0.5 * (a + b)
    }
  }
}

extension Tensor where Scalar == Double {
  /// The first element of a two-axis tensor that is `wrong`.
  fileprivate func firstIndex(where wrong: (Double) -> Bool) -> (value: Double, row: Int, column: Int)? {
    withUnsafeBuffer { buffer in
      buffer.firstIndex(where: wrong).map { (buffer[$0], $0 / shape[1], $0 % shape[1]) }
    }
  }
}
