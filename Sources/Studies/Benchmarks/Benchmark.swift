import Foundation
import Tensors

/// A piece of work whose time is worth knowing, and what must be computed and moved to do it.
public struct Benchmark: Sendable {
  /// Its name on the command line and in the output, as in `darcy.n421`.
  public let name: String
  /// What it does, in a line.
  public let summary: String
  /// Prepares the work, outside the timing; the function does it once.
  let prepare: @Sendable (Size) throws -> @Sendable () throws -> Work

  /// How much work a case is.
  public enum Size: Sendable {
    /// What the name says.
    case full
    /// A fraction of a second in all: shows that the case runs, its time means nothing.
    case small

    /// One of two values.
    func pick<Value>(_ full: Value, small: Value) -> Value { self == .full ? full : small }
  }

  /// What was done in one run.
  struct Work: Sendable {
    /// Problems solved, fields transformed, samples passed through a network.
    var samples = 1
    /// Floating-point operations that must be done for all samples; nil where there is no model.
    var operations: Double?
    /// Bytes that must move through memory for all samples; nil where there is no model.
    var bytes: Double?
    /// What a solver did.
    var solves: Solves?

    /// What a solver did for all samples of a run.
    struct Solves: Sendable {
      /// Unknowns of one problem.
      var unknowns: Int
      /// Iterations or evaluations, the mean over samples.
      var iterations: Double
      /// The largest relative residual.
      var residual: Double
      /// Samples that converged.
      var converged = 1
    }
  }

  /// One line of output; times are medians over the repetitions, the machine's limits are measured beside them.
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
    public let unknowns: Int?
    /// Mean iterations or evaluations of a sample.
    public let iterations: Double?
    /// The largest relative residual.
    public let relResidual: Double?
    /// The part of the samples that converged.
    public let convergedFraction: Double?
    /// Billions of floating-point operations a second.
    public let gflopPerSecond: Double?
    /// GB a second, of the bytes that must move.
    public let gbPerSecond: Double?
    /// The time that the operations take at the machine's matrix speed and the bytes at its bandwidth, over the median
    /// time; above 1 where the caches save traffic.
    public let peakFraction: Double?
    /// The machine's bandwidth in GB/s.
    public let triadGBPerSecond: Double
    /// The machine's matrix speed in GFLOP/s, in single precision.
    public let gemmGFLOPPerSecond: Double
    /// Resident memory at the busiest moment of the timed runs, in MiB; nil where the system does not tell.
    public let peakRSS: Double?
    /// Resident memory before the case was prepared, in MiB.
    public let baseRSS: Double?

    enum CodingKeys: String, CodingKey {
      case `case`, threads, repetitions, unknowns, iterations
      case msPerSample = "ms_per_sample"
      case msMin = "ms_min"
      case samplesPerSecond = "samples_per_s"
      case relResidual = "rel_residual"
      case convergedFraction = "converged_fraction"
      case gflopPerSecond = "gflop_per_s"
      case gbPerSecond = "gb_per_s"
      case peakFraction = "peak_fraction"
      case triadGBPerSecond = "triad_gb_per_s"
      case gemmGFLOPPerSecond = "gemm_gflop_per_s"
      case peakRSS = "peak_rss_mb"
      case baseRSS = "base_rss_mb"
    }
  }

  /// Runs it untimed first, then `repetitions` times; a run too short for the clock is a batch of them.
  public func run(repetitions: Int, size: Size = .full, on machine: MachineSpeed) throws -> Line {
    MemoryUse.releaseIdle()
    let base = MemoryUse.resident
    let body = try prepare(size)
    var work = try body()
    let (first, _) = try timed(body)
    let batch = size == .small ? 1 : max(1, min(1000, Int(Self.shortest / max(first, 1e-7))))
    MemoryUse.resetPeak()
    var seconds: [Double] = []
    for _ in 0..<repetitions {
      let (time, _) = try timed { for _ in 0..<batch { work = try body() } }
      seconds.append(time / Double(batch * work.samples))
    }
    seconds.sort()
    let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
    let rate = { (total: Double?) in total.map { $0 / Double(work.samples) / median * 1e-9 } }
    let solves = work.solves
    return Line(
      case: name, threads: Parallel.threads, msPerSample: 1e3 * median, msMin: 1e3 * seconds[0],
      repetitions: repetitions, samplesPerSecond: 1 / median, unknowns: solves?.unknowns,
      iterations: solves?.iterations, relResidual: solves?.residual,
      convergedFraction: solves.map { Double($0.converged) / Double(work.samples) },
      gflopPerSecond: rate(work.operations), gbPerSecond: rate(work.bytes),
      peakFraction: machine.limit(work).map { $0 / Double(work.samples) / median },
      triadGBPerSecond: machine.bandwidth * 1e-9, gemmGFLOPPerSecond: machine.operations * 1e-9,
      peakRSS: MemoryUse.peak, baseRSS: base)
  }

  /// Seconds that a timed batch should last at least.
  private static let shortest = 0.1
}
