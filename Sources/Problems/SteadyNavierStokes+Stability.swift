public import Solvers
public import Tensors

extension SteadyNavierStokes {
  /// Relative residual of the linear solves behind an eigenvalue.
  private static let linearTolerance = 1e-9
  /// Vectors that such a solve may keep, and its iterations.
  private static let krylovDimension = 250

  /// The growth rate and frequency of the least stable small disturbance of a steady flow, among those that are periodic
  /// on the same torus.
  ///
  /// The eigenvalue with the largest real part of `δ ↦ ν ∆δ − P(u·∇δ + δu·∇ω)`, by `Arnoldi` with GMRES for the inverse.
  /// The shift is that of the slowest waves, `σ = |k| ‖u‖ + ν k²` with k = 2π/L: frequencies of disturbances are
  /// of this order.
  public func leadingEigenvalue(at vorticity: Tensor<Double>, by arnoldi: Arnoldi = Arnoldi()) -> LeadingEigenvalue {
    let wave = 2 * Double.pi / modes.extent
    let shift = wave * rootMeanSquareVelocity(of: vorticity) + viscosity * wave * wave
    let (plain, shifted) = (linearization(at: vorticity, shift: 0), linearization(at: vorticity, shift: shift))
    let gmres = GMRES(
      tolerance: Tolerance(relative: Self.linearTolerance), restart: Self.krylovDimension,
      iterationLimit: Self.krylovDimension)
    return arnoldi.rightmost(
      from: startingDisturbance, shift: shift,
      inverse: { vector in
        let solution = gmres.solve(
          rightHandSide: vector, preconditioner: shifted.preconditioner, product: shifted.product)
        return solution.termination == .converged ? solution.solution : nil
      }, product: plain.product)
  }

  /// A disturbance with a share of every wave, larger for long ones; the same in every call.
  private var startingDisturbance: Tensor<Double> {
    let noise = Tensor<Double>.normal(modes.shape, from: RandomStream(seed: 0, purpose: .noise))
    let weight = modes.plane { kx, ky in 1 / (kx * kx + ky * ky) }
    return Tensor(shape: modes.shape) { out in
      noise.withUnsafeBuffer { noise in
        weight.withUnsafeBuffer { weight in
          for i in 0..<out.count { out[i] = noise[i] * weight[i % weight.count] }
        }
      }
    }
  }
}
