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
