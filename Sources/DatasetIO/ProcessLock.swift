import Foundation

/// A file that one process at a time holds, with that process's number inside.
///
/// The system's own lock (`flock`) decides, so that the file of a process that was killed is in nobody's way; the number is
/// there to be named. The file goes with the lock. Where the file system has no locks, every process gets one.
public final class ProcessLock {
  /// Somebody else holds the lock: the process's number, where it could be read.
  public struct Held: Error, Equatable {
    /// The holder.
    public let process: Int32?
  }

  /// One who only looks who holds a lock has it for a moment.
  private static let attempts = 5
  private static let pause: UInt32 = 20_000

  private let path: String
  private let descriptor: Int32

  /// Takes the lock, making its file if necessary.
  ///
  /// - Throws: `Held`; `FileError.cannotCreate` where the file cannot be made.
  public init(_ path: String) throws {
    self.path = path
    descriptor = try Self.acquire(path)
    let number = Array("\(getpid())\n".utf8)
    // A number that could not be written is missing in a message; the lock holds without it.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, number, number.count, 0) }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Throws `Held` if a process holds the lock of this file; this one counts.
  public static func check(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard isFree(descriptor) else { throw Held(process: process(in: descriptor)) }
  }

  private static func acquire(_ path: String) throws -> Int32 {
    var refused = 0
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError.cannotCreate(path: path, reason: FileError.reason(errno)) }
      if isFree(descriptor) {
        // The last holder may have removed the file between the two calls; then this lock is of no use.
        var (own, named) = (stat(), stat())
        if fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino { return descriptor }
      } else {
        refused += 1
        if refused == attempts {
          defer { close(descriptor) }
          throw Held(process: process(in: descriptor))
        }
        usleep(pause)
      }
      close(descriptor)
    }
  }

  private static func isFree(_ descriptor: Int32) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { return true }
    }
    return true
  }

  private static func process(in descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int32(String(decoding: bytes.prefix(max(count, 0)).prefix { $0 > 32 }, as: UTF8.self))
  }
}
