import Foundation
import Solvers
import Tensors

/// Conductances of a rectangle of unknowns, from which the operator and, independently, its dense matrix are made.
struct Conductances: Sendable {
  var rows: Int
  var columns: Int
  var joined: Joined = .none
  /// Element i (columns + 1) + j lies between (i, j − 1) and (i, j).
  var west: [Double]
  /// Element i columns + j lies between (i − 1, j) and (i, j).
  var south: [Double]
  var ground: [Double]?

  /// Logarithmically uniform between 1 / contrast and 1; without an edge, the faces on open edges do not conduct.
  init(
    random sample: Int, rows: Int, columns: Int, joined: Joined = .none, contrast: Double = 1e2, edge: Bool = true,
    ground: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.joined = joined
    let values = uniforms(3 * (rows + 1) * (columns + 1), sample: sample).map { pow(contrast, -$0) }
    west = Array(values[0..<rows * (columns + 1)])
    south = Array(values[west.count..<west.count + (rows + 1) * columns])
    self.ground = ground ? Array(values[west.count + south.count..<west.count + south.count + rows * columns]) : nil
    if !edge { closeEdges() }
  }

  /// The harmonic mean of a medium on cells, with the value 0 half a cell outside open edges.
  init(medium: Tensor<Double>, joined: Joined = .none, edge: Bool = true) {
    let (rows, columns) = (medium.shape[0], medium.shape[1])
    self.rows = rows
    self.columns = columns
    self.joined = joined
    let a = medium.elements
    func mean(_ this: (Int, Int), _ that: (Int, Int)) -> Double {
      func inside(_ p: (Int, Int)) -> Int? {
        var (row, column) = p
        if joined.contains(.y) { row = (row + rows) % rows }
        if joined.contains(.x) { column = (column + columns) % columns }
        return (0..<rows).contains(row) && (0..<columns).contains(column) ? row * columns + column : nil
      }
      switch (inside(this), inside(that)) {
      case (let p?, let q?): return 2 / (1 / a[p] + 1 / a[q])
      case (let p?, nil), (nil, let p?): return 2 * a[p]
      default: return 0
      }
    }
    west = (0..<rows).flatMap { row in (0...columns).map { mean((row, $0 - 1), (row, $0)) } }
    south = (0...rows).flatMap { row in (0..<columns).map { mean((row - 1, $0), (row, $0)) } }
    if !edge { closeEdges() }
  }

  /// Sets the faces on open edges to 0.
  mutating func closeEdges() {
    for row in 0..<rows where !joined.contains(.x) {
      west[row * (columns + 1)] = 0
      west[row * (columns + 1) + columns] = 0
    }
    for column in 0..<columns where !joined.contains(.y) {
      south[column] = 0
      south[rows * columns + column] = 0
    }
  }

  var stencil: FivePointOperator {
    FivePointOperator(
      rows: rows, columns: columns, joined: joined,
      ground: ground.map { Tensor(shape: [rows, columns], elements: $0) }
    ) { row, west, south in
      for j in west.indices { west[j] = self.west[row * (columns + 1) + j] }
      for j in south.indices { south[j] = self.south[row * columns + j] }
    }
  }

  /// The matrix, row after row, from the definition.
  var dense: [Double] {
    let n = rows * columns
    var matrix = [Double](repeating: 0, count: n * n)
    for row in 0..<rows {
      for column in 0..<columns {
        let this = row * columns + column
        matrix[this * n + this] += ground?[this] ?? 0
        let (lastRow, lastColumn) = (row == rows - 1, column == columns - 1)
        let (wraps, climbs) = (joined.contains(.x), joined.contains(.y))
        let neighbours: [(Int, Int, Double)] = [
          (row, column - 1, west[row * (columns + 1) + column]),
          (row, column + 1, west[row * (columns + 1) + (wraps && lastColumn ? 0 : column + 1)]),
          (row - 1, column, south[row * columns + column]),
          (row + 1, column, south[(climbs && lastRow ? 0 : row + 1) * columns + column]),
        ]
        for (i, j, k) in neighbours {
          matrix[this * n + this] += k
          let (i, j) = (climbs ? (i + rows) % rows : i, wraps ? (j + columns) % columns : j)
          if (0..<rows).contains(i) && (0..<columns).contains(j) { matrix[this * n + i * columns + j] -= k }
        }
      }
    }
    return matrix
  }

