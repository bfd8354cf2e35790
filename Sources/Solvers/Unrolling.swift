import Tensors

/// Both axes of a rectangle unrolled, with the way there and back.
struct Unrolling: Hashable, Sendable {
  let rows: UnrolledAxis
  let columns: UnrolledAxis

  var grid: PaddedGrid { PaddedGrid(rows: rows.length, columns: columns.length) }

  /// The operator on the unrolled rectangle, whose edges cut through the margins.
  func unrolled(_ a: FivePointOperator) -> FivePointOperator {
    let largest = a.conductanceRange.largest
    return a.withFaces { west, south, ground in
      let stride = a.grid.stride
      func horizontal(_ row: Int, _ column: Int) -> Double {
        guard let source = rows.unknowns[row] else { return 0 }
        let face = columns.faces[column]
        return face.factor * west[source * stride + face.index]
      }
      func vertical(_ row: Int, _ column: Int) -> Double {
        guard let source = columns.unknowns[column] else { return 0 }
        let face = rows.faces[row]
        return face.factor * south[face.index * stride + source]
      }
      let grounds = Tensor<Double>(shape: [rows.length, columns.length]) { out in
        for row in 0..<rows.length {
          for column in 0..<columns.length {
            let at = row * columns.length + column
            if let i = rows.unknowns[row], let j = columns.unknowns[column] {
              out[at] = ground?[i * stride + j] ?? 0
            } else {
              // A dummy without couplings keeps a diagonal and the value 0.
              let couplings = horizontal(row, column) + vertical(row, column)
              out[at] = couplings == 0 ? largest : 0
            }
          }
        }
      }
      return FivePointOperator(rows: rows.length, columns: columns.length, ground: grounds) { row, west, south in
        for column in west.indices { west[column] = horizontal(row, column) }
        for column in south.indices { south[column] = vertical(row, column) }
      }
    }
  }

  /// A right-hand side with its margins; 0 at dummies.
  func unrolled(_ right: Right) -> Right {
    let values = Tensor<Double>(shape: [rows.length, columns.length]) { out in
      right.values.withUnsafeBuffer { input in
        for row in 0..<rows.length {
          for column in 0..<columns.length {
            guard let i = rows.unknowns[row], let j = columns.unknowns[column] else {
              out[row * columns.length + column] = 0
              continue
            }
            out[row * columns.length + column] = input[right.origin + i * right.stride + j]
          }
        }
      }
    }
    return Right(values: values, origin: 0, stride: columns.length)
  }

  /// Adds a padded solution on the unrolled rectangle to the padded one of the operator.
  func addRing(of extended: Tensor<Double>, to u: inout Tensor<Double>, _ target: PaddedGrid) {
    let grid = grid
    extended.withUnsafeBuffer { input in
      u.withUnsafeMutableBuffer { out in
        for row in rows.margin..<rows.length - rows.margin {
          guard let i = rows.unknowns[row] else { continue }
          for column in columns.margin..<columns.length - columns.margin {
            guard let j = columns.unknowns[column] else { continue }
            out[target.origin + i * target.stride + j] += input[grid.origin + row * grid.stride + column]
          }
        }
      }
    }
  }
}
