import Foundation

/// Names of files that are still being written: `.pde-<host>-<process>-<random>.tmp`.
///
/// They are short, so that they fit wherever the target's name does, and tell who wrote them, so that those a killed
/// process has left can be recognised and removed.
package enum TemporaryName {
  private static let prefix = ".pde-"
  private static let suffix = ".tmp"

  /// A name nobody else uses.
  package static func unique(process: Int32 = getpid()) -> String {
    let random = String(UInt64.random(in: .min ... .max), radix: 16)
    return prefix + host + "-" + String(process) + "-" + random + suffix
  }

  /// Removes what processes of this machine that no longer run have left in a folder.
  package static func removeStale(in folder: String) {
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let process = owner(of: name), kill(process, 0) != 0, errno == ESRCH { unlink(folder + "/" + name) }
    }
  }

  /// The process that wrote a temporary of this machine, or nil for any other name.
  private static func owner(of name: String) -> Int32? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: "-")
    guard parts.count == 3, parts[0] == host, let process = Int32(parts[1]), process > 0 else { return nil }
    return process
  }

  /// The machine, as eight hexadecimal digits, because a process number means nothing on another one.
  private static let host: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    return String(SHA256.hex(of: String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)).prefix(8))
  }()
}
