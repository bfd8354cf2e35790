import Tensors

/// Where the values on a rectangle of unknowns lie in memory: rows of equal stride with a frame of zeros around them.
///
/// The frame lets a stencil read its neighbours without asking where it is. Row −1 and row `rows` exist; between two rows
/// there is at least one zero, which serves as the east neighbour of one and the west neighbour of the other. Along a
/// joined axis the frame holds copies of the lines on the other side (``wrap(_:)``), and there are two such elements.
struct PaddedGrid: Hashable, Sendable {
  let rows: Int
  let columns: Int
  var joined: Joined = .none
  /// Elements a kernel handles at once; strides are multiples of it.
  static let lanes = 8
  /// Rows that one piece of work covers.
  static let rowsPerStrip = 32

  var stride: Int { ((columns + (joined.contains(.x) ? 1 : 0)) / Self.lanes + 1) * Self.lanes }
  /// The position of unknown (0, 0).
  var origin: Int { stride + Self.lanes }
  var count: Int { (rows + 2) * stride + 2 * Self.lanes }

  /// A field of zeros.
  func zeros() -> Tensor<Double> { .zeros([count]) }

  /// Copies a field of shape [rows, columns] into the interior of a padded one.
  func pad(_ field: Tensor<Double>, into padded: inout Tensor<Double>) {
    precondition(field.shape == [rows, columns], "a field of \([rows, columns]) unknowns has shape \(field.shape)")
    field.withUnsafeBuffer { input in
      padded.withUnsafeMutableBuffer { out in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for row in 0..<rows { (y + origin + row * stride).update(from: x + row * columns, count: columns) }
      }
    }
  }

  /// Copies the lines beside a joined edge into the frame on the other side.
  func wrap(_ padded: inout Tensor<Double>) {
    guard joined != .none else { return }
    padded.withUnsafeMutableBuffer { out in
      guard let base = out.baseAddress else { return }
      let x = base + origin
      if joined.contains(.x) {
        for row in 0..<rows {
          x[row * stride - 1] = x[row * stride + columns - 1]
          x[row * stride + columns] = x[row * stride]
        }
      }
      if joined.contains(.y) {
        (x - stride).update(from: x + (rows - 1) * stride, count: columns)
        (x + rows * stride).update(from: x, count: columns)
      }
    }
  }

  /// The interior of a padded field, of shape [rows, columns].
  func interior(of padded: Tensor<Double>) -> Tensor<Double> {
    Tensor(shape: [rows, columns]) { out in
      padded.withUnsafeBuffer { input in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        for row in 0..<rows { (y + row * columns).update(from: x + origin + row * stride, count: columns) }
      }
    }
  }
}
