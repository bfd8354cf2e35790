import DatasetIO
import Foundation

/// How a run of the program ended.
struct Outcome {
  /// The exit code, or 128 and the signal that ended the process, as shells count.
  let exitCode: Int32
  /// What it wrote to stdout.
  let output: String
  /// What it wrote to stderr.
  let errors: String
  /// The most memory it had at any time, in kB; 0 where the system does not tell.
  let peakMemory: Int

  /// The first line of stderr.
  var firstError: String { String(errors.prefix { $0 != "\n" }) }
}

/// A process of the program under test, with its own folder and its streams in files.
final class Invocation {
  private let process: pid_t
  private let streams: String
  private let began = Date()
  private var peakMemory = 0

  /// The binary beside the test bundle, or the one that `PDE_BINARY` names.
  static let binary: String = {
    if let given = ProcessInfo.processInfo.environment["PDE_BINARY"] { return given }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("pde").path
  }()

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: without the program's name.
  ///   - folder: where it runs.
  ///   - environment: added to the tests' own.
  init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    guard access(program, X_OK) == 0 else { throw InvocationError.noBinary(program) }
    streams = NSTemporaryDirectory() + "/pde-streams-" + UUID().uuidString
    // A crash is to be seen by its exit code; drawing up a report takes seconds.
    let additions = environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { given, _ in given }
    let variables = ProcessInfo.processInfo.environment.merging(additions) { $1 }
    process = try Self.spawn([program] + arguments, variables.map { "\($0)=\($1)" }, in: folder, streams: streams)
  }

  deinit {
    for name in [".out", ".err"] { unlink(streams + name) }
  }

  /// What it has written to stderr so far.
  var errors: String { Self.text(streams + ".err") }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// Waits for its end; a process that takes too long is killed.
  ///
  /// - Throws: `InvocationError.timeout`.
  func wait(timeout: Double = 300) throws -> Outcome {
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      // The high-water mark of the process alone: that of `wait4` begins with the parent's.
      peakMemory = max(peakMemory, Self.highWaterMark(process))
      if -began.timeIntervalSinceNow > timeout {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        throw InvocationError.timeout(seconds: timeout, errors: errors)
      }
      usleep(2000)
    }
    let signal = status & 0x7f
    return Outcome(
      exitCode: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: Self.text(streams + ".out"), errors: errors,
      peakMemory: peakMemory)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  private static func highWaterMark(_ process: pid_t) -> Int {
    let lines = text("/proc/\(process)/status").split(separator: "\n")
    let words = lines.first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace)
    return words.flatMap { Int($0[1]) } ?? 0
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], in folder: String, streams: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, streams + ".out", O_WRONLY | O_CREAT | O_EXCL, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, streams + ".err", O_WRONLY | O_CREAT | O_EXCL, 0o600)
    // Whatever the test process ignores or blocks, the child begins as from a shell.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    // The shell changes the folder, which not every C library offers here, and gives its process to the program.
    let shell = ["/bin/sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", folder]
    let words = (shell + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var process: pid_t = 0
    // HDF5 locks its files and leaves them open across `exec`: a child must not get one that another test is writing, and
    // none may be opened between looking and starting.
    let status = NetCDFLibrary.exclusively {
      let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
      for descriptor in descriptors.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
        posix_spawn_file_actions_addclose(&actions, descriptor)
      }
      return posix_spawn(&process, shell[0], &actions, &attributes, words, variables)
    }
    guard status == 0 else { throw InvocationError.notStarted(String(cString: strerror(status))) }
    return process
  }
}

/// A program that did not run to its end.
enum InvocationError: Error {
  /// Build it with `swift build -c release`, or name it in `PDE_BINARY`.
  case noBinary(String)
  case notStarted(String)
  case timeout(seconds: Double, errors: String)
}

/// What a line of progress looks like: done/total and a percentage.
nonisolated(unsafe) let progressLine = /\d+\/\d+ \d+ %/
