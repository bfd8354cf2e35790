import CKernels
import Foundation
import Testing

@testable import Solvers
import Tensors

/// The set-up on all levels, and the cycle. Vectors are of points of a level.
struct AlgebraicMultigridTests {
  static let axes: [Joined] = [.none, .x, [.x, .y]]
  /// Small ones have one strip, the large one has several.
  static let sizes = [(13, 18), (40, 24), (150, 140)]

  /// A level as it was set up, in double.
  private struct Level {
    var starts: [Int] = []
    var columns: [Int] = []
    var couplings: [Double] = []
    var sums: [Double] = []
    var thresholds: [Double] = []
    var isCoarse: [Bool] = []
    var transferStarts: [Int] = []
    var transferPoints: [Int] = []
    var weights: [Double] = []
    var coarse = 0

    var count: Int { sums.count }

    /// The matrix times a vector, as fluxes.
    func product(_ x: [Double]) -> [Double] {
      (0..<count).map { i in
        (starts[i]..<starts[i + 1]).reduce(sums[i] * x[i]) { $0 + couplings[$1] * (x[i] - x[columns[$1]]) }
      }
    }

    func interpolated(_ x: [Double]) -> [Double] {
      (0..<count).map { i in
        (transferStarts[i]..<transferStarts[i + 1]).reduce(0) { $0 + weights[$1] * x[transferPoints[$1]] }
      }
    }

    func restricted(_ x: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: coarse)
      for i in 0..<count {
        for w in transferStarts[i]..<transferStarts[i + 1] { result[transferPoints[w]] += weights[w] * x[i] }
      }
      return result
    }

