import Tensors

/// When a sample that has not converged is given up.
public struct FailureCriteria: Hashable, Sendable {
  /// Evaluations within which the best residual must fall by ``requiredImprovement``, else the sample is stagnated.
  public let stagnationWindow: Int
  /// The factor, below 1, by which the best residual must fall within the window.
  public let requiredImprovement: Double
  /// A residual beyond this multiple of the first one is divergence.
  public let divergenceGrowth: Double

  /// The defaults call a linear rate slower than 0.98^(1/100) = 0.9998 an evaluation a standstill, and a thousandfold
  /// residual divergence. A sample is diverged, too, when it stands still with no residual of the window below its first
  /// one, or when its evaluations are spent above it.
  public init(stagnationWindow: Int = 100, requiredImprovement: Double = 0.98, divergenceGrowth: Double = 1e3) {
    precondition(stagnationWindow >= 1, "a stagnation window holds evaluations, found \(stagnationWindow)")
    precondition(
      requiredImprovement > 0 && requiredImprovement < 1,
      "the required improvement is a factor below 1, found \(requiredImprovement)")
    precondition(divergenceGrowth > 1, "divergence is growth beyond a factor above 1, found \(divergenceGrowth)")
    self.stagnationWindow = stagnationWindow
    self.requiredImprovement = requiredImprovement
    self.divergenceGrowth = divergenceGrowth
  }
}

/// The size of one sample's residual and image.
struct Measurement {
  /// `rms(f(z) − z)`.
  let residual: Double
  /// `rms(f(z))`.
  let reference: Double
  /// Whether point and image hold finite values only.
  let isFinite: Bool

  /// The measurements of every row; one pass over both arrays.
  static func all<Scalar: TensorScalar>(points: Tensor<Scalar>, images: Tensor<Scalar>) -> [Measurement] {
    let pieces = SamplePieces(rows: points.samples, stride: points.sampleStride)
    let (distance, dot, allFinite) = (Scalar.kernels.squaredDistance, Scalar.kernels.dot, Scalar.kernels.allFinite)
    return points.withUnsafeBuffer { z in
      images.withUnsafeBuffer { f in
        guard let z = z.baseAddress, let f = f.baseAddress, pieces.stride > 0 else {
          return Array(repeating: Measurement(residual: 0, reference: 0, isFinite: true), count: pieces.rows)
        }
        let sums = pieces.sums(2) { row, range, partial in
          let offset = row * pieces.stride + range.lowerBound
          partial[0] = distance(range.count, f + offset, z + offset)
          partial[1] = dot(range.count, f + offset, f + offset)
        }
        return (0..<pieces.rows).map { row in
          let residual = (sums[2 * row] / Double(pieces.stride)).squareRoot()
          let reference = (sums[2 * row + 1] / Double(pieces.stride)).squareRoot()
          // Finite sums imply finite entries; the reverse fails when squares of finite entries overflow.
          let isFinite =
            (residual.isFinite && reference.isFinite)
            || (allFinite(pieces.stride, z + row * pieces.stride) && allFinite(pieces.stride, f + row * pieces.stride))
          return Measurement(residual: residual, reference: reference, isFinite: isFinite)
        }
      }
    }
  }
}

/// The record of one sample while it iterates.
struct SampleProgress {
  private(set) var termination: Termination?
  private var trace: [Double] = []
  private var reported: (residual: Double, reference: Double)?
  /// The last best residual that was a required improvement on the one before, and when it was seen.
  private var milestone = (residual: Double.infinity, evaluation: 0)

  /// Takes note of one evaluation and decides whether the sample is finished.
  ///
  /// - Returns: whether this point is the one to return, as things stand.
  mutating func record(_ measured: Measurement, under solver: FixedPointSolver) -> Bool {
    trace.append(measured.residual)
    let isBest = measured.residual.isFinite && measured.residual < reported?.residual ?? .infinity
    termination = verdict(on: measured, under: solver)
    guard isBest || termination == .converged && solver.stopping == .toTolerance else { return false }
    reported = (measured.residual, measured.reference)
    return true
  }

  var statistics: SampleStatistics {
    let (residual, reference) = reported ?? (trace.first ?? 0, 0)
    return SampleStatistics(
      evaluations: trace.count, residual: residual, relativeResidual: residual == 0 ? 0 : residual / reference,
      trace: trace)
  }

  private mutating func verdict(on measured: Measurement, under solver: FixedPointSolver) -> Termination? {
    guard measured.isFinite else { return .nonfinite }
    guard measured.residual.isFinite else { return .diverged }
    let first = trace[0]
    switch solver.stopping {
    case .exactly(let evaluations):
      guard trace.count >= evaluations else { return nil }
      // The best point, which may be this one, is what is returned and judged.
      let best = reported.map { $0.residual <= measured.residual } == true ? reported : nil
      if solver.tolerance.accepts(
        residual: best?.residual ?? measured.residual, reference: best?.reference ?? measured.reference)
      {
        return .converged
      }
    case .toTolerance:
      if solver.tolerance.accepts(residual: measured.residual, reference: measured.reference) { return .converged }
      if measured.residual > solver.failure.divergenceGrowth * first { return .diverged }
      if trace.count < solver.evaluationLimit {
        guard standsStill(at: measured.residual, under: solver.failure) else { return nil }
        // A sequence that wanders may pass above its first residual now and then.
        return trace.suffix(solver.failure.stagnationWindow).allSatisfy { $0 > first } ? .diverged : .stagnated
      }
    }
    return measured.residual > first ? .diverged : .iterationLimit
  }

  private mutating func standsStill(at residual: Double, under failure: FailureCriteria) -> Bool {
    if residual <= failure.requiredImprovement * milestone.residual { milestone = (residual, trace.count) }
    return trace.count - milestone.evaluation >= failure.stagnationWindow
  }
}
