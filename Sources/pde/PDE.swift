internal import ArgumentParser
import DatasetIO
import Foundation
import Studies
import Tensors

/// The command line of the toolkit: parses, calls one library function, prints.
@main
struct PDE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pde",
    abstract: "Steady-state PDEs: verified data, neural and equilibrium operators, classical solvers, side by side.",
    discussion: """
      pde gen darcy                        write darcy.nc, 1024 solved samples
      pde solve cavity --reynolds 1000     solve one problem, show how it converged
      pde train fno-deq --noise 0.1        train on it, into runs/fno-deq
      pde compare runs/fno-deq --data darcy.nc
                                           error, residual and time beside the classical solver
      pde inspect darcy.nc                 what a file holds, where it comes from, how to make it again

      Results go to stdout (--json for machines, also for --version), progress and warnings to stderr.
      Exit codes: 0 done, 1 failed, 10 done but some samples did not converge, 64 usage, 65 bad data, 66 no input,
      70 bug, 73 cannot create, 74 I/O, 75 interrupted with a checkpoint saved, 78 a settings file that makes no sense.
      """,
    version: Toolkit.version,
    subcommands: [
      Generate.self, Solve.self, Train.self, Evaluate.self, Predict.self, Compare.self, Plot.self, Inspect.self,
      Export.self, Import.self, ImportWeights.self, Bench.self, Diagnose.self,
    ])

  static func main() {
    // Output to a pipe that was closed is an error of one write, not a reason to die.
    signal(SIGPIPE, SIG_IGN)
    Terminal.claimStreams()
    do {
      if Set(CommandLine.arguments.dropFirst()) == ["--version", "--json"] { return try Toolkit.printVersions() }
      var command = try parseAsRoot(ConfiguredArguments.expand(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      Failure.exit(with: error, from: Self.self)
    }
  }
}

/// The program's name and version, as files and `--version` state them.
enum Toolkit {
  static let version = "0.2.0"

  private struct Versions: Encodable {
    let name = "pde"
    let version = Toolkit.version
    let instructionSet = Parallel.instructionSet
    let libraries = MachineReport().libraries
  }

  /// What `--version --json` prints.
  static func printVersions() throws { try Terminal.print(CanonicalJSON.encode(Versions())) }
}
