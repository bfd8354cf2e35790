internal import ArgumentParser
import DatasetIO
import Foundation
import Studies

/// `pde bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time solvers, networks and kernels on this machine.",
    discussion: """
      Each case runs untimed first, then --repetitions times: the median time of a sample, operations and bytes a second,
      and the part of what the machine can do, measured at the start: the time of the operations at its matrix speed and
      of the bytes at its bandwidth, over the median. Memory is the process's at the busiest moment.

        pde bench
        pde bench --case 'darcy.*' --case fno.darcy85.step --threads 1
        pde bench --json > bench.jsonl
      """)

  @Option(
    name: .customLong("case"), help: "Cases to run, by name or pattern (* and ?); may be repeated. (default: all)")
  var patterns: [String] = []
  @Option(help: "Timed runs of each case.") var repetitions = 5
  @Flag(help: "List the cases and leave.") var list = false
  @Flag(help: "Run each case once at a tiny size, to see that it runs; the times mean nothing.") var check = false
  @Flag(help: "Print one JSON object a line.") var json = false
  @OptionGroup var shared: SharedOptions

  private var chosen: [Benchmark] {
    Benchmark.all.filter { benchmark in
      patterns.isEmpty || patterns.contains { fnmatch($0, benchmark.name, 0) == 0 }
    }
  }

  func validate() throws {
    try OptionRange(1...1000).check("--repetitions", repetitions)
    for pattern in patterns where !Benchmark.all.contains(where: { fnmatch(pattern, $0.name, 0) == 0 }) {
      throw ValidationError("No case matches '\(pattern)'; 'pde bench --list' names them.")
    }
  }

  func run() throws {
    shared.apply()
    if list {
      for benchmark in chosen { try Terminal.print("\(benchmark.name): \(benchmark.summary)") }
      return
    }
    let machine = MachineSpeed.measured()
    let bar = ProgressBar("timed", total: chosen.count, quiet: shared.quiet)
    if !json { try Terminal.print(BenchmarkTable.heading(machine)) }
    for (number, benchmark) in chosen.enumerated() {
      let line = try benchmark.run(
        repetitions: check ? 1 : repetitions, size: check ? .small : .full, on: machine)
      try Terminal.print(json ? CanonicalJSON.encode(line) : BenchmarkTable.row(line))
      bar.update(number + 1)
    }
    bar.finish()
  }
}

/// The lines of `pde bench` for people.
private enum BenchmarkTable {
  static func heading(_ machine: MachineSpeed) -> String {
    String(
      format: "Machine: %.0f GFLOP/s (matrix products, float32), %.1f GB/s (triad)\n", machine.operations * 1e-9,
      machine.bandwidth * 1e-9)
      + row("case", ["ms/sample", "shortest", "GFLOP/s", "GB/s", "of limit", "peak MiB"])
  }

  static func row(_ line: Benchmark.Line) -> String {
    func number(_ format: String, _ value: Double?) -> String { value.map { String(format: format, $0) } ?? "-" }
    return row(
      line.case,
      [
        number("%.4g", line.msPerSample), number("%.4g", line.msMin), number("%.1f", line.gflopPerSecond),
        number("%.1f", line.gbPerSecond), number("%.0f %%", line.peakFraction.map { 100 * $0 }),
        number("%.0f", line.peakRSS),
      ])
  }

  private static func row(_ name: String, _ columns: [String]) -> String {
    let name = name.padding(toLength: max(28, name.count), withPad: " ", startingAt: 0)
    return ([name] + columns.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }).joined(separator: " ")
  }
}
