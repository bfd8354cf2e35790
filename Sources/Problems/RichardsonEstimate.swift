import Foundation
public import Tensors

/// The error of a solution, estimated from the solution on every second vertex.
///
/// With an error of order p in the spacing, `u_h − u ≈ (u_2h − u_h) / (2ᵖ − 1)` (Richardson 1911,
/// doi:10.1098/rsta.1911.0009). The order belongs to the problem: 2 where permeability and solution are smooth, 1 where the
/// permeability jumps within cells.
public struct RichardsonEstimate: Hashable, Sendable {
  /// p.
  public let order: Int

  /// For errors of order `order`, at least 1.
  public init(order: Int) {
    precondition(order >= 1, "an error falls with the spacing, found order \(order)")
    self.order = order
  }

  /// The estimated relative L² error of `fine`, [ny, nx], over the vertices that both grids store: every `storedEvery`-th
  /// of the fine one, or every second of those.
  ///
  /// - Returns: nil when `fine` is zero there.
  public func relativeError(
    of fine: Tensor<Double>, coarse: Tensor<Double>, storedEvery oversample: Int = 1
  ) -> Double? {
    let step = oversample % 2 == 0 ? oversample : 2 * oversample
    let reference = fine.keepingEvery(step)
    let difference = (reference - coarse.keepingEvery(step / 2)).norm
    let factor = pow(2, Double(order)) - 1
    return reference.norm > 0 ? difference / (factor * reference.norm) : nil
  }
}
