import Foundation

/// The two streams: results on stdout, everything else on stderr.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether stdout shows colours: on a terminal, unless `NO_COLOR` (no-color.org) is set to anything.
  private static let hasColours =
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// What a colour says.
  enum Meaning: Int {
    case bad = 31
    case good = 32
  }

  /// A text for stdout in a colour, where colours are shown.
  static func coloured(_ text: String, _ meaning: Meaning) -> String {
    hasColours ? "\u{1B}[\(meaning.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Gives streams that were closed a place, so that no file of ours is opened under their numbers and takes what is
  /// meant for them. Writing to them still fails.
  static func claimStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
      // The system gives the lowest free number, which is this one.
      let opened = open("/dev/null", O_RDONLY)
      if opened > STDERR_FILENO { close(opened) }
    }
  }

  /// Writes to stderr; when it is closed or full nothing can be said, and the work goes on.
  static func write(_ text: String) {
    do { try put(text, to: STDERR_FILENO) } catch {}
  }

  /// One line to stderr, unless `quiet`.
  static func note(_ text: String, quiet: Bool = false) {
    if !quiet { write(text + "\n") }
  }

  /// Something that is wrong and did not stop the work.
  static func warn(_ text: String) { write("Warning: \(text)\n") }

  /// Writes a result to stdout, and says if the disk is full; a reader that has seen enough, such as `head`, is no failure.
  static func print(_ text: String) throws {
    do { try put(text + "\n", to: STDOUT_FILENO) } catch  where error.code == EPIPE {}
  }

  private static func put(_ text: String, to stream: Int32) throws(OutputError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(stream, $0.baseAddress, $0.count) }
      if written < 0, errno != EINTR { throw OutputError(code: errno) }
      rest = rest.dropFirst(max(written, 0))
    }
  }
}

/// A result that could not be written to stdout.
struct OutputError: Error, CustomStringConvertible {
  /// The system's number for the reason.
  let code: Int32
  var description: String { "cannot write to standard output: \(String(cString: strerror(code)))" }
}
