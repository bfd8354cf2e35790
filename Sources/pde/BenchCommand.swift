internal import ArgumentParser
import DatasetIO
import Studies

/// `pde bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time the classical solvers on this machine: one JSON object a line.",
    discussion: """
      Each case runs once untimed, then --repetitions times; the line has the median and the shortest time, iterations, the
      true residual, and how the time compares with what the memory bandwidth allows.

        pde bench
        pde bench darcy.n421 --threads 1
      """)

  @Argument(help: "Cases to run. (default: all)") var cases: [String] = []
  @Option(help: "Timed runs of each case.") var repetitions = 5
  @Flag(help: "List the cases and leave.") var list = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try OptionRange(1...1000).check("--repetitions", repetitions)
    let known = Benchmark.all.map(\.name)
    for name in cases where !known.contains(name) {
      throw ValidationError("There is no case '\(name)'; the cases are \(known.joined(separator: ", ")).")
    }
  }

  func run() throws {
    shared.apply()
    if list {
      for benchmark in Benchmark.all { try Terminal.print("\(benchmark.name): \(benchmark.summary)") }
      return
    }
    let chosen = Benchmark.all.filter { cases.isEmpty || cases.contains($0.name) }
    let triad = Benchmark.triad()
    let bar = ProgressBar("timed", total: chosen.count, quiet: shared.quiet)
    for (number, benchmark) in chosen.enumerated() {
      try Terminal.print(CanonicalJSON.encode(try benchmark.run(repetitions: repetitions, triad: triad)))
      bar.update(number + 1)
    }
    bar.finish()
  }
}
