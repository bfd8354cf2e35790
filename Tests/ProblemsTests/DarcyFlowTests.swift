import Foundation
import Problems
import Solvers
import Tensors
import Testing

/// A field at the vertices of a grid of `shape` on `domain`.
func vertexField(
  _ shape: (Int, Int), on domain: Rectangle = .unitSquare, _ value: (Double, Double) -> Double
) -> Tensor<Double> {
  Tensor(shape: [shape.0, shape.1]) { out in
    for i in 0..<shape.0 {
      for j in 0..<shape.1 {
        let (x, y) = (
          domain.width * Double(j) / Double(shape.1 - 1), domain.height * Double(i) / Double(shape.0 - 1)
        )
        out[i * shape.1 + j] = value(x, y)
      }
    }
  }
}

@Suite struct DarcyFlowTests {
  /// u = sin(πx) sin(2πy) eˣ with a = 1 + x/2 + sin(y)/3, f by hand.
  @Test func theSolutionConvergesAtSecondOrder() throws {
    func u(_ x: Double, _ y: Double) -> Double { sin(.pi * x) * sin(2 * .pi * y) * exp(x) }
    func f(_ x: Double, _ y: Double) -> Double {
      let a = 1 + x / 2 + sin(y) / 3
      let (ax, ay) = (0.5, cos(y) / 3)
      let (sx, cx, sy, cy, e) = (sin(.pi * x), cos(.pi * x), sin(2 * .pi * y), cos(2 * .pi * y), exp(x))
      let ux = (sx + .pi * cx) * sy * e
      let uy = 2 * .pi * sx * cy * e
      let uxx = (sx + 2 * .pi * cx - .pi * .pi * sx) * sy * e
      let uyy = -4 * .pi * .pi * sx * sy * e
      return -(ax * ux + ay * uy + a * (uxx + uyy))
    }
    var errors: [Double] = []
    for n in [33, 65, 129, 257] {
      let flow = try DarcyFlow(
        permeability: vertexField((n, n)) { 1 + $0 / 2 + sin($1) / 3 }, source: vertexField((n, n), f))
      let result = DarcySolver(tolerance: Tolerance(relative: 1e-11)).solve(flow)
      #expect(result.termination == .converged)
      errors.append((result.solution - vertexField((n, n), u)).norm / vertexField((n, n), u).norm)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 2) < 0.02) }
  }
}
