import Foundation
import Testing

@testable import Solvers
import Tensors

struct ConjugateGradientTests {
  static let axes: [Joined] = [.none, .x, .y, [.x, .y]]
  /// The sizes of tables; the largest only before a release.
  static let sizes =
    [64, 65, 129, 200, 257] + (ProcessInfo.processInfo.environment["PDE_RELEASE_TESTS"] == nil ? [] : [421, 1025])

  private static let variants: [(ConjugateGradient.Precision, ConjugateGradient.Preconditioner)] = [
    (.single, .geometric), (.double, .geometric), (.automatic, .algebraic),
  ]

  private static func iterations(
    _ medium: Medium, contrast: Double, rows: Int, columns: Int, joined: Joined = .none, edge: Bool = true,
    ground: Double = 0
  ) -> LinearSolution {
    var conductances = Conductances(
      medium: medium.field(rows, columns, contrast: contrast), joined: joined, edge: edge)
    if ground > 0 { conductances.ground = [Double](repeating: ground, count: rows * columns) }
    return ConjugateGradient(tolerance: Tolerance(relative: 1e-8)).solve(
      conductances.stencil, rightHandSide: source(rows, columns))
  }

  @Test("Solutions are those of dense elimination", arguments: axes)
  func oracle(joined: Joined) {
    let sizes = [
      (1, 1), (1, 5), (2, 2), (2, 3), (3, 3), (2, 40), (7, 9), (8, 8), (9, 8), (8, 16), (16, 17), (19, 12), (23, 24),
      (25, 31), (31, 10), (40, 2),
    ]
    for (rows, columns) in sizes {
      for (edge, ground) in [(true, false), (false, false), (false, true)] {
        let case_ = Conductances(
          random: rows * 64 + columns, rows: rows, columns: columns, joined: joined, edge: edge, ground: ground)
        guard rows * columns > 1 || !case_.stencil.isSingular else { continue }
        let b = source(rows, columns)
        for (precision, preconditioner) in Self.variants {
          let result = ConjugateGradient(
            tolerance: Tolerance(relative: 1e-12), precision: precision, preconditioner: preconditioner
          ).solve(case_.stencil, rightHandSide: b)
          #expect(result.termination == .converged, "\(rows) × \(columns), edge \(edge), ground \(ground)")
          // Condition numbers are below 10⁴ and the residual is 1e-12.
          let difference = result.solution.difference(case_.eliminated(b))
          #expect(difference < 1e-8, "\(rows) × \(columns), edge \(edge), ground \(ground): \(difference)")
          if case_.stencil.isSingular {
            #expect(abs(result.solution.sum()) < 1e-11 * result.solution.norm * Double(rows * columns))
          }
        }
      }
    }
  }

