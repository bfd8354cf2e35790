import CKernels
public import Tensors

/// A symmetric five-point operator on a rectangle of unknowns, written as fluxes between neighbours.
///
///     (A u)ᵢⱼ = Σ_faces k_face (uᵢⱼ − u_neighbour) + gᵢⱼ uᵢⱼ
///
/// The conductances k and g are not negative. Neighbours outside the rectangle have the value 0, so a face on the edge
/// adds its conductance to the diagonal: a Dirichlet condition when it is positive, none (no flux) when it is 0. Along a
/// joined axis there is no edge: the unknowns of the last line are neighbours of those of the first. The ground g, a
/// reaction term, conducts from an unknown to the value 0. Only differences of u enter the fluxes, so constants are
/// mapped without rounding whatever the contrast of the conductances.
public struct FivePointOperator: Sendable {
  /// Unknowns along y.
  public let rows: Int
  /// Unknowns along x.
  public let columns: Int
  /// The axes without edges.
  public var joined: Joined { grid.joined }
  /// Whether nothing conducts to the value 0, so that constants are mapped to 0: no face on an open edge, no ground.
  public let isSingular: Bool
  let grid: PaddedGrid
  /// Padded; element (i, j) is the face between (i, j − 1) and (i, j).
  private let west: Tensor<Double>
  /// Padded; element (i, j) is the face between (i − 1, j) and (i, j).
  private let south: Tensor<Double>
  /// Padded; nil when there is none.
  private let ground: Tensor<Double>?

