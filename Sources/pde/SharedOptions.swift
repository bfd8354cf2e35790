internal import ArgumentParser
import Foundation
import Tensors

/// Options that every command has.
struct SharedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads to use; never changes a result.", valueName: "n"))
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .shortAndLong, help: "No progress and no notes on stderr.")
  var quiet = false

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 256, found \(threads).")
    }
  }

  /// Takes the options into effect.
  func apply() { Parallel.threads = threads }
}

/// Options of commands that write a file.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Replace the output if it exists.")
  var force = false
}

/// Options of commands that run a network.
struct ProfileOptions: ParsableArguments {
  @Flag(help: "Say on stderr where the time went, operation by operation.")
  var profile = false

  /// Runs `body` and, if asked for, prints its profile, whatever became of it.
  func run(_ body: () throws -> Void) throws {
    guard profile else { return try body() }
    Profiler.start()
    defer { Terminal.note(table()) }
    try body()
  }

  private func table() -> String {
    let (entries, seconds) = Profiler.report()
    let rest = Profiler.Entry(
      name: "everything else", calls: 1, seconds: seconds - entries.reduce(0) { $0 + $1.seconds })
    let rows = (entries + [rest]).map { entry in
      let values = [
        String(format: "%.3f", entry.seconds), String(format: "%.1f %%", 100 * entry.seconds / seconds),
        "\(entry.calls)", String(format: "%.3f", 1e3 * entry.seconds / Double(entry.calls)),
      ]
      return Self.row(entry.name, values)
    }
    return ([Self.row("operation", ["seconds", "share", "calls", "ms a call"])] + rows).joined(separator: "\n")
  }

  private static func row(_ name: String, _ values: [String]) -> String {
    let cells = values.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
    return name.padding(toLength: max(44, name.count), withPad: " ", startingAt: 0) + cells.joined()
  }
}