  @Test("Iterations for contrast 4 do not depend on size, joined axes, edges or ground", arguments: axes)
  func table(joined: Joined) {
    for (edge, ground) in [(true, 0.0), (false, 0), (false, 1e-3), (false, 1), (false, 1e3)] {
      let counts = Self.sizes.map { size in
        let result = Self.iterations(
          .blobs, contrast: 4, rows: size, columns: size, joined: joined, edge: edge, ground: ground)
        #expect(result.termination == .converged)
        return result.statistics.iterations
      }
      // The Dirichlet problem takes 7 or 8; the error falls about tenfold an iteration.
      #expect(counts.allSatisfy { $0 <= 10 }, "edge \(edge), ground \(ground): \(counts)")
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 3, "edge \(edge), ground \(ground): \(counts)")
    }
  }

  @Test("Little ground and hardly any edge need no more iterations than a singular operator")
  func nearlySingular() {
    for ground in [1e-4, 1e-6, 1e-8] {
      var conductances = Conductances(medium: Medium.blobs.field(129, 129, contrast: 4), edge: false)
      conductances.ground = [Double](repeating: ground, count: 129 * 129)
      // Without mean, so that the solution does not grow as the inverse of the ground.
      let result = ConjugateGradient().solve(conductances.stencil, rightHandSide: source(129, 129).withoutMean())
      #expect(result.termination == .converged && result.statistics.iterations <= 11)
    }
  }

  @Test("Thin rectangles and rings need no more iterations than squares")
  func thin() {
    for (rows, columns) in [(2, 500), (3, 500), (7, 500), (9, 301), (500, 17), (300, 33)] {
      for joined in Self.axes {
        for edge in [true, false] {
          let result = Self.iterations(.blobs, contrast: 4, rows: rows, columns: columns, joined: joined, edge: edge)
          #expect(result.termination == .converged)
          #expect(result.statistics.iterations <= 10, "\(rows) × \(columns), joined \(joined.rawValue), edge \(edge)")
        }
      }
    }
  }

  @Test("Contrast up to 10⁶ at most doubles the iterations with inclusions of several cells", arguments: axes)
  func contrast(joined: Joined) {
    for contrast in [1e2, 1e4, 1e6] {
      for size in Self.sizes {
        let result = Self.iterations(.blobs, contrast: contrast, rows: size, columns: size, joined: joined)
        // Where the tolerance is below what double precision resolves, the solution has its backward error.
        #expect(result.termination == .converged || (result.statistics.backwardError ?? 1) < 1e-16)
        let once = result.statistics.trace.firstIndex { $0 <= 1e-8 } ?? .max
        // Twice the 8 and 9 of contrast 1; at 10⁶ the dummies of joined axes cost as much again.
        let limit = joined == .none ? 16 : contrast < 1e6 ? 18 : 32
        #expect(once <= limit, "contrast \(contrast), \(size): \(once)")
      }
    }
  }

  @Test("The number of threads changes no bit", arguments: axes)
  func threads(joined: Joined) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    for (medium, edge, contrast) in [(Medium.blobs, true, 4.0), (.blobs, false, 1e5), (.noise, true, 1e4)] {
      let results = [1, 2, 3, 8].map { threads in
        Parallel.threads = threads
        return Self.iterations(medium, contrast: contrast, rows: 101, columns: 130, joined: joined, edge: edge)
      }
      for result in results {
        #expect(result.solution.elements == results[0].solution.elements)
        #expect(result.statistics == results[0].statistics)
      }
    }
  }

  @Test("A workspace holds nothing of the solve before", arguments: axes)
  func reuse(joined: Joined) {
    var workspace = ConjugateGradient.Workspace(rows: 70, columns: 83, joined: joined)
    for (medium, contrast, edge) in [
      (Medium.blobs, 4.0, true), (.cells, 1e6, true), (.blobs, 1e5, false), (.blobs, 1e2, true), (.noise, 1e4, false),
      (.blobs, 4, false),
    ] {
      let conductances = Conductances(
        medium: medium.field(70, 83, contrast: contrast), joined: joined, edge: edge)
      let b = source(70, 83)
      let fresh = ConjugateGradient().solve(conductances.stencil, rightHandSide: b)
      let again = ConjugateGradient().solve(conductances.stencil, rightHandSide: b, in: &workspace)
      #expect(fresh.solution.elements == again.solution.elements && fresh.statistics == again.statistics)
    }
  }

  @Test("A workspace takes at most 20 doubles an unknown, 30 in double precision", arguments: axes)
  func memory(joined: Joined) {
    let stencil = Conductances(medium: Medium.blobs.field(400, 400, contrast: 4), joined: joined).stencil
    for (precision, limit) in [(ConjugateGradient.Precision.single, 20), (.double, 30)] {
      var workspace = ConjugateGradient.Workspace(rows: 400, columns: 400, joined: joined)
      let empty = workspace.byteCount
      let result = ConjugateGradient(precision: precision).solve(
        stencil, rightHandSide: source(400, 400), in: &workspace)
      #expect(result.termination == .converged)
      #expect(workspace.byteCount <= limit * 400 * 400 * MemoryLayout<Double>.size)
      #expect(workspace.byteCount > empty && empty > 5 * 400 * 400 * MemoryLayout<Double>.size)
    }
  }

  @Test("What cannot be solved ends with its reason and is never called converged", arguments: axes)
  func failures(joined: Joined) {
    for (rows, columns) in [(1, 9), (33, 40)] {
      let b = source(rows, columns)
      let sound = Conductances(random: 5, rows: rows, columns: columns, joined: joined)
      func verdict(_ operand: Conductances, _ b: Tensor<Double>, limit: Int = 200) -> Termination {
        ConjugateGradient(tolerance: Tolerance(relative: 1e-10), iterationLimit: limit).solve(
          operand.stencil, rightHandSide: b
        ).termination
      }
      var broken = sound
      broken.west[1] = .nan
      #expect(verdict(broken, b) == .nonfinite)
      broken.west[1] = .infinity
      #expect(verdict(broken, b) == .nonfinite)
      var zero = sound
      (zero.west, zero.south) = (zero.west.map { _ in 0 }, zero.south.map { _ in 0 })
      #expect(verdict(zero, b) != .converged)
      var grounded = sound
      grounded.ground = [Double](repeating: 1, count: rows * columns)
      grounded.ground?[3] = .nan
      #expect(verdict(grounded, b) == .nonfinite)
      for value in [Double.nan, .infinity] {
        var wrong = b
        wrong[0, 3] = value
        #expect(verdict(sound, wrong) == .nonfinite)
      }
      if rows > 1 {
        #expect(verdict(sound, b, limit: 1) == .iterationLimit)
        let result = ConjugateGradient(tolerance: Tolerance(relative: 1e-30)).solve(sound.stencil, rightHandSide: b)
        #expect(result.termination == .stagnated && (result.statistics.backwardError ?? 1) < 1e-15)
      }
    }
  }

  @Test("A singular operator asked for a constant returns zero, whatever the rounding of the mean")
  func constantSource() {
    let stencil = Conductances(random: 6, rows: 20, columns: 33, edge: false).stencil
    let result = ConjugateGradient().solve(
      stencil, rightHandSide: Tensor(shape: [20, 33], elements: [Double](repeating: 0.1, count: 660)))
    #expect(result.termination == .converged && result.solution.maxAbs == 0)
  }
}
