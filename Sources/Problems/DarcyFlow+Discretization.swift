import Solvers
import Tensors

extension DarcyFlow {
  static func stencil(_ permeability: Tensor<Double>, _ setting: Setting) -> FivePointOperator {
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    let scale = inverseSquares(permeability.shape, setting.domain)
    let mean = setting.faceMean
    return permeability.withUnsafeBuffer { buffer in
      FivePointOperator(rows: rows - 2, columns: columns - 2) { row, west, south in
        guard let a = buffer.baseAddress, let south = south.baseAddress else { return }
        let vertices = a + (row + 1) * columns
        if !west.isEmpty, let west = west.baseAddress {
          mean.fill(west, count: columns - 1, vertices, vertices + 1, scale: scale.x)
        }
        mean.fill(south, count: columns - 2, vertices + 1 - columns, vertices + 1, scale: scale.y)
      }
    }
  }

  /// The source plus the fluxes from boundary vertices, whose values are given.
  static func rightHandSide(
    _ innerSource: Tensor<Double>, _ permeability: Tensor<Double>, _ setting: Setting
  ) -> Tensor<Double> {
    let sides = setting.boundary.values
    guard sides != (0, 0, 0, 0) else { return innerSource }
    let (rows, columns) = (innerSource.shape[0], innerSource.shape[1])
    let scale = inverseSquares(permeability.shape, setting.domain)
    let mean = setting.faceMean
    var result = innerSource
    result.withUnsafeMutableBuffer { out in
      permeability.withUnsafeBuffer { a in
        // The inner vertex (row, column) is the vertex (row + 1, column + 1).
        func face(_ row: Int, _ column: Int, _ dy: Int, _ dx: Int) -> Double {
          let vertex = (row + 1) * (columns + 2) + column + 1
          return mean(a[vertex], a[vertex + dy * (columns + 2) + dx])
        }
        for row in 0..<rows {
          out[row * columns] += sides.west * scale.x * face(row, 0, 0, -1)
          out[(row + 1) * columns - 1] += sides.east * scale.x * face(row, columns - 1, 0, 1)
        }
        for column in 0..<columns {
          out[column] += sides.south * scale.y * face(0, column, -1, 0)
          out[(rows - 1) * columns + column] += sides.north * scale.y * face(rows - 1, column, 1, 0)
        }
      }
    }
    return result
  }

  /// The field on all vertices that continues inner values by the conditions.
  func extended(_ inner: Tensor<Double>) -> Tensor<Double> {
    let (rows, columns) = (permeability.shape[0], permeability.shape[1])
    let sides = setting.boundary.values
    return Tensor(shape: [rows, columns]) { out in
      inner.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
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
