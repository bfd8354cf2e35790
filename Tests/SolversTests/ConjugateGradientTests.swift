import Testing

@testable import Solvers
import Tensors

struct ConjugateGradientTests {
  static let axes: [Joined] = [.none, .x, .y, [.x, .y]]

  @Test("Solutions are those of dense elimination", arguments: axes)
  func oracle(joined: Joined) {
    let sizes = [
      (1, 1), (1, 5), (2, 2), (2, 3), (3, 3), (2, 40), (7, 9), (8, 16), (16, 17), (19, 12), (23, 24), (40, 2),
    ]
    for (rows, columns) in sizes {
      for (edge, ground) in [(true, false), (false, false), (false, true)] {
        let case_ = Conductances(
          random: rows * 64 + columns, rows: rows, columns: columns, joined: joined, edge: edge, ground: ground)
        guard rows * columns > 1 || !case_.stencil.isSingular else { continue }
        let b = source(rows, columns)
        let result = ConjugateGradient(tolerance: Tolerance(relative: 1e-12)).solve(case_.stencil, rightHandSide: b)
        #expect(result.termination == .converged, "\(rows) × \(columns), edge \(edge), ground \(ground)")
        // The condition number of the largest is below 10⁵, the residual is 1e-12.
        let difference = result.solution.difference(case_.eliminated(b))
        #expect(difference < 1e-8, "\(rows) × \(columns), edge \(edge), ground \(ground): \(difference)")
      }
    }
  }
}
