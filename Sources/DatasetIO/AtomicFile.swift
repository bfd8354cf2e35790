import Foundation

/// A file that appears under its name whole or not at all.
///
/// Bytes go to a temporary beside the target (`TemporaryName`), which `publish()` flushes to the disk, checks and renames;
/// the folder is flushed too, so that the name survives a power cut. An existing file stays as it was until then. The
/// temporary is removed when anything fails or the value is dropped; those of processes that were killed are removed by
/// the next writer in the same folder. Permissions are those of any new file (0666 less the umask).
///
/// Another library may write to `temporaryPath` itself, as netCDF does, as long as it does not replace that file.
public final class AtomicFile {
  /// The name the file will have, as the caller wrote it.
  public let path: String
  /// Where the bytes are until `publish()`; absolute.
  public let temporaryPath: String
  /// How many bytes `write` has accepted.
  public private(set) var bytesWritten = 0

  private var target: String
  private var folder: String
  private let overwrite: Bool
  private var descriptor: Int32

  /// Opens a temporary beside `path`.
  ///
  /// - Parameters:
  ///   - path: the name to publish under; a symbolic link is followed, so that the file it points at is replaced.
  ///   - overwrite: whether a file of that name may be replaced.
  /// - Throws: `FileError`: `exists`, `cannotCreate`, or `writeFailed` when not even an empty file fits.
  public init(creating path: String, overwrite: Bool = false) throws {
    let place = try Self.place(of: path, overwrite: overwrite)
    let folder = place.folder
    let target = place.target
    TemporaryName.removeStale(in: folder)
    let temporary = folder + "/" + TemporaryName.unique()
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let code = errno
      if [ENOSPC, EDQUOT, EIO].contains(code) { throw FileError.write(path, in: folder, code: code) }
      throw FileError.cannotCreate(
        path: path, reason: "the folder '\(folder)' takes no new files (\(FileError.reason(code)))")
    }
    self.path = path
    self.target = target
    self.folder = folder
    self.overwrite = overwrite
    self.descriptor = descriptor
    temporaryPath = temporary
  }

  deinit { discard() }

  /// Appends bytes to the temporary.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(descriptor >= 0, "'\(path)' is already published or discarded")
    var offset = 0
    while offset < bytes.count {
      guard let base = bytes.baseAddress else { return }
      let count = Foundation.write(descriptor, base + offset, bytes.count - offset)
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        discard()
        throw FileError.write(path, in: folder, code: code, written: bytesWritten)
      }
      offset += count
      bytesWritten += count
    }
  }

  /// Appends a string as UTF-8.
  public func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }

  /// Flushes the bytes to the disk and gives the file its name.
  ///
  /// - Parameter older: a name beside it for the file that is replaced, which keeps its own until the new one has it.
  /// - Throws: `FileError`; the temporary is then gone and whatever had the name before is untouched.
  public func publish(keepingOlderAs older: String? = nil) throws {
    precondition(descriptor >= 0, "'\(path)' is already published or discarded")
    do {
      try check(Self.flush(descriptor))
      let closing = descriptor
      descriptor = -1
      try check(close(closing))
      if let older { try keepTarget(as: older) }
      try rename()
    } catch {
      discard()
      throw error
    }
    try flushFolder()
  }

  /// Flushes the bytes and gives the file another name than planned, in the same file system.
  ///
  /// - Throws: as `publish()`, and `FileError` when that name may not be used.
  public func publish(as other: String) throws {
    let place = try Self.place(of: other, overwrite: overwrite)
    (target, folder) = (place.target, place.folder)
    try publish()
  }

  /// Removes the temporary; does nothing after `publish()`.
  public func discard() {
    // Nothing useful can be said when cleaning up fails, and the name of the target is untouched either way.
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    unlink(temporaryPath)
  }

  /// Checks that a file of this name may be made, so that this is known before any work is done.
  ///
  /// - Throws: as `init`.
  public static func checkVacant(_ path: String, overwrite: Bool) throws {
    try AtomicFile(creating: path, overwrite: overwrite).discard()
  }

  /// Writes a whole text file.
  public static func write(_ text: String, to path: String, overwrite: Bool = false) throws {
    let file = try AtomicFile(creating: path, overwrite: overwrite)
    try file.write(text)
    try file.publish()
  }

  private func check(_ status: Int32) throws {
    if status != 0 { throw FileError.write(path, in: folder, code: errno) }
  }

  /// A hard link refuses a taken name in one step, where testing and renaming would leave a gap between the two.
  private func rename() throws {
    if !overwrite {
      if link(temporaryPath, target) == 0 {
        unlink(temporaryPath)
        return
      }
      if errno == EEXIST { throw FileError.exists(path: path) }
      // Some file systems have no hard links; there the gap stays.
      if access(target, F_OK) == 0 { throw FileError.exists(path: path) }
    }
    try check(Foundation.rename(temporaryPath, target))
  }

  /// Gives the file that is about to be replaced a second name, in one step.
  private func keepTarget(as older: String) throws {
    guard access(target, F_OK) == 0 else { return }
    let second = folder + "/" + TemporaryName.unique()
    // Some file systems have no hard links; there the first name is missing for a moment.
    guard link(target, second) == 0 else { return try check(Foundation.rename(target, older)) }
    // The system does nothing where both are the same file already.
    defer { unlink(second) }
    try check(Foundation.rename(second, older))
  }

  private func flushFolder() throws {
    let handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may be written but not read cannot be flushed; the rename itself has succeeded.
    guard handle >= 0 else { return }
    defer { close(handle) }
    if fsync(handle) != 0, ![EINVAL, ENOTSUP].contains(errno) {
      throw FileError.write(path, in: folder, code: errno)
    }
  }

  private static func flush(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // There, fsync does not reach the platter.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return fsync(descriptor)
  }

  /// The absolute folder and the absolute name of the file to make, links resolved.
  private static func place(of path: String, overwrite: Bool) throws -> (folder: String, target: String) {
    var status = stat()
    var resolved = path
    if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) == 0 {
        resolved = FilePaths.real(path) ?? path
      }
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR { throw FileError.cannotCreate(path: path, reason: "a folder has this name") }
      if kind != S_IFREG && kind != S_IFLNK {
        throw FileError.cannotCreate(path: path, reason: "a device or a pipe has this name")
      }
      if !overwrite { throw FileError.exists(path: path) }
    } else if errno == ENAMETOOLONG {
      throw FileError.cannotCreate(path: path, reason: "the name is too long")
    }
    let (parent, name) = FilePaths.split(resolved)
    guard !name.isEmpty else { throw FileError.cannotCreate(path: path, reason: "this is the name of a folder") }
    guard let folder = FilePaths.real(parent) else {
      throw FileError.cannotCreate(path: path, reason: "the folder '\(parent)' does not exist; make it first")
    }
    return (folder, folder + "/" + name)
  }
}
