import Foundation
import Testing

/// What the program says about itself: version, completions, and a manual whose examples run.
@Suite struct ManualTests {
  private struct Help: Decodable { let command: Command }

  private struct Command: Decodable {
    let commandName: String
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [Command]?
    let arguments: [Argument]?

    struct Argument: Decodable {
      let abstract: String?
      let valueName: String?
    }

    /// The commands that do something, with their names from the first one on.
    func leaves(_ path: String = "") -> [(path: String, command: Command)] {
      let shown = (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
      let path = path.isEmpty ? commandName : "\(path) \(commandName)"
      return (shown.isEmpty ? [(path, self)] : []) + shown.flatMap { $0.leaves(path) }
    }

    /// Every line of the manual that is a command, here and below.
    var examples: [String] {
      let own = (discussion ?? "").split(separator: "\n").filter { $0.hasPrefix("  pde ") }.map {
        String($0.dropFirst(2))
      }
      return own + (subcommands ?? []).flatMap(\.examples)
    }
  }

  private static let manual = Result { () -> Command in
    let outcome = try Workspace().pde("--experimental-dump-help")
    return try JSONDecoder().decode(Help.self, from: Data(outcome.output.utf8)).command
  }

  @Test func everyCommandHasAnExampleAndEveryOptionAText() throws {
    let leaves = try Self.manual.get().leaves()
    #expect(leaves.count >= 16)
    for (path, command) in leaves {
      #expect(command.examples.contains { $0 == path || $0.hasPrefix(path + " ") }, "\(path)")
      for argument in command.arguments ?? [] {
        #expect(argument.abstract?.isEmpty == false, "\(path): \(argument.valueName ?? "")")
      }
    }
  }

  /// Options that make an example small; the last value of an option counts.
  private static let small: [(prefix: String, options: String)] = [
    ("pde gen --from", "--force"), ("pde gen navier-stokes", "--samples 2 --grid 16 --force"),
    ("pde gen", "--samples 2 --grid 11 --oversample 2 --force"), ("pde train", "\(Prepared.tiny) --force"),
    ("pde eval", "--threads 1"), ("pde predict", "--force"), ("pde compare", "--samples 1 --threads 1 --force"),
    ("pde bench", "--check"),
    ("pde solve cavity", "--degree 32 --reynolds 100 --force"), ("pde solve", "--force"), ("pde plot", "--force"),
    ("pde export", "--force"),
  ]

  @Test func everyExampleOfTheManualRuns() throws {
    let examples = try Self.manual.get().examples
    #expect(examples.count >= 30)
    let folder = try Prepared.workspace()
    for line in [
      "train fno \(Prepared.tiny)", "gen navier-stokes --samples 4 --grid 16", "predict runs/fno-deq",
      "compare runs/fno-deq --samples 1 --threads 1",
    ] { try folder.pde(line) }
    // What others made, by the names that the examples have for it.
    try folder.shell("printf 'epochs = 1\\n' > run.toml")
    for (name, source) in [
      ("piececonst_r421_N1024_smooth1.mat", "Foreign/matlab73.mat"), ("darcy_train_64.pt", "Foreign/darcy.pt"),
      ("theirs.nc", "Foreign/theirs.nc"), ("fno.pt", "Torch/square.pt"),
    ] { try FileManager.default.copyItem(atPath: fixture(source), toPath: folder.file(name)) }
    // What an example needs must not be replaced by one before it.
    let kept = try folder.copy()
    for example in examples {
      let options = Self.small.first { example.hasPrefix($0.prefix) }?.options ?? ""
      let parts = example.split(separator: " > ", maxSplits: 1)
      let redirection = parts.count > 1 ? " > \(parts[1])" : ""
      let place = try kept.copy()
      let outcome = try place.shell("\"$PDE\"\(parts[0].dropFirst(3)) \(options)\(redirection)")
      #expect([0, 10].contains(outcome.exitCode), "\(example): \(outcome.errors)")
    }
  }

  @Test func theVersionIsForMachinesToo() throws {
    let folder = try Workspace()
    let version = try object(folder.pde("--version --json"))
    #expect(
      try "\(version["version"] ?? "")\n" == folder.pde("--version").output && version["name"] as? String == "pde")
    #expect((version["libraries"] as? [Any])?.count == 6 && version["instructionSet"] is String)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreMadeForShells(_ shell: String) throws {
    let folder = try Workspace()
    let outcome = try folder.pde("--generate-completion-script \(shell)")
    #expect(outcome.exitCode == 0)
    for word in ["inspect", "doctor", "max-evaluations", "navier-stokes"] {
      #expect(outcome.output.contains(word), "\(shell): \(word)")
    }
    guard shell == "bash" else { return }
    // What bash itself makes of `pde gen dar` and the tabulator key.
    let line = """
      $PDE --generate-completion-script bash > c; . ./c; COMP_WORDS=(pde gen dar); COMP_CWORD=2; COMP_LINE="pde gen dar"
      COMP_POINT=11; _pde pde dar gen 2>/dev/null; echo "${COMPREPLY[@]}"
      """
    let completed = try Invocation("/bin/bash", ["-c", line], in: folder.path, environment: ["PDE": Invocation.binary])
      .wait()
    #expect(completed.output == "darcy\n", "\(completed.output) \(completed.errors)")
  }
}

extension Workspace {
  /// Another folder with the same files.
  fileprivate func copy() throws -> Workspace {
    let other = try Workspace()
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.copyItem(atPath: file(name), toPath: other.file(name))
    }
    return other
  }
}
