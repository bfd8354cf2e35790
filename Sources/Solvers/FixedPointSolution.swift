public import Tensors

/// What a fixed-point solve reached: the points, why each sample stopped, and what happened on the way.
public struct FixedPointSolution<Scalar: TensorScalar>: Sendable {
  /// The points, in the order and shape of the start: the last iterate of a sample that converged, else its best.
  public let point: Tensor<Scalar>
  /// The verdict on each sample.
  public let terminations: [Termination]
  /// The numbers behind each verdict.
  public let statistics: [SampleStatistics]
  /// How often the map was called.
  public let mapCalls: Int

  /// Evaluations of the map summed over samples; frozen samples cost none.
  public var totalEvaluations: Int { statistics.reduce(0) { $0 + $1.evaluations } }

  /// Whether every sample met the tolerance.
  public var allConverged: Bool { terminations.allSatisfy { $0 == .converged } }

  /// The points, provided that every sample met the tolerance.
  ///
  /// - Throws: ``NotConverged`` otherwise.
  public func converged() throws(NotConverged) -> Tensor<Scalar> {
    guard allConverged else { throw NotConverged(terminations: terminations, statistics: statistics) }
    return point
  }
}

/// What happened to one sample of a solve.
public struct SampleStatistics: Hashable, Sendable {
  /// How often the map was evaluated for this sample.
  public let evaluations: Int
  /// `rms(f(z) − z)` at the returned point; not finite only if the very first one was not.
  public let residual: Double
  /// `residual / rms(f(z))` at the returned point; 0 when both are 0.
  public let relativeResidual: Double
  /// `rms(f(z) − z)` at every point evaluated, in order: as many entries as evaluations.
  public let trace: [Double]
}

/// A solve that was required to converge did not, for some samples.
public struct NotConverged: Error, Equatable, CustomStringConvertible {
  /// Samples in the batch.
  public let samples: Int
  /// How many samples ended in each way, `converged` included; ways that did not occur are absent.
  public let counts: [Termination: Int]
  /// The largest finite residual among the samples that did not converge; NaN if none of them has one.
  public let worstResidual: Double

  init(terminations: [Termination], statistics: [SampleStatistics]) {
    samples = terminations.count
    counts = Dictionary(grouping: terminations, by: \.self).mapValues(\.count)
    worstResidual =
      zip(terminations, statistics).filter { $0.0 != .converged && $0.1.residual.isFinite }.map { $0.1.residual }
      .max() ?? .nan
  }

  /// The counts in words, and the advice for the most frequent way of failing.
  public var description: String {
    let failures = Termination.allCases.filter { $0 != .converged && counts[$0] != nil }
    let list = failures.map { "\(counts[$0] ?? 0) \($0.flag)" }.joined(separator: ", ")
    let commonest = failures.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
    return "\(samples - (counts[.converged] ?? 0)) of \(samples) samples did not converge (\(list); largest residual "
      + "\(worstResidual)), expected all to: \(commonest?.explanation ?? "")"
  }
}
