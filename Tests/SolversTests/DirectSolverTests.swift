import Testing

@testable import Solvers
import Tensors

struct DirectSolverTests {
  static let axes: [Joined] = [.none, .x, .y, [.x, .y]]

  @Test("Solutions are those of dense elimination", arguments: axes)
  func oracle(joined: Joined) {
    for (rows, columns) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (1, 30), (30, 1), (7, 9), (12, 9), (20, 21)] {
      for (edge, ground) in [(true, false), (false, false), (false, true)] {
        let case_ = Conductances(
          random: rows * 64 + columns, rows: rows, columns: columns, joined: joined, edge: edge, ground: ground)
        guard rows * columns > 1 || !case_.stencil.isSingular else { continue }
        let b = source(rows, columns)
        let result = DirectSolver(tolerance: Tolerance(relative: 1e-11)).solve(case_.stencil, rightHandSide: b)
        #expect(result.termination == .converged)
        // Two factorisations of matrices with condition numbers below 10⁵.
        #expect(result.solution.difference(case_.eliminated(b)) < 1e-10, "\(rows) × \(columns)")
      }
    }
  }

  @Test("Both solvers agree where elimination without structure is too slow", arguments: axes)
  func conjugateGradient(joined: Joined) {
    for (edge, ground) in [(true, false), (false, false), (false, true)] {
      let case_ = Conductances(random: 3, rows: 61, columns: 70, joined: joined, edge: edge, ground: ground)
      let b = source(61, 70)
      let direct = DirectSolver(tolerance: Tolerance(relative: 1e-11)).solve(case_.stencil, rightHandSide: b)
      let iterative = ConjugateGradient(tolerance: Tolerance(relative: 1e-11)).solve(case_.stencil, rightHandSide: b)
      #expect(direct.termination == .converged && iterative.termination == .converged)
      #expect(iterative.solution.difference(direct.solution) < 1e-8)
    }
  }

  @Test("What cannot be solved is not called converged")
  func failures() {
    let b = source(6, 7)
    var broken = Conductances(random: 4, rows: 6, columns: 7)
    broken.west[17] = .nan
    #expect(DirectSolver().solve(broken.stencil, rightHandSide: b).termination == .nonfinite)
    var zero = Conductances(random: 4, rows: 6, columns: 7)
    (zero.west, zero.south) = (zero.west.map { _ in 0 }, zero.south.map { _ in 0 })
    #expect(DirectSolver().solve(zero.stencil, rightHandSide: b).termination == .stagnated)
    let sound = Conductances(random: 4, rows: 6, columns: 7).stencil
    let strict = DirectSolver(tolerance: Tolerance(relative: 1e-30)).solve(sound, rightHandSide: b)
    #expect(strict.termination == .stagnated && strict.statistics.residual > 0 && strict.statistics.residual < 1e-12)
    var wrong = b
    wrong[3, 4] = .infinity
    #expect(DirectSolver().solve(sound, rightHandSide: wrong).termination == .nonfinite)
  }
}
