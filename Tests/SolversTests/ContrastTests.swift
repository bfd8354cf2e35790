import Foundation
import Testing

@testable import Solvers
import Tensors

/// Conjugate gradients on media that jump strongly.
struct ContrastTests {
  private static let sizes =
    [65, 129, 257] + (ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? [] : [513, 1025])

  private static func field(_ medium: Medium, _ size: Int, _ contrast: Double, _ inverse: Bool) -> Tensor<Double> {
    let field = medium.field(size, size, contrast: contrast)
    return inverse ? Tensor(shape: field.shape, elements: field.elements.map { contrast / $0 }) : field
  }

  /// Iterations to a relative residual of 1e-8, and the change from the smallest size to the largest.
  private static func check(
    _ preconditioner: ConjugateGradient.Preconditioner, _ medium: Medium, contrast: Double, inverse: Bool, limit: Int
  ) {
    for size in sizes {
      let result = ConjugateGradient(preconditioner: preconditioner).solve(
        Conductances(medium: field(medium, size, contrast, inverse)).stencil, rightHandSide: source(size, size))
      // Where the tolerance is below what double precision resolves, the solution has its backward error.
      #expect(result.termination == .converged || (result.statistics.backwardError ?? 1) < 1e-16)
      let count = result.statistics.trace.firstIndex { $0 <= 1e-8 } ?? .max
      #expect(count <= limit + (size > 257 ? 2 : 0), "\(medium) \(inverse) \(contrast) \(size): \(count)")
    }
  }

  @Test(
    "Contrast at most doubles the iterations of the algebraic cycle, wherever the coefficient jumps",
    arguments: Medium.allCases, [1e2, 1e4, 1e6])
  func algebraic(medium: Medium, contrast: Double) {
    for inverse in [false, true] {
      // Twice the 7 of contrast 1.
      Self.check(.algebraic, medium, contrast: contrast, inverse: inverse, limit: 14)
    }
  }

  @Test("So it does when the geometric cycle is tried first", arguments: Medium.allCases, [1e2, 1e4, 1e6])
  func automatic(medium: Medium, contrast: Double) {
    for inverse in [false, true] {
      Self.check(.automatic, medium, contrast: contrast, inverse: inverse, limit: 16)
    }
  }

  @Test("The geometric cycle stays where it is fast")
  func geometric() {
    for (medium, contrast) in [(Medium.noise, 10.0), (.blobs, 1e2), (.discs, 1e2), (.cells, 1e2)] {
      let a = Conductances(medium: medium.field(257, 257, contrast: contrast)).stencil
      let results = [ConjugateGradient.Preconditioner.automatic, .geometric].map {
        ConjugateGradient(preconditioner: $0).solve(a, rightHandSide: source(257, 257))
      }
      #expect(results[0].statistics == results[1].statistics)
    }
  }

  @Test(
    "Solutions are those of a factorisation, up to the accuracy of both", arguments: [Joined.none, .x, .y, [.x, .y]])
  func solutions(joined: Joined) {
    for medium in [Medium.noise, .speckles, .channels] {
      // Without an edge the operator is singular.
      for edge in [true, false] {
        let a = Conductances(medium: medium.field(70, 61, contrast: 1e4), joined: joined, edge: edge).stencil
        let b = source(70, 61)
        let direct = DirectSolver(tolerance: Tolerance(relative: 1e-9)).solve(a, rightHandSide: b)
        let iterative = ConjugateGradient(tolerance: Tolerance(relative: 1e-9), preconditioner: .algebraic).solve(
          a, rightHandSide: b)
        #expect(direct.termination == .converged && iterative.termination == .converged)
        #expect(iterative.solution.difference(direct.solution) < 1e-6, "\(medium), edge \(edge)")
      }
    }
  }

  @Test("The number of threads changes no bit", arguments: [Joined.none, [.x, .y]])
  func threads(joined: Joined) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    // Large enough for several strips on two levels.
    let a = Conductances(medium: Medium.noise.field(270, 261, contrast: 1e4), joined: joined).stencil
    let results = [1, 2, 3].map { threads in
      Parallel.threads = threads
      return ConjugateGradient(preconditioner: .algebraic).solve(a, rightHandSide: source(270, 261))
    }
    for result in results {
      #expect(result.solution.elements == results[0].solution.elements)
      #expect(result.statistics == results[0].statistics)
    }
  }

  @Test("The memory of the algebraic cycle, and none of it where it is not used")
  func memory() {
    let count = 400
    var workspace = ConjugateGradient.Workspace(rows: count, columns: count)
    func doubles() -> Double { Double(workspace.byteCount) / Double(8 * count * count) }
    let empty = doubles()
    for (medium, limit) in [(Medium.channels, 16.0), (.noise, 20.0)] {
      let a = Conductances(medium: medium.field(count, count, contrast: 1e4)).stencil
      let result = ConjugateGradient(preconditioner: .algebraic).solve(
        a, rightHandSide: source(count, count), in: &workspace)
      #expect(result.termination == .converged)
      #expect(doubles() - empty < limit, "\(doubles() - empty)")
    }
  }
}