    func strong(_ i: Int) -> [Int] {
      (starts[i]..<starts[i + 1]).filter { couplings[$0] >= thresholds[i] }.map { columns[$0] }
    }
  }

  private static func levels(_ conductances: Conductances) throws -> [Level] {
    let a = conductances.stencil
    let layout = try #require(MultigridLayout(rows: a.rows, columns: a.columns, joined: a.joined))
    var (multigrid, system) = (AlgebraicMultigrid(layout), ReducedSystem(layout))
    var setUp = AlgebraicSetUp()
    multigrid.reduce(layout.unrolling?.unrolled(a) ?? a, Scaling(a), &system, &setUp)
    var (this, result) = (multigrid.levels[0], [Level]())
    while true {
      setUp.finish(&this)
      var level = Level()
      let count = this.count
      let strips = setUp.split(&this)
      this.withKernel { this in
        setUp.fine.withKernel { scratch in
          level.starts = (0...count).map { Int(this.pointee.start[$0]) }
          level.columns = (0..<level.starts[count]).map { Int(this.pointee.columns[$0]) }
          level.couplings = (0..<level.starts[count]).map { scratch.pointee.couplings[$0] }
          level.sums = (0..<count).map { scratch.pointee.sums[$0] }
          level.thresholds = (0..<count).map { scratch.pointee.threshold[$0] }
          level.isCoarse = (0..<count).map { scratch.pointee.number[$0] >= 0 }
        }
      }
      level.coarse = strips.points
      guard count > AlgebraicSetUp.directLimit else { return result + [level] }
      setUp.interpolate(&this, coarse: strips.points)
      this.withKernel { this in
        setUp.fine.withKernel { scratch in
          level.transferStarts = (0...count).map { Int(this.pointee.fromStart[$0]) }
          level.transferPoints = (0..<level.transferStarts[count]).map { Int(this.pointee.from[$0]) }
          level.weights = (0..<level.transferStarts[count]).map { scratch.pointee.fromWeights[$0] }
        }
      }
      var coarse = AlgebraicLevel()
      setUp.multiply(&this, &coarse, strips)
      swap(&setUp.fine, &setUp.next)
      this = coarse
      result.append(level)
    }
  }

  private static func hierarchies(joined: Joined = .none, edge: Bool = true) throws -> [[Level]] {
    try sizes.flatMap { rows, columns in
      try [Medium.noise, .channels, .cells].map { medium in
        try levels(
          Conductances(medium: medium.field(rows, columns, contrast: 1e6), joined: joined, edge: edge))
      }
    }
  }

  @Test("The finest matrix is the Schur complement of the black unknowns")
  func schurComplement() throws {
    for (edge, ground) in [(true, false), (false, true)] {
      let (rows, columns) = (9, 12)
      let conductances = Conductances(random: 2, rows: rows, columns: columns, edge: edge, ground: ground)
      let unit = Scaling(conductances.stencil).unit
      let (dense, n) = (conductances.dense, rows * columns)
      let (red, black) = (
        (0..<n).filter { ($0 / columns + $0 % columns) % 2 == 0 },
        (0..<n).filter { ($0 / columns + $0 % columns) % 2 == 1 }
      )
      let level = try #require(try Self.levels(conductances).first)
      for (column, j) in red.enumerated() {
        var x = [Double](repeating: 0, count: red.count)
        x[column] = 1
        let image = level.product(x)
        for (row, i) in red.enumerated() {
          let exact = black.reduce(dense[i * n + j]) { $0 - dense[i * n + $1] * dense[$1 * n + j] / dense[$1 * n + $1] }
          #expect(abs(image[row] - unit * exact) < 1e-14 * unit * dense[i * n + i])
        }
      }
    }
  }

  @Test("Every two fine points one of which depends strongly on the other share a coarse point", arguments: axes)
  func splitting(joined: Joined) throws {
    for levels in try Self.hierarchies(joined: joined) {
      #expect(levels.count >= 2)
      for level in levels.dropLast() {
        #expect(2 * level.coarse < level.count + 8)
        for i in 0..<level.count where !level.isCoarse[i] {
          let strong = level.strong(i)
          let coarse = Set(strong.filter { level.isCoarse[$0] })
          #expect(strong.isEmpty || !coarse.isEmpty)
          for j in strong where !level.isCoarse[j] {
            #expect(!coarse.isDisjoint(with: level.strong(j)), "points \(i) and \(j) of \(level.count)")
          }
        }
      }
    }
  }

  @Test("Interpolation keeps constants where the operator does, and is 1 at coarse points", arguments: axes)
  func interpolation(joined: Joined) throws {
    for levels in try Self.hierarchies(joined: joined) {
      for level in levels.dropLast() {
        let one = level.interpolated([Double](repeating: 1, count: level.coarse))
        for i in 0..<level.count {
          let weights = level.weights[level.transferStarts[i]..<level.transferStarts[i + 1]]
          if level.isCoarse[i] {
            #expect(Array(weights) == [1])
          } else {
            // Some tens of roundings.
            #expect(weights.allSatisfy { $0 >= 0 } && (one[i] < 1 + 1e-13 || level.sums[i] < 0))
            if level.sums[i] == 0 && !weights.isEmpty { #expect(abs(one[i] - 1) < 1e-13) }
          }
        }
      }
    }
  }

  @Test("Coarse operators are Galerkin products, column by column", arguments: axes)
  func galerkin(joined: Joined) throws {
    for levels in try Self.hierarchies(joined: joined) {
      for (fine, coarse) in zip(levels, levels.dropFirst()) {
        let largest = (fine.couplings.max() ?? 0) + (fine.sums.max() ?? 0)
        // All columns of small products, some of large ones.
        for column in stride(from: 0, to: coarse.count, by: max(1, coarse.count / 100)) {
          var x = [Double](repeating: 0, count: coarse.count)
          x[column] = 1
          let difference = zip(coarse.product(x), fine.restricted(fine.product(fine.interpolated(x)))).map {
            abs($0 - $1)
          }
          // Some tens of terms of up to about the largest coupling each.
          #expect((difference.max() ?? 0) < 1e-13 * largest)
        }
      }
    }
  }

  @Test("The rows of coarse operators of a singular operator have no sum at all", arguments: axes)
  func constants(joined: Joined) throws {
    for levels in try Self.hierarchies(joined: joined, edge: false) {
      // Dummies without couplings, which have a diagonal, end on the finest level.
      for level in levels.dropFirst() { #expect(level.sums.allSatisfy { $0 == 0 }) }
    }
  }

  @Test("The cycle is symmetric and positive", arguments: axes)
  func symmetry(joined: Joined) throws {
    for (medium, contrast) in [(Medium.noise, 1e2), (.noise, 1e6), (.channels, 1e4)] {
      let (rows, columns) = (150, 140)
      let a = Conductances(medium: medium.field(rows, columns, contrast: contrast), joined: joined).stencil
      let layout = try #require(MultigridLayout(rows: rows, columns: columns, joined: joined))
      var (multigrid, system) = (AlgebraicMultigrid(layout), ReducedSystem(layout))
      try #require(multigrid.setUp(layout.unrolling?.unrolled(a) ?? a, Scaling(a), &system))
      let count = multigrid.levels[0].count
      func cycle(_ b: [Double]) -> (z: [Double], product: Double) {
        multigrid.levels[0].withKernel { level in for i in 0..<count { level.pointee.right[i] = b[i] } }
        let product = multigrid.cycle()
        return (multigrid.levels[0].withKernel { level in (0..<count).map { level.pointee.unknown[$0] } }, product)
      }
      func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      /// Without mean, which residuals of a singular operator do not have.
      func vector(_ sample: Int) -> [Double] {
        let values = uniforms(count, sample: sample)
        let mean = values.reduce(0, +) / Double(count)
        return values.map { $0 - mean }
      }
      for sample in 0..<4 {
        let (x, y) = (vector(2 * sample), vector(2 * sample + 1))
        let (fromX, fromY) = (cycle(x), cycle(y))
        #expect(fromX.product > 0 && abs(fromX.product - dot(x, fromX.z)) <= 1e-12 * fromX.product)
        // Couplings and weights are rounded to single precision, to either side where a matrix is not quite symmetric.
        let size = (fromX.product * fromY.product).squareRoot()
        #expect(abs(dot(y, fromX.z) - dot(x, fromY.z)) < 1e-6 * size)
      }
    }
  }
}
