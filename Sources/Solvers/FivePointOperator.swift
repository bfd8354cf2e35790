import CKernels
public import Tensors

/// A symmetric five-point operator on a rectangle of unknowns, written as fluxes between neighbours.
///
///     (A u)ᵢⱼ = Σ_faces k_face (uᵢⱼ − u_neighbour)
///
/// The conductances k are not negative. Neighbours outside the rectangle have the value 0, so a face on the edge adds its
/// conductance to the diagonal: a Dirichlet condition when it is positive, none when it is 0. Only differences of u enter,
/// so constants are mapped without rounding whatever the contrast of the conductances.
public struct FivePointOperator: Sendable {
  /// Unknowns along y.
  public let rows: Int
  /// Unknowns along x.
  public let columns: Int
  let grid: PaddedGrid
  /// Padded; element (i, j) is the face between (i, j − 1) and (i, j).
  private let west: Tensor<Double>
  /// Padded; element (i, j) is the face between (i − 1, j) and (i, j).
  private let south: Tensor<Double>

  /// Builds the operator row by row, in parallel.
  ///
  /// - Parameters:
  ///   - rows: unknowns along y, at least 1.
  ///   - columns: unknowns along x, at least 1.
  ///   - fill: writes the `columns + 1` west faces and the `columns` south faces of a row; the last call, with row =
  ///     `rows`, is for the north edge and has no west faces.
  public init(
    rows: Int, columns: Int,
    fill: (_ row: Int, _ west: UnsafeMutableBufferPointer<Double>, _ south: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    precondition(
      rows >= 1 && columns >= 1, "an operator needs at least one unknown an axis, found \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    let grid = PaddedGrid(rows: rows, columns: columns)
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
          }
        }
      }
    }
    self.west = west
    self.south = south
  }

  /// `b − A u`, both of shape [rows, columns].
  public func residual(of u: Tensor<Double>, rightHandSide b: Tensor<Double>) -> Tensor<Double> {
    precondition(b.shape == [rows, columns], "a right-hand side of \([rows, columns]) unknowns has shape \(b.shape)")
    var (x, r) = (grid.zeros(), grid.zeros())
    grid.pad(u, into: &x)
    _ = residual(of: x, rightHandSide: b, into: &r)
    return grid.interior(of: r)
  }

  /// `r = b − A x` for padded x and r and b of shape [rows, columns]; returns `‖r‖²`.
  func residual(of x: Tensor<Double>, rightHandSide b: Tensor<Double>, into r: inout Tensor<Double>) -> Double {
    withFaces { west, south in
      x.withUnsafeBuffer { x in
        b.withUnsafeBuffer { b in
          r.withUnsafeMutableBuffer { r in
            guard let x = x.baseAddress, let b = b.baseAddress, let r = r.baseAddress else { return 0 }
            return Parallel.sum(over: rows, chunk: PaddedGrid.rowsPerStrip) { rows in
              ck_fivepoint_residual(
                columns, grid.stride, rows.lowerBound, rows.upperBound, west, south, b, columns, x + grid.origin,
                r + grid.origin)
            }
          }
        }
      }
    }
  }

  /// The least positive and the largest conductance; infinity and 0 when none is positive.
  var conductanceRange: (least: Double, largest: Double) {
    withFaces { west, south in
      var range = (least: Double.infinity, largest: 0.0)
      // The row beyond the last holds the north faces.
      ck_fivepoint_range(columns, grid.stride, 0, rows + 1, west, south, &range.least, &range.largest)
      return range
    }
  }

  /// Both arrays of faces, from the unknown (0, 0) on.
  func withFaces<R>(_ body: (_ west: UnsafePointer<Double>, _ south: UnsafePointer<Double>) -> R) -> R {
    west.withUnsafeBuffer { west in
      south.withUnsafeBuffer { south in
        guard let west = west.baseAddress, let south = south.baseAddress else {
          preconditionFailure("a padded field is never empty")
        }
        return body(west + grid.origin, south + grid.origin)
      }
    }
  }
}
