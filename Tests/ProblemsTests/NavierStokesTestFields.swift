import Foundation
import Problems
import Tensors

/// A field of the points (2πi/n, 2πj/n), [n, n].
func torusField(_ n: Int, _ value: (_ x: Double, _ y: Double) -> Double) -> Tensor<Double> {
  let h = 2 * Double.pi / Double(n)
  return Tensor(shape: [n, n], elements: (0..<n * n).map { value(h * Double($0 % n), h * Double($0 / n)) })
}

/// The flow with `ψ = A exp(s (cos x + sin y))`, all of whose modes are there, and the forcing that makes it steady.
struct ExponentialFlow {
  var amplitude = 0.1
  var viscosity = 0.05
  /// s.
  var sharpness = 0.9

  private func stream(_ x: Double, _ y: Double) -> Double { amplitude * exp(sharpness * (cos(x) + sin(y))) }

  /// `∆ψ / ψ` and its derivatives.
  private func shape(_ x: Double, _ y: Double) -> (h: Double, x: Double, y: Double, laplacian: Double) {
    let (s, square) = (sharpness, sharpness * sharpness)
    return (
      square * (sin(x) * sin(x) + cos(y) * cos(y)) - s * (cos(x) + sin(y)), square * sin(2 * x) + s * sin(x),
      -square * sin(2 * y) - s * cos(y), 2 * square * (cos(2 * x) - cos(2 * y)) + s * (cos(x) + sin(y))
    )
  }

  func vorticity(_ x: Double, _ y: Double) -> Double { -stream(x, y) * shape(x, y).h }

  func u(_ x: Double, _ y: Double) -> Double { sharpness * cos(y) * stream(x, y) }

  func v(_ x: Double, _ y: Double) -> Double { sharpness * sin(x) * stream(x, y) }

  func convection(_ x: Double, _ y: Double) -> Double {
    let (psi, h) = (stream(x, y), shape(x, y))
    return -sharpness * psi * psi * (cos(y) * h.x + sin(x) * h.y)
  }

  func forcing(_ x: Double, _ y: Double) -> Double {
    let h = shape(x, y)
    let laplacian = -stream(x, y) * (h.h * h.h + 2 * sharpness * (cos(y) * h.y - sin(x) * h.x) + h.laplacian)
    return convection(x, y) - viscosity * laplacian
  }

  func problem(_ n: Int) throws -> SteadyNavierStokes {
    try SteadyNavierStokes(forcing: torusField(n, forcing), viscosity: viscosity)
  }

  /// The relative L² distance of a field from the exact vorticity.
  func error(of field: Tensor<Double>) -> Double {
    let exact = torusField(field.shape[0], vorticity)
    return (field - exact).norm / exact.norm
  }
}

/// A vector of modes with independent entries that fall like `1/(1 + k²)`.
func randomVorticity(_ modes: TorusModes, sample: Int, size: Double = 1) throws -> Tensor<Double> {
  let n = modes.grid
  let noise = Tensor<Double>.normal([n, n], from: RandomStream(seed: 11, purpose: .test, sample: sample))
  let flow = try SteadyNavierStokes(forcing: noise, viscosity: 1, extent: modes.extent, dealiasing: modes.dealiasing)
  let smooth = flow.stokesFlow
  return smooth.scaled(by: size / smooth.norm)
}