  /// Builds the operator row by row, in parallel.
  ///
  /// - Parameters:
  ///   - rows: unknowns along y, at least 1.
  ///   - columns: unknowns along x, at least 1.
  ///   - joined: the axes along which the last line is the neighbour of the first. With `.x` the west face of column 0
  ///     lies between it and the last column, and the face `columns` is not read; with `.y` likewise the south faces of
  ///     row 0 and of row `rows`.
  ///   - ground: the conductance from every unknown to the value 0, not negative, of shape [rows, columns]; nil for none.
  ///   - fill: writes the `columns + 1` west faces and the `columns` south faces of a row; the last call, with row =
  ///     `rows`, is for the north edge and has no west faces.
  public init(
    rows: Int, columns: Int, joined: Joined = .none, ground: Tensor<Double>? = nil,
    fill: (_ row: Int, _ west: UnsafeMutableBufferPointer<Double>, _ south: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    precondition(
      rows >= 1 && columns >= 1, "an operator needs at least one unknown an axis, found \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    let grid = PaddedGrid(rows: rows, columns: columns, joined: joined)
    self.grid = grid
    var (west, south) = (grid.zeros(), grid.zeros())
    west.withUnsafeMutableBuffer { west in
      south.withUnsafeMutableBuffer { south in
        Parallel.chunks(of: rows + 1, size: PaddedGrid.rowsPerStrip) { strip in
          for row in strip {
            let start = grid.origin + row * grid.stride
            fill(
              row, UnsafeMutableBufferPointer(rebasing: west[start..<start + (row < rows ? columns + 1 : 0)]),
              UnsafeMutableBufferPointer(rebasing: south[start..<start + columns]))
            if joined.contains(.x) && row < rows { west[start + columns] = west[start] }
          }
        }
        if joined.contains(.y) {
          let (first, last) = (grid.origin, grid.origin + rows * grid.stride)
          for column in 0..<columns { south[last + column] = south[first + column] }
        }
      }
    }
    self.west = west
    self.south = south
    self.ground = ground.map { field in
      var padded = grid.zeros()
      grid.pad(field, into: &padded)
      return padded
    }
    isSingular = !Self.conductsOut(west, south, grid) && (ground?.elements.allSatisfy { $0 == 0 } ?? true)
  }

  /// Whether a face on an open edge conducts, or is not a number.
  private static func conductsOut(_ west: Tensor<Double>, _ south: Tensor<Double>, _ grid: PaddedGrid) -> Bool {
    let (rows, columns) = (grid.rows, grid.columns)
    return west.withUnsafeBuffer { west in
      south.withUnsafeBuffer { south in
        let sides =
          !grid.joined.contains(.x)
          && (0..<rows).contains { row in
            let start = grid.origin + row * grid.stride
            return west[start] != 0 || west[start + columns] != 0
          }
        let ends =
          !grid.joined.contains(.y)
          && (grid.origin..<grid.origin + columns).contains { south[$0] != 0 || south[$0 + rows * grid.stride] != 0 }
        return sides || ends
      }
    }
  }

  /// `b − A u`, both of shape [rows, columns].
  public func residual(of u: Tensor<Double>, rightHandSide b: Tensor<Double>) -> Tensor<Double> {
    precondition(b.shape == [rows, columns], "a right-hand side of \([rows, columns]) unknowns has shape \(b.shape)")
    var (x, r) = (grid.zeros(), grid.zeros())
    grid.pad(u, into: &x)
    _ = residual(of: &x, rightHandSide: b, into: &r)
    return grid.interior(of: r)
  }

  /// `r = b − A x` for padded x, whose frame is renewed, padded r and b of shape [rows, columns]; returns `‖r‖²`.
  func residual(of x: inout Tensor<Double>, rightHandSide b: Tensor<Double>, into r: inout Tensor<Double>) -> Double {
    grid.wrap(&x)
    return withFaces { west, south, ground in
      x.withUnsafeBuffer { x in
        b.withUnsafeBuffer { b in
          r.withUnsafeMutableBuffer { r in
            guard let x = x.baseAddress, let b = b.baseAddress, let r = r.baseAddress else { return 0 }
            return Parallel.sum(over: rows, chunk: PaddedGrid.rowsPerStrip) { rows in
              ck_fivepoint_residual(
                columns, grid.stride, rows.lowerBound, rows.upperBound, west, south, ground, b, columns,
                x + grid.origin, r + grid.origin)
            }
          }
        }
      }
    }
  }

  /// Whether every conductance is finite.
  var isFinite: Bool { (west.sum() + south.sum() + (ground?.sum() ?? 0)).isFinite }

  /// The least positive conductance of a face, the largest of all and that of the ground; infinity and 0 when none is
  /// positive.
  var conductanceRange: (leastFace: Double, largest: Double, largestGround: Double) {
    withFaces { west, south, ground in
      var (range, least) = ((leastFace: Double.infinity, largest: 0.0, largestGround: 0.0), 0.0)
      // The row beyond the last holds the north faces.
      ck_fivepoint_range(columns, grid.stride, 0, rows + 1, west, south, &range.leastFace, &range.largest)
      if let ground {
        ck_fivepoint_range(columns, grid.stride, 0, rows, ground, ground, &least, &range.largestGround)
        range.largest = max(range.largest, range.largestGround)
      }
      return range
    }
  }

  /// The sum of the conductances to the value 0.
  var groundedConductance: Double {
    withFaces { west, south, ground in
      var sum = 0.0
      if !joined.contains(.x) {
        for row in 0..<rows { sum += west[row * grid.stride] + west[row * grid.stride + columns] }
      }
      if !joined.contains(.y) {
        for column in 0..<columns { sum += south[column] + south[rows * grid.stride + column] }
      }
      if let ground {
        for row in 0..<rows { for at in row * grid.stride..<row * grid.stride + columns { sum += ground[at] } }
      }
      return sum
    }
  }

  /// Both arrays of faces and the ground, if there is one, from the unknown (0, 0) on.
  func withFaces<R>(
    _ body: (_ west: UnsafePointer<Double>, _ south: UnsafePointer<Double>, _ ground: UnsafePointer<Double>?) -> R
  ) -> R {
    west.withUnsafeBuffer { west in
      south.withUnsafeBuffer { south in
        guard let west = west.baseAddress, let south = south.baseAddress else {
          preconditionFailure("a padded field is never empty")
        }
        guard let ground else { return body(west + grid.origin, south + grid.origin, nil) }
        return ground.withUnsafeBuffer { ground in
          body(west + grid.origin, south + grid.origin, ground.baseAddress.map { $0 + grid.origin })
        }
      }
    }
  }
}
