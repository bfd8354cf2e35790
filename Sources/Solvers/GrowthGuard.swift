/// Decides, for one sample, when an accelerated method must forget its history.
///
/// A history misleads when the step taken from it made the residual grow beyond `limit` times the smallest one since the
/// history was last forgotten. Plain Picard steps follow; as long as they raise the residual only mildly, at most by
/// ``expansion``, nothing is learned from them either: on a non-normal contraction the residual may rise for a while
/// before it falls, and a short history prolongs that. A Picard step that grows faster means that the map expands, where
/// only acceleration can help.
package struct GrowthGuard {
  /// The growth in one Picard step that no transient of a useful contraction shows.
  package static let expansion = 2.0

  private let limit: Double
  private var smallest = Double.infinity
  private var isAccelerated = false

  package init(limit: Double) { self.limit = limit }

  /// Whether the history that led to this residual must be forgotten.
  package mutating func rejects(residual: Double) -> Bool {
    let rejected = residual > limit * smallest && (isAccelerated || residual <= Self.expansion * smallest)
    smallest = rejected || !isAccelerated ? residual : min(smallest, residual)
    return rejected
  }

  /// Takes note of whether the next point uses the history.
  package mutating func proposes(accelerated: Bool) { isAccelerated = accelerated }
}
