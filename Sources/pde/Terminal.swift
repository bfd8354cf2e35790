import Foundation

/// The two streams: results on stdout, everything else on stderr.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Writes to stderr; a closed stderr is not an error.
  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// One line to stderr, unless `quiet`.
  static func note(_ text: String, quiet: Bool = false) {
    if !quiet { write(text + "\n") }
  }

  /// Writes a result to stdout, and says if the reader is gone or the disk is full.
  static func print(_ text: String) throws {
    let data = Data((text + "\n").utf8)
    try data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(STDOUT_FILENO, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written < 0 {
          // A reader that has seen enough, such as `head`, is not a failure.
          if errno == EPIPE { return }
          if errno == EINTR { continue }
          throw OutputError(reason: String(cString: strerror(errno)))
        }
        offset += written
      }
    }
  }
}

/// A result that could not be written to stdout.
struct OutputError: Error, CustomStringConvertible {
  let reason: String
  var description: String { "cannot write to standard output: \(reason)" }
}
