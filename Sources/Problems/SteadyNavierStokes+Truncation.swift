import Solvers
public import Tensors

extension SteadyNavierStokes {
  /// What the modes beyond the grid would change, relative to the vorticity in L²: an estimate of the discretisation error.
  ///
  /// The force has only modes of the grid, but the flow that it drives has all. On a grid of twice the size the residual F of
  /// `vorticity` is what convection sends to the modes beyond, which this grid leaves out; the estimate is `‖M⁻¹ F‖ / ‖ω‖`
  /// with the preconditioner M of Newton's method there, the first approximation to the correction that a solve on the finer
  /// grid would make.
  public func truncationError(of vorticity: Tensor<Double>) -> Double {
    truncationError(of: vorticity, seenOn: resampled(to: 2 * modes.grid))
  }

  /// The same with a problem on twice the grid at hand; its forcing is replaced.
  func truncationError(of vorticity: Tensor<Double>, seenOn finer: SteadyNavierStokes) -> Double {
    let fine = finer.with(forcing: modes.moved(forcing, to: finer.modes))
    let point = modes.moved(vorticity, to: fine.modes)
    let correction = fine.linearization(at: point, shift: 0).preconditioner(fine.residual(at: point))
    let size = vorticity.norm
    return size > 0 ? correction.norm / size : 0
  }
}
