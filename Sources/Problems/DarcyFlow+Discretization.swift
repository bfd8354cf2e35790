import Solvers
import Tensors

extension DarcyFlow.Setting {
  /// The unknowns along (y, x) on a grid of `shape` = [ny, nx] vertices.
  func axes(_ shape: [Int]) -> (y: UnknownAxis, x: UnknownAxis) {
    (
      UnknownAxis(vertices: shape[0], length: domain.height, lower: boundary.south, upper: boundary.north),
      UnknownAxis(vertices: shape[1], length: domain.width, lower: boundary.west, upper: boundary.east)
    )
  }
}

/// The discrete equations of ``DarcyFlow``, before any right-hand side.
struct DarcyDiscretization: Sendable {
  let permeability: Tensor<Double>
  let setting: DarcyFlow.Setting
  let axes: (y: UnknownAxis, x: UnknownAxis)
  /// 1/h² along y and x.
  private let scale: (y: Double, x: Double)

  init(_ permeability: Tensor<Double>, _ setting: DarcyFlow.Setting) {
    self.permeability = permeability
    self.setting = setting
    axes = setting.axes(permeability.shape)
    scale = (1 / (axes.y.spacing * axes.y.spacing), 1 / (axes.x.spacing * axes.x.spacing))
  }

  var boundary: BoundaryConditions { setting.boundary }

  /// The operator, per unit of area of a whole control volume.
  func stencil() -> FivePointOperator {
    let (axes, mean, nx) = (axes, setting.faceMean, permeability.shape[1])
    return permeability.withUnsafeBuffer { a in
      FivePointOperator(
        rows: axes.y.count, columns: axes.x.count, joined: boundary.joined,
        ground: setting.reaction > 0 ? reaction() : nil
      ) { row, west, south in
        guard let a = a.baseAddress, let southBase = south.baseAddress else { return }
        if let westBase = west.baseAddress, !west.isEmpty {
          // Faces between neighbouring unknowns, then the two at the ends.
          let line = a + (row + axes.y.first) * nx + axes.x.first
          mean.fill(westBase + 1, count: axes.x.count - 1, line, line + 1, scale: scale.x * axes.y.weight(row))
          west[0] = endConductance(.west, at: row)
          west[axes.x.count] = endConductance(.east, at: row)
        }
        guard row > 0 && row < axes.y.count else {
          let side: Side = row == 0 ? .south : .north
          for column in south.indices { south[column] = endConductance(side, at: column) }
          return
        }
        let line = a + (row + axes.y.first) * nx + axes.x.first
        mean.fill(southBase, count: axes.x.count, line - nx, line, scale: scale.y)
        south[0] *= axes.x.weight(0)
        south[axes.x.count - 1] *= axes.x.weight(axes.x.count - 1)
      }
    }
  }

  /// A side of the rectangle.
  enum Side: CaseIterable {
    case west, east, south, north

    var isAcrossX: Bool { self == .west || self == .east }
    var isLower: Bool { self == .west || self == .south }
  }

  func condition(_ side: Side) -> BoundaryCondition {
    switch side {
    case .west: boundary.west
    case .east: boundary.east
    case .south: boundary.south
    case .north: boundary.north
    }
  }

  /// The axis that runs along a side.
  func along(_ side: Side) -> UnknownAxis { side.isAcrossX ? axes.y : axes.x }
  /// The axis across it.
  func across(_ side: Side) -> UnknownAxis { side.isAcrossX ? axes.x : axes.y }

  /// The conductance between unknown k along a side and what lies beyond: the prescribed value, the environment or, on a
  /// periodic axis, the unknown on the opposite side.
  func endConductance(_ side: Side, at k: Int) -> Double {
    let weight = along(side).weight(k)
    switch condition(side) {
    case .dirichlet, .periodic:
      let factor = (side.isAcrossX ? scale.x : scale.y) * weight
      return setting.faceMean(permeability(side, at: k, inside: true), permeability(side, at: k, inside: false))
        * factor
    case .neumann: return 0
    case .robin(let coefficient, _): return coefficient * weight / across(side).spacing
    }
  }

