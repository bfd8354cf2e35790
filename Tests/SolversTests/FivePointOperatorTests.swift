import Testing

@testable import Solvers
import Tensors

struct FivePointOperatorTests {
  static let axes: [Joined] = [.none, .x, .y, [.x, .y]]

  @Test("The residual is that of the matrix: joined axes, ground, widths around whole vectors", arguments: axes)
  func residual(joined: Joined) {
    for (rows, columns) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 7), (5, 8), (4, 15), (6, 16), (40, 9), (33, 6)] {
      for ground in [false, true] {
        let case_ = Conductances(
          random: rows * 64 + columns, rows: rows, columns: columns, joined: joined, ground: ground)
        let (u, b) = (source(columns, rows).elements, source(rows, columns))
        let matrix = case_.dense
        let expected = (0..<u.count).map { i in
          b.elements[i] - (0..<u.count).reduce(0.0) { $0 + matrix[i * u.count + $1] * u[$1] }
        }
        let found = case_.stencil.residual(of: Tensor(shape: b.shape, elements: u), rightHandSide: b)
        // Values are of order one and a row has at most ten terms.
        #expect(found.difference(Tensor(shape: b.shape, elements: expected)) < 2e-14)
      }
    }
  }

  @Test("A stencil is singular when nothing conducts to the outside")
  func singular() {
    for joined in Self.axes {
      var closed = Conductances(random: 1, rows: 5, columns: 6, joined: joined, edge: false)
      #expect(closed.stencil.isSingular)
      #expect(Conductances(random: 1, rows: 5, columns: 6, joined: joined).stencil.isSingular == (joined == [.x, .y]))
      closed.ground = [Double](repeating: 0, count: 30)
      #expect(closed.stencil.isSingular)
      closed.ground?[17] = 1e-9
      #expect(!closed.stencil.isSingular)
    }
    for face in [6, 13] {
      var closed = Conductances(random: 1, rows: 5, columns: 6, edge: false)
      closed.west[face] = 1
      #expect(closed.stencil.isSingular == !([6, 13, 20, 27, 34, 0, 7, 14, 21, 28].contains(face)))
    }
  }

  @Test("Constants are mapped to zero without rounding when nothing conducts to the outside")
  func constants() {
    for joined in Self.axes {
      let closed = Conductances(random: 2, rows: 9, columns: 17, joined: joined, contrast: 1e12, edge: false)
      let image = closed.stencil.residual(
        of: Tensor(shape: [9, 17], elements: [Double](repeating: 0.1, count: 153)), rightHandSide: .zeros([9, 17]))
      #expect(image.maxAbs == 0)
    }
  }
}
