import CKernels
public import Tensors

/// A symmetric five-point operator on a rectangle of unknowns, written as fluxes between neighbours.
///
///     (A u)ᵢⱼ = Σ_faces k_face (uᵢⱼ − u_neighbour)
///
/// The conductances k are not negative. Neighbours outside the rectangle have the value 0, so a face on the edge adds its
/// conductance to the diagonal: a Dirichlet condition when it is that of a half or whole cell, none when it is 0. Only
/// differences of u enter, so constants are mapped without rounding whatever the contrast of the conductances.
public struct FivePointOperator: Sendable {
  /// Unknowns along y.
  public let rows: Int
  /// Unknowns along x.
  public let columns: Int
  let grid: PaddedGrid
  /// Padded; element (i, j) is the face between (i, j − 1) and (i, j).
  let west: Tensor<Double>
  /// Padded; element (i, j) is the face between (i − 1, j) and (i, j).
  let south: Tensor<Double>

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
        Parallel.chunks(of: rows + 1, size: grid.rowsPerStrip) { strip in
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
    var (x, right, r) = (grid.zeros(), grid.zeros(), grid.zeros())
    grid.pad(u, into: &x)
    grid.pad(b, into: &right)
    _ = residual(of: x, rightHandSide: right, into: &r)
    return grid.interior(of: r)
  }

  /// `r = b − A x` on padded fields; returns `‖r‖²`.
  func residual(of x: Tensor<Double>, rightHandSide b: Tensor<Double>, into r: inout Tensor<Double>) -> Double {
    x.withUnsafeBuffer { x in
      b.withUnsafeBuffer { b in
        r.withUnsafeMutableBuffer { r in
          kernel { rows, west, south, origin in
            guard let x = x.baseAddress, let b = b.baseAddress, let r = r.baseAddress else { return 0 }
            return ck_fivepoint_residual(
              columns, grid.stride, rows.lowerBound, rows.upperBound, west, south, b + origin, x + origin, r + origin)
          }
        }
      }
    }
  }

  /// `y = A x` on padded fields; returns `x·y`.
  func apply(to x: Tensor<Double>, into y: inout Tensor<Double>) -> Double {
    x.withUnsafeBuffer { x in
      y.withUnsafeMutableBuffer { y in
        kernel { rows, west, south, origin in
          guard let x = x.baseAddress, let y = y.baseAddress else { return 0 }
          return ck_fivepoint_apply(
            columns, grid.stride, rows.lowerBound, rows.upperBound, west, south, x + origin, y + origin)
        }
      }
    }
  }

  /// The sum of the four conductances of every unknown, padded with ones so that it can be divided by.
  func diagonal() -> Tensor<Double> {
    var diagonal = Tensor<Double>(shape: [grid.count], repeating: 1)
    diagonal.withUnsafeMutableBuffer { out in
      west.withUnsafeBuffer { west in
        south.withUnsafeBuffer { south in
          for row in 0..<rows {
            let start = grid.origin + row * grid.stride
            for i in start..<start + columns { out[i] = west[i] + west[i + 1] + south[i] + south[i + grid.stride] }
          }
        }
      }
    }
    return diagonal
  }

  /// Runs a kernel over the strips of rows and adds up what it returns.
  private func kernel(
    _ body: (_ rows: Range<Int>, _ west: UnsafePointer<Double>, _ south: UnsafePointer<Double>, _ origin: Int) -> Double
  ) -> Double {
    west.withUnsafeBuffer { west in
      south.withUnsafeBuffer { south in
        guard let west = west.baseAddress, let south = south.baseAddress else { return 0 }
        return grid.sum { body($0, west + grid.origin, south + grid.origin, grid.origin) }
      }
    }
  }
}
