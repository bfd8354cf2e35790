public import Tensors

/// Finds `z = f(z)` for every sample of a batch: the one loop that drives every ``FixedPointMethod``.
///
/// The map is evaluated once an iterate. The residual `f(z) − z` is undamped, measured at the point it is reported with.
/// A sample that is finished leaves the batch at once: the map no longer sees it, and none of its numbers depends on the
/// samples beside it. Beyond the method's history the loop holds the iterate, its image and the best point.
///
/// ```swift
/// let solver = FixedPointSolver(method: Anderson(), tolerance: Tolerance(relative: 1e-6), evaluationLimit: 100)
/// let solution = try solver.solve(from: start) { points, samples in block(points, injection.gathering(samples: samples)) }
/// ```
public struct FixedPointSolver: Sendable {
  /// When the iteration of a sample ends, apart from failures.
  public enum Stopping: Hashable, Sendable {
    /// At the first iterate that meets the tolerance, else at the evaluation limit, or when it stagnates or diverges.
    case toTolerance
    /// After this many evaluations, whatever the residual; only a non-finite value ends it sooner. The evaluation limit
    /// is not used, the best iterate is returned, and the tolerance only judges it. For benchmarks and published
    /// settings with a fixed count.
    case exactly(evaluations: Int)
  }

  /// How the next point is chosen.
  public let method: any FixedPointMethod
  /// What the residual must reach.
  public let tolerance: Tolerance
  /// The most evaluations a sample may use.
  public let evaluationLimit: Int
  /// Whether the tolerance or a count ends the iteration.
  public let stopping: Stopping
  /// When to give up.
  public let failure: FailureCriteria

  /// - Parameters:
  ///   - method: how the next point is chosen.
  ///   - tolerance: what the residual must reach.
  ///   - evaluationLimit: the most evaluations of the map for one sample, at least 1.
  ///   - stopping: whether the tolerance or a count ends the iteration.
  ///   - failure: when a sample counts as stagnated or diverged.
  public init(
    method: any FixedPointMethod, tolerance: Tolerance, evaluationLimit: Int = 100,
    stopping: Stopping = .toTolerance, failure: FailureCriteria = FailureCriteria()
  ) {
    precondition(evaluationLimit >= 1, "a solve needs at least one evaluation, found a limit of \(evaluationLimit)")
    if case .exactly(let evaluations) = stopping {
      precondition(evaluations >= 1, "a solve needs at least one evaluation, found \(evaluations)")
    }
    self.method = method
    self.tolerance = tolerance
    self.evaluationLimit = evaluationLimit
    self.stopping = stopping
    self.failure = failure
  }

  /// Iterates from `start` until every sample is finished.
  ///
  /// - Parameters:
  ///   - start: the first points, leading axis = sample.
  ///   - map: the images of the points of the active samples, in the same shape; `samples` are their indices in `start`,
  ///     ascending. Rows must not influence each other.
  /// - Returns: a point and a verdict for every sample; failures are verdicts, not errors.
  /// - Throws: only what `map` throws.
  public func solve<Scalar: TensorScalar>(
    from start: Tensor<Scalar>, _ map: (_ points: Tensor<Scalar>, _ samples: [Int]) throws -> Tensor<Scalar>
  ) rethrows -> FixedPointSolution<Scalar> {
    var active = Array(0..<start.samples)
    var progress = [SampleProgress](repeating: SampleProgress(), count: active.count)
    var state = method.makeState(for: start)
    var points = start
    var best = start
    var mapCalls = 0
    while !active.isEmpty {
      let images = try map(points, active)
      precondition(
        images.shape == points.shape, "a fixed-point map keeps the shape \(points.shape), found \(images.shape)")
      mapCalls += 1
      let measured = Profiler.measure("residuals") { Measurement.all(points: points, images: images) }
      var improved: [Int] = []
      var going: [Int] = []
      for (row, sample) in active.enumerated() {
        if progress[sample].record(measured[row], under: self) { improved.append(row) }
        if progress[sample].termination == nil { going.append(row) }
      }
      best.update(rows: improved, of: points, toSamples: active)
      if going.count < active.count {
        active = going.map { active[$0] }
        guard !active.isEmpty else { break }
        state.keep(rows: going)
        points = Profiler.measure("fixed-point method") {
          state.next(
            after: FixedPointIterate(
              points: points.gathering(samples: going), images: images.gathering(samples: going),
              residuals: going.map { measured[$0].residual }))
        }
      } else {
        points = Profiler.measure("fixed-point method") {
          state.next(after: FixedPointIterate(points: points, images: images, residuals: measured.map(\.residual)))
        }
      }
    }
    return FixedPointSolution(
      point: best, terminations: progress.map { $0.termination ?? .iterationLimit },
      statistics: progress.map(\.statistics), mapCalls: mapCalls)
  }
}

extension Tensor {
  /// Copies chosen rows of `source`, whose row r is sample `samples[r]`, to their samples.
  fileprivate mutating func update(rows: [Int], of source: Tensor, toSamples samples: [Int]) {
    guard !rows.isEmpty else { return }
    guard rows.count < self.samples else {
      self = source
      return
    }
    let pieces = SamplePieces(rows: rows.count, stride: sampleStride)
    source.withUnsafeBuffer { input in
      withUnsafeMutableBuffer { out in
        guard let x = input.baseAddress, let y = out.baseAddress else { return }
        pieces.forEach { row, range in
          (y + samples[rows[row]] * pieces.stride + range.lowerBound)
            .update(from: x + rows[row] * pieces.stride + range.lowerBound, count: range.count)
        }
      }
    }
  }
}
