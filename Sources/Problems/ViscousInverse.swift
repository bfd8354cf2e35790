import Tensors

/// An approximate inverse of a linearised flow: exact on its longest waves among themselves, `(ν ∆ − σ)⁻¹` on the others.
///
/// Viscosity rules the short waves, where `‖u‖ / (ν k)` is small, and misses the long ones, where convection rules; those
/// are few. The block of the long waves is factored anew for every flow.
struct ViscousInverse {
  /// `−1/(ν k² + σ)` on every mode.
  private let factors: Tensor<Double>
  private let low: (positions: [Int], factorization: LUFactorization)?

  init(_ flow: SteadyNavierStokes, _ vorticity: Tensor<Double>, shift: Double) {
    factors = flow.modes.plane { kx, ky in -1 / (flow.viscosity * (kx * kx + ky * ky) + shift) }
    let low = LowModes(flow.modes, largest: LowModes.count)
    let matrix = low.matrix(at: vorticity, viscosity: flow.viscosity, shift: shift)
    do {
      self.low = (low.positions, try LUFactorization(matrix))
    } catch {
      // Singular or not finite: viscosity alone is still a preconditioner, and the iteration sees the rest itself.
      self.low = nil
    }
  }

  func callAsFunction(_ vector: Tensor<Double>) -> Tensor<Double> {
    var result = vector
    let count = factors.count
    result.withUnsafeMutableBuffer { out in
      factors.withUnsafeBuffer { factors in
        for plane in 0..<2 {
          for i in 0..<count { out[plane * count + i] *= factors[i] }
        }
      }
    }
    guard let low else { return result }
    let right = vector.withUnsafeBuffer { input in
      Tensor(shape: [low.positions.count], elements: low.positions.map { input[$0] })
    }
    let solution = low.factorization.solve(right)
    result.withUnsafeMutableBuffer { out in
      solution.withUnsafeBuffer { solution in
        for (position, value) in zip(low.positions, solution) { out[position] = value }
      }
    }
    return result
  }
}
