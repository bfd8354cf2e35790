import DatasetIO

/// Sums over a grid that stand for integrals over its domain, divided by the area or by the length of the boundary.
struct GridMeasure {
  private let axes: GridAxes
  /// The part of the domain that belongs to each row and each column; each adds up to 1.
  private let rows: [Double]
  private let columns: [Double]
  /// Points on the boundary with the length that belongs to each.
  private let boundary: [(point: Int, length: Double)]

  init(_ axes: GridAxes) {
    self.axes = axes
    rows = Self.weights(axes.y)
    columns = Self.weights(axes.x)
    boundary = Self.boundary(axes)
  }

  /// The mean of f over the domain, f given for each point.
  func mean(_ f: (Int) -> Double) -> Double {
    var sum = 0.0
    for (row, weight) in rows.enumerated() {
      var line = 0.0
      for (column, weight) in columns.enumerated() { line += weight * f(row * columns.count + column) }
      sum += weight * line
    }
    return sum
  }

  /// The mean of f along the boundary; nil without one that has points on it.
  func boundaryMean(_ f: (Int) -> Double) -> Double? {
    guard !boundary.isEmpty else { return nil }
    return boundary.reduce(0) { $0 + $1.length * f($1.point) } / boundary.reduce(0) { $0 + $1.length }
  }

  /// The mean of |∇u|² by differences of neighbouring points, second order: that of the five-point Laplacian's energy.
  func meanSquaredGradient(_ u: [Double]) -> Double {
    func differences(_ axis: GridAxis, _ across: [Double], _ index: (_ along: Int, _ across: Int) -> Int) -> Double {
      let h = axis.spacing
      let faces = axis.kind == .periodic ? axis.count : axis.count - 1
      var sum = 0.0
      for face in 0..<faces {
        let next = (face + 1) % axis.count
        for (position, weight) in across.enumerated() {
          let slope = (u[index(next, position)] - u[index(face, position)]) / h
          sum += weight * slope * slope
        }
      }
      return sum * h / (axis.upper - axis.lower)
    }
    let width = columns.count
    return differences(axes.x, rows) { $1 * width + $0 } + differences(axes.y, columns) { $0 * width + $1 }
  }

  private static func weights(_ axis: GridAxis) -> [Double] {
    guard axis.kind == .vertex else { return Array(repeating: 1 / Double(axis.count), count: axis.count) }
    let whole = 1 / Double(axis.count - 1)
    return [whole / 2] + Array(repeating: whole, count: axis.count - 2) + [whole / 2]
  }

  /// Corners get half a spacing of each of their two sides.
  private static func boundary(_ axes: GridAxes) -> [(point: Int, length: Double)] {
    let (height, width) = (axes.y.count, axes.x.count)
    var lengths: [Int: Double] = [:]
    if axes.y.kind == .vertex {
      let pieces = weights(axes.x).map { $0 * (axes.x.upper - axes.x.lower) }
      for row in [0, height - 1] {
        for (column, piece) in pieces.enumerated() { lengths[row * width + column, default: 0] += piece }
      }
    }
    if axes.x.kind == .vertex {
      let pieces = weights(axes.y).map { $0 * (axes.y.upper - axes.y.lower) }
      for column in [0, width - 1] {
        for (row, piece) in pieces.enumerated() { lengths[row * width + column, default: 0] += piece }
      }
    }
    return lengths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
