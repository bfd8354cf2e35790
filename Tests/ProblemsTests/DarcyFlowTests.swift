import Foundation
import Problems
import Solvers
import Tensors
import TestSupport
import Testing

@Suite struct DarcyFlowTests {
  /// u = sin(πx) sin(2πy) eˣ with a = 1 + x/2 + sin(y)/3, f by hand.
  private static func exact(_ x: Double, _ y: Double) -> Double { sin(.pi * x) * sin(2 * .pi * y) * exp(x) }
  private static func medium(_ x: Double, _ y: Double) -> Double { 1 + x / 2 + sin(y) / 3 }
  private static func source(_ x: Double, _ y: Double) -> Double {
    let (sx, cx, sy, cy, e) = (sin(.pi * x), cos(.pi * x), sin(2 * .pi * y), cos(2 * .pi * y), exp(x))
    let ux = (sx + .pi * cx) * sy * e
    let uy = 2 * .pi * sx * cy * e
    let uxx = (sx + 2 * .pi * cx - .pi * .pi * sx) * sy * e
    let uyy = -4 * .pi * .pi * sx * sy * e
    return -(ux / 2 + uy * cos(y) / 3 + medium(x, y) * (uxx + uyy))
  }

  @Test(arguments: FaceMean.allCases)
  func theSolutionConvergesAtSecondOrder(mean: FaceMean) throws {
    let errors = try [33, 65, 129, 257].map { n -> Double in
      let flow = try DarcyFlow(
        permeability: vertexField((n, n), Self.medium), source: vertexField((n, n), Self.source),
        setting: DarcyFlow.Setting(faceMean: mean))
      // Far below the discretisation error, which is 3e-5 on the finest grid.
      let result = DarcySolver(tolerance: Tolerance(relative: 1e-10)).solve(flow)
      #expect(result.termination == .converged)
      return relativeError(result.solution, vertexField((n, n), Self.exact))
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 2) < 0.02) }
  }

  @Test func secondOrderHoldsOnARectangleWithUnequalSpacings() throws {
    let domain = Rectangle(width: 1, height: 2)
    let errors = try [(49, 33), (97, 65), (193, 129)].map { shape -> Double in
      // u(x, y/2) on the taller rectangle: derivatives along y halve.
      func stretched(_ f: @escaping (Double, Double) -> Double) -> (Double, Double) -> Double { { f($0, $1 / 2) } }
      func source(_ x: Double, _ y: Double) -> Double {
        let (sx, cx, sy, e) = (sin(.pi * x), cos(.pi * x), sin(.pi * y), exp(x))
        return -((sx + 2 * .pi * cx - .pi * .pi * sx) - .pi * .pi * sx) * sy * e
      }
      let flow = try DarcyFlow(
        permeability: Tensor(shape: [shape.0, shape.1], repeating: 1), source: vertexField(shape, on: domain, source),
        setting: DarcyFlow.Setting(domain: domain))
      let result = DarcySolver(tolerance: Tolerance(relative: 1e-10)).solve(flow)
      return relativeError(result.solution, vertexField(shape, on: domain, stretched(Self.exact)))
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 2) < 0.02) }
  }

  /// Fourth differences of the polynomial vanish, so the five-point stencil is exact on it.
  @Test(arguments: [17, 32, 101])
  func aBiquadraticSolutionIsReproducedToRounding(n: Int) throws {
    let flow = try DarcyFlow(
      permeability: Tensor(shape: [n, n], repeating: 3),
      source: vertexField((n, n)) { 6 * ($0 * (1 - $0) + $1 * (1 - $1)) })
    let exact = vertexField((n, n)) { $0 * (1 - $0) * $1 * (1 - $1) }
    // The residual of the exact solution is rounding of differences divided by h²: n² ε max|u| a = 1e-11 at n = 101.
    #expect(flow.relativeResidual(of: exact) < 1e-11)
    let result = DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(flow)
    #expect(relativeError(result.solution, exact) < 1e-12)
  }

  @Test func aConstantBoundaryValueOnlyShiftsTheSolution() throws {
    let a = roughMedium((33, 41), contrast: 100)
    let solver = DarcySolver(tolerance: Tolerance(relative: 1e-11))
    let zero = solver.solve(try DarcyFlow(permeability: a)).solution
    let shifted = solver.solve(
      try DarcyFlow(
        permeability: a, setting: DarcyFlow.Setting(boundary: BoundaryConditions(everywhere: .dirichlet(2)))))
    #expect(relativeError(shifted.solution, zero.affine(scale: 1, shift: 2)) < 1e-9)
  }

  /// Between plates held at 0 and 1 with a medium that varies across them alone, each column away from the other two
  /// sides carries one flux; far from those sides the layered solution in one dimension holds.
  @Test func layersInSeriesShareOneFlux() throws {
    let (rows, columns) = (33, 401)
    let domain = Rectangle(width: 50, height: 1)
    let a = vertexField((rows, columns), on: domain) { _, y in y < 0.5 ? 1 : 1000 }
    var boundary = BoundaryConditions.zeroDirichlet
    boundary.north = .dirichlet(1)
    let flow = try DarcyFlow(
      permeability: a, source: 0, setting: DarcyFlow.Setting(domain: domain, boundary: boundary))
    let u = DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(flow).solution
    // Resistances of the faces, in cells: 16 low ones below the jump of which the last is half of each.
    let resistances = (0..<rows - 1).map { 0.5 / a[$0, 0] + 0.5 / a[$0 + 1, 0] }
    let total = resistances.reduce(0, +)
    var sum = 0.0
    for row in 0..<rows - 1 {
      #expect(abs(u[row, columns / 2] - sum / total) < 1e-10)
      sum += resistances[row]
    }
  }

  @Test(arguments: FaceMean.allCases)
  func theResidualIsThatOfTheDefinition(mean: FaceMean) throws {
    let setting = DarcyFlow.Setting(domain: Rectangle(width: 2, height: 0.7), faceMean: mean)
    let a = roughMedium((13, 18), contrast: 50)
    let u: Tensor<Double> = randomTensor([13, 18])
    let flow = try DarcyFlow(permeability: a, setting: setting)
    #expect(relativeError(flow.residual(of: u), naiveResidual(a, u, setting)) < 1e-14)
    let expected = naiveResidual(a, u, setting).norm / Double(11 * 16).squareRoot()
    #expect(abs(flow.relativeResidual(of: u) / expected - 1) < 1e-14)
  }

  @Test(arguments: [0, -1, Double.nan, .infinity])
  func aPermeabilityThatIsNotPositiveIsRefusedWithItsPlace(value: Double) {
    var a = Tensor<Double>(shape: [5, 6], repeating: 1)
    a[2, 4] = value
    let error = #expect(throws: DarcyError.self) { try DarcyFlow(permeability: a, sample: 7) }
    guard case .permeability(let found, 2, 4, 7) = error else {
      Issue.record("wrong error: \(String(describing: error))")
      return
    }
    #expect(found == value || (found.isNaN && value.isNaN))
    #expect(error?.description.contains("sample 7 at row 2, column 4 is \(value)") == true)
  }

  @Test func aSourceThatIsNotFiniteAndAGridWithoutInnerVerticesAreRefused() {
    let a = Tensor<Double>(shape: [5, 6], repeating: 1)
    var f = a
    f[1, 3] = .infinity
    #expect(throws: DarcyError.source(value: .infinity, row: 1, column: 3, sample: nil)) {
      try DarcyFlow(permeability: a, source: f)
    }
    #expect(throws: DarcyError.gridTooSmall(rows: 2, columns: 6)) {
      try DarcyFlow(permeability: Tensor(shape: [2, 6], repeating: 1))
    }
  }
}
