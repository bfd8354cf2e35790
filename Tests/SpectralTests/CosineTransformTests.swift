import Foundation
import Spectral
import Tensors
import TestSupport
import Testing

@Suite struct CosineTransformTests {
  @Test(arguments: [(2, 3), (5, 8), (16, 11)])
  func agreesWithItsDefinition(rows: Int, columns: Int) {
    let field: Tensor<Double> = randomTensor([2, rows, columns])
    var transformed = field
    CosineTransform(shape: (rows, columns)).apply(&transformed)
    func basis(_ k: Int, _ j: Int, _ n: Int) -> Double {
      (j == 0 || j == n - 1 ? 1 : 2) * cos(.pi * Double(j * k) / Double(n - 1))
    }
    let expected = Tensor<Double>(shape: field.shape) { out in
      for f in 0..<2 {
        for k in 0..<rows {
          for l in 0..<columns {
            var sum = 0.0
            for i in 0..<rows {
              for j in 0..<columns { sum += field[f, i, j] * basis(k, i, rows) * basis(l, j, columns) }
            }
            out[(f * rows + k) * columns + l] = sum
          }
        }
      }
    }
    #expect(relativeError(transformed, expected) < 1e-14)
  }

  @Test func twiceIsAMultipleOfTheIdentity() {
    let (rows, columns) = (43, 22)
    let field: Tensor<Double> = randomTensor([3, rows, columns])
    var transformed = field
    let transform = CosineTransform(shape: (rows, columns))
    transform.apply(&transformed)
    transform.apply(&transformed)
    #expect(relativeError(transformed, field.scaled(by: Double(4 * (rows - 1) * (columns - 1)))) < 1e-14)
  }
}