  /// The solution by Gaussian elimination without structure; of a singular system the one of zero mean.
  func eliminated(_ b: Tensor<Double>) -> Tensor<Double> {
    let n = rows * columns
    var (a, x) = (dense, b.elements)
    if stencil.isSingular {
      let mean = x.reduce(0, +) / Double(n)
      for i in 0..<n { x[i] -= mean }
      // Adding a multiple of the matrix of ones selects the solution of zero mean.
      let size = a.map(abs).max() ?? 1
      for i in a.indices { a[i] += size / Double(n) }
    }
    for column in 0..<n {
      for row in column + 1..<max(n, column + 1) where a[row * n + column] != 0 {
        let factor = a[row * n + column] / a[column * n + column]
        for k in column..<n { a[row * n + k] -= factor * a[column * n + k] }
        x[row] -= factor * x[column]
      }
    }
    for row in (0..<n).reversed() {
      for k in row + 1..<max(n, row + 1) { x[row] -= a[row * n + k] * x[k] }
      x[row] /= a[row * n + row]
    }
    return Tensor(shape: b.shape, elements: x)
  }
}

/// Media on cells, by what they look like; 1 and the contrast, or anything between for `cells`. What is rare is large.
enum Medium: String, CaseIterable, Sendable {
  /// The sign of a smooth random field.
  case blobs
  /// Overlapping discs from a cell to an eighth of the side across.
  case discs
  /// Lines one to some cells wide along the zeros of a smooth field.
  case channels
  /// Logarithmically uniform in every cell.
  case cells
  /// One of two values in every cell.
  case noise
  /// The sign of noise averaged over three by three cells.
  case speckles

  func field(_ rows: Int, _ columns: Int, contrast: Double) -> Tensor<Double> {
    let draws = uniforms(512, sample: 1 << 21)
    let modes = (0..<6).flatMap { ky in (-5..<6).map { kx in (Double(ky), Double(kx)) } }
    func turns(_ count: Int, _ wave: (Int) -> (number: Double, phase: Double)) -> [SIMD2<Double>] {
      (0..<count).flatMap { place in
        modes.indices.map { mode -> SIMD2<Double> in
          let turn = wave(mode)
          let angle = 2 * Double.pi * (turn.number * Double(place) / Double(count) + turn.phase)
          return SIMD2(cos(angle), sin(angle))
        }
      }
    }
    let needsModes = self == .blobs || self == .channels
    let alongY = needsModes ? turns(rows) { (modes[$0].0, 0) } : []
    let alongX = needsModes ? turns(columns) { (modes[$0].1, draws[2 * $0 + 1]) } : []
    let sizes = modes.indices.map { mode -> Double in
      let wave = modes[mode]
      return (draws[2 * mode] - 0.5) / (1 + wave.0 * wave.0 + wave.1 * wave.1)
    }
    func smooth(_ row: Int, _ column: Int) -> Double {
      var sum = 0.0
      for mode in 0..<sizes.count {
        let product = alongY[row * sizes.count + mode] * alongX[column * sizes.count + mode]
        sum += sizes[mode] * (product.x - product.y)
      }
      return sum
    }
    func inDisc(_ row: Int, _ column: Int) -> Bool {
      (0..<40).contains { disc in
        let (y, x) = (
          draws[3 * disc] - Double(row) / Double(rows), draws[3 * disc + 1] - Double(column) / Double(columns)
        )
        let radius = 0.01 + 0.05 * draws[3 * disc + 2]
        return y * y + x * x < radius * radius
      }
    }
    let cells = [.cells, .noise, .speckles].contains(self) ? uniforms(rows * columns, sample: 7) : []
    return Tensor(shape: [rows, columns]) { out in
      for row in 0..<rows {
        for column in 0..<columns {
          let at = row * columns + column
          switch self {
          case .blobs: out[at] = smooth(row, column) > 0 ? contrast : 1
          case .discs: out[at] = inDisc(row, column) ? contrast : 1
          case .channels: out[at] = abs(smooth(row, column)) < 5 / Double(rows) ? contrast : 1
          case .cells: out[at] = pow(contrast, cells[at])
          case .noise: out[at] = cells[at] > 0.5 ? contrast : 1
          case .speckles:
            let near = (max(0, row - 1)...min(rows - 1, row + 1)).flatMap { y in
              (max(0, column - 1)...min(columns - 1, column + 1)).map { cells[y * columns + $0] }
            }
            out[at] = near.reduce(0, +) > 0.5 * Double(near.count) ? contrast : 1
          }
        }
      }
    }
  }
}

/// Uniform numbers between 0 and 1.
func uniforms(_ count: Int, sample: Int) -> [Double] {
  let stream = RandomStream(seed: 20, purpose: .test, sample: sample)
  return (0..<count).map { stream.uniform(at: UInt64($0)) }
}

/// A right-hand side for tests, of a mean that is not zero.
func source(_ rows: Int, _ columns: Int) -> Tensor<Double> {
  Tensor(shape: [rows, columns], elements: uniforms(rows * columns, sample: 1 << 20).map { 3 * $0 - 1 })
}

extension Tensor where Scalar == Double {
  /// The largest difference, relative to the largest element.
  func difference(_ other: Tensor) -> Double {
    let largest = zip(elements, other.elements).map { abs($0 - $1) }.max() ?? 0
    return largest / Swift.max(other.maxAbs, .leastNormalMagnitude)
  }
}
