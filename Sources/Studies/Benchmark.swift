import Foundation
import Tensors

/// A piece of work whose time is worth knowing, and what must be moved through memory to do it.
public struct Benchmark: Sendable {
  /// Its name on the command line and in the output, as in `darcy.n421`.
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// Prepares the work, outside the timing; the function does it once.
  let prepare: @Sendable () throws -> @Sendable () throws -> Work

  /// What was done in one run.
  struct Work: Sendable {
    /// Problems solved.
    var samples = 1
    /// Unknowns of one of them.
    var unknowns: Int
    /// Iterations or evaluations, the mean over samples.
    var iterations: Double
    /// The largest relative residual.
    var residual: Double
    /// Samples that converged.
    var converged = 1
    /// Bytes that must move through memory for all samples; nil where there is no model.
    var bytes: Double?
  }

  /// One line of output; times are medians over the repetitions, the machine's bandwidth is measured beside them.
  public struct Line: Codable, Sendable {
    /// The benchmark's name.
    public let `case`: String
    /// Threads used.
    public let threads: Int
    /// Median milliseconds a sample.
    public let msPerSample: Double
    /// The shortest.
    public let msMin: Double
    /// Timed runs.
    public let repetitions: Int
    /// Samples a second at the median.
    public let samplesPerSecond: Double
    /// Unknowns of one sample.
    public let unknowns: Int
    /// Mean iterations or evaluations of a sample.
    public let iterations: Double
    /// The largest relative residual.
    public let relResidual: Double
    /// The part of the samples that converged.
    public let convergedFraction: Double
    /// Bytes that must move for one sample.
    public let bytes: Double?
    /// Bandwidth of `a ← a + s·b` on arrays larger than the caches, 24 bytes an element, in GB/s.
    public let triadGBPerSecond: Double
    /// The time those bytes take at that bandwidth, over the median time; above 1 where the caches help.
    public let bandwidthRatio: Double?

    enum CodingKeys: String, CodingKey {
      case `case`, threads, repetitions, unknowns, iterations, bytes
      case msPerSample = "ms_per_sample"
      case msMin = "ms_min"
      case samplesPerSecond = "samples_per_s"
      case relResidual = "rel_residual"
      case convergedFraction = "converged_fraction"
      case triadGBPerSecond = "triad_gb_per_s"
      case bandwidthRatio = "bandwidth_ratio"
    }
  }

  /// Runs it once untimed, then `repetitions` times.
  public func run(repetitions: Int, triad: Double) throws -> Line {
    let body = try prepare()
    var work = try body()
    var seconds: [Double] = []
    for _ in 0..<repetitions {
      let (time, result) = try timed(body)
      seconds.append(time / Double(result.samples))
      work = result
    }
    seconds.sort()
    let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
    let bytes = work.bytes.map { $0 / Double(work.samples) }
    return Line(
      case: name, threads: Parallel.threads, msPerSample: 1e3 * median, msMin: 1e3 * seconds[0],
      repetitions: repetitions, samplesPerSecond: 1 / median, unknowns: work.unknowns, iterations: work.iterations,
      relResidual: work.residual, convergedFraction: Double(work.converged) / Double(work.samples), bytes: bytes,
      triadGBPerSecond: triad, bandwidthRatio: bytes.map { $0 / (triad * 1e9) / median })
  }

  /// The machine's bandwidth in GB/s with the threads in use: the best of several passes over arrays of 64 MB.
  public static func triad() -> Double {
    let count = 8 << 20
    var a = Tensor<Double>(shape: [count], repeating: 1)
    let b = Tensor<Double>(shape: [count], repeating: 2)
    let passes = 8
    let best = (0..<passes).map { _ in timed { a.add(b, scaledBy: 0.5) }.seconds }.min() ?? .infinity
    return 24 * Double(count) / best * 1e-9
  }
}
