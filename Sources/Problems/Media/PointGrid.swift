import Solvers
import Spectral
import Tensors

/// The points of a regular grid on a rectangle.
///
/// A point's place is a function of the fraction of the axis at which it lies, computed by one correctly rounded division:
/// a point that two grids share has the same coordinates bit for bit.
struct PointGrid: Sendable {
  /// Points along (y, x).
  let shape: (Int, Int)
  let domain: Rectangle
  /// Axes whose right end is not stored because it is the left one.
  let joined: Joined

  /// The coordinate of a column.
  func x(_ column: Int) -> Double { domain.width * fraction(column, of: shape.1, .x) }

  /// The coordinate of a row.
  func y(_ row: Int) -> Double { domain.height * fraction(row, of: shape.0, .y) }

  private func fraction(_ index: Int, of count: Int, _ axis: Joined) -> Double {
    Double(index) / Double(joined.contains(axis) ? count : count - 1)
  }

  /// The Gaussian field of a law at the points.
  func field(_ law: GaussianLaw) -> GaussianRandomField {
    GaussianRandomField(
      law, shape: shape,
      bases: (joined.contains(.y) ? .periodic : .neumann, joined.contains(.x) ? .periodic : .neumann),
      extents: (domain.height, domain.width))
  }

  /// Rows that one thread takes at a time.
  private static let rowsAtOnce = 16

  /// A function of (x, y) at every point, [ny, nx].
  func values(_ value: @Sendable (Double, Double) -> Double) -> Tensor<Double> {
    let (rows, columns) = shape
    return Tensor(shape: [rows, columns]) { out in
      Parallel.chunks(of: rows, size: Self.rowsAtOnce) { chunk in
        for row in chunk {
          let y = y(row)
          for column in 0..<columns { out[row * columns + column] = value(x(column), y) }
        }
      }
    }
  }
}
