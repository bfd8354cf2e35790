import Tensors

/// An order of the unknowns of a rectangle in which neighbours are close.
struct BandOrder: Sendable {
  let rows: Int
  let columns: Int
  let joined: Joined
  /// Whether the unknowns of a row, not of a column, follow one another.
  private let byRows: Bool

  /// The order with the narrower band.
  init(rows: Int, columns: Int, joined: Joined) {
    self.rows = rows
    self.columns = columns
    self.joined = joined
    byRows = columns * (joined.contains(.y) ? 2 : 1) <= rows * (joined.contains(.x) ? 2 : 1)
  }

  /// Unknowns of a line.
  private var length: Int { byRows ? columns : rows }
  private var isFolded: Bool { joined.contains(byRows ? .y : .x) }
  var count: Int { rows * columns }
  /// The distance in this order between neighbours, diagonal ones too.
  var bandwidth: Int {
    min(
      count - 1, (isFolded ? 2 : 1) * length + (length > 1 ? (joined.contains(byRows ? .x : .y) ? length - 1 : 1) : 0))
  }

  /// The position of an unknown. Lines across a joined axis come as 0, n − 1, 1, n − 2, …, so that a line is at most two
  /// lines away from its neighbours.
  func position(row: Int, column: Int) -> Int {
    let (line, place, lines) = byRows ? (row, column, rows) : (column, row, columns)
    let folded = isFolded ? (2 * line < lines ? 2 * line : 2 * (lines - 1 - line) + 1) : line
    return folded * length + place
  }

  /// What `solve` makes of a right-hand side of shape [rows, columns], in place in this order.
  func solution(_ b: Tensor<Double>, solve: (inout [Double]) -> Void) -> Tensor<Double> {
    let b = b.elements
    var values = [Double](repeating: 0, count: count)
    for row in 0..<rows {
      for column in 0..<columns { values[position(row: row, column: column)] = b[row * columns + column] }
    }
    solve(&values)
    return Tensor(shape: [rows, columns]) { out in
      for row in 0..<rows {
        for column in 0..<columns { out[row * columns + column] = values[position(row: row, column: column)] }
      }
    }
  }
}

extension FivePointOperator {
  /// The matrix in an order, of `bandwidth` at least that of the order; pinned when it is singular.
  func band(_ order: BandOrder) -> LowerBand {
    var matrix = LowerBand(count: order.count, bandwidth: order.bandwidth)
    withFaces { west, south, ground in
      /// A face between an unknown and the one before it, which may be outside or the unknown itself.
      func join(_ this: Int, _ that: Int?, _ conductance: Double) {
        guard this != that else { return }
        matrix.add(conductance, row: this, column: this)
        guard let that else { return }
        matrix.add(conductance, row: that, column: that)
        matrix.add(-conductance, row: this, column: that)
      }
      for row in 0..<rows {
        for column in 0..<columns {
          let (this, at) = (order.position(row: row, column: column), row * grid.stride + column)
          if let ground { matrix.add(ground[at], row: this, column: this) }
          let left = column > 0 ? column - 1 : joined.contains(.x) ? columns - 1 : nil
          let below = row > 0 ? row - 1 : joined.contains(.y) ? rows - 1 : nil
          join(this, left.map { order.position(row: row, column: $0) }, west[at])
          join(this, below.map { order.position(row: $0, column: column) }, south[at])
          if column == columns - 1 && !joined.contains(.x) { join(this, nil, west[at + 1]) }
          if row == rows - 1 && !joined.contains(.y) { join(this, nil, south[at + grid.stride]) }
        }
      }
    }
    if isSingular { matrix.pin() }
    return matrix
  }
}