  /// What flows in through a side at unknown k, per unit of area, when the unknown is 0.
  func inflow(_ side: Side, at k: Int) -> Double {
    let vertex = k + along(side).first
    switch condition(side) {
    case .dirichlet(let values): return endConductance(side, at: k) * values[vertex]
    case .neumann(let values), .robin(_, let values):
      return values[vertex] * along(side).weight(k) / across(side).spacing
    case .periodic: return 0
    }
  }

  /// The permeability at unknown k along a side, or at the vertex beyond it.
  private func permeability(_ side: Side, at k: Int, inside: Bool) -> Double {
    let axis = across(side)
    let last = axis.first + axis.count - 1
    let vertex: Int
    if inside {
      vertex = side.isLower ? axis.first : last
    } else if axis.isPeriodic {
      vertex = side.isLower ? last : axis.first
    } else {
      vertex = side.isLower ? axis.first - 1 : last + 1
    }
    let other = k + along(side).first
    return side.isAcrossX ? permeability[other, vertex] : permeability[vertex, other]
  }

  /// σ times the part of a control volume that each unknown has.
  private func reaction() -> Tensor<Double> { weighted { _, _ in setting.reaction } }

  /// A field at the unknowns times the parts of their control volumes; `value` is given the vertex.
  func weighted(_ value: (_ row: Int, _ column: Int) -> Double) -> Tensor<Double> {
    let axes = axes
    return Tensor(shape: [axes.y.count, axes.x.count]) { out in
      for i in 0..<axes.y.count {
        let (line, weight) = (i * axes.x.count, axes.y.weight(i))
        for j in 0..<axes.x.count { out[line + j] = weight * value(i + axes.y.first, j + axes.x.first) }
        out[line] *= axes.x.weight(0)
        out[line + axes.x.count - 1] *= axes.x.weight(axes.x.count - 1)
      }
    }
  }

  /// The source at the unknowns, weighted, plus what flows in from prescribed values and fluxes.
  func rightHandSide(_ source: DarcyFlow.Source) -> Tensor<Double> {
    var result: Tensor<Double>
    switch source {
    case .constant(let value): result = weighted { _, _ in value }
    case .field(let field):
      let nx = permeability.shape[1]
      result = field.withUnsafeBuffer { f in weighted { f[$0 * nx + $1] } }
    }
    let (rows, columns) = (axes.y.count, axes.x.count)
    result.withUnsafeMutableBuffer { out in
      for side in Side.allCases where condition(side).values.map({ $0 != .constant(0) }) ?? false {
        for k in 0..<along(side).count {
          let place =
            switch side {
            case .west: k * columns
            case .east: (k + 1) * columns - 1
            case .south: k
            case .north: (rows - 1) * columns + k
            }
          out[place] += inflow(side, at: k)
        }
      }
    }
    return result
  }

  /// The field on all vertices that continues values at the unknowns by the prescribed ones.
  func extended(_ unknowns: Tensor<Double>) -> Tensor<Double> {
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    let axes = axes
    return Tensor(shape: [rows, columns]) { out in
      unknowns.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for row in 0..<axes.y.count {
          (y + (row + axes.y.first) * columns + axes.x.first).update(from: x + row * axes.x.count, count: axes.x.count)
        }
      }
      // West and east come last, since a corner of two prescribed sides belongs to them.
      if case .dirichlet(let values) = boundary.south { for j in 0..<columns { out[j] = values[j] } }
      if case .dirichlet(let values) = boundary.north {
        for j in 0..<columns { out[(rows - 1) * columns + j] = values[j] }
      }
      if case .dirichlet(let values) = boundary.west { for i in 0..<rows { out[i * columns] = values[i] } }
      if case .dirichlet(let values) = boundary.east { for i in 0..<rows { out[(i + 1) * columns - 1] = values[i] } }
    }
  }

  /// The values at the unknowns of a field on all vertices.
  func unknowns(of field: Tensor<Double>) -> Tensor<Double> {
    let (axes, columns) = (axes, permeability.shape[1])
    return Tensor(shape: [axes.y.count, axes.x.count]) { out in
      field.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for row in 0..<axes.y.count {
          (y + row * axes.x.count).update(
            from: x + (row + axes.y.first) * columns + axes.x.first, count: axes.x.count)
        }
      }
    }
  }
}
