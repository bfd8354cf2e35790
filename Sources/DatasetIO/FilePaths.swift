import Foundation

/// Paths as the system sees them.
enum FilePaths {
  /// The folder and the last component; the folder of a bare name is ".".
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// The absolute path without links, or nil where nothing has this name.
  static func real(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// The length of a regular file that has content.
  ///
  /// - Throws: `FileError` when there is nothing, a folder, a device or an empty file.
  static func length(ofDataAt path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      if [ENOENT, ENOTDIR].contains(code) { throw FileError.missing(path: path) }
      throw FileError.unreadable(path: path, reason: FileError.reason(code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError.isFolder(path: path)
    default: throw FileError.notRegular(path: path)
    }
    guard status.st_size > 0 else { throw FileError.empty(path: path) }
    return Int(status.st_size)
  }

  /// Opens a file; the caller closes it.
  static func openForReading(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.unreadable(path: path, reason: FileError.reason(errno)) }
    return descriptor
  }

  /// The first bytes of a file, at most `count`.
  static func front(of path: String, _ count: Int) throws -> [UInt8] {
    let descriptor = try openForReading(path)
    defer { close(descriptor) }
    return try bytes(count, of: descriptor, path: path)
  }

  /// Reads until the buffer is full or the file ends; returns the number of bytes.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, of path: String) throws -> Int {
    var filled = 0
    while filled < buffer.count, let base = buffer.baseAddress {
      let count = Foundation.read(descriptor, base + filled, buffer.count - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError.readFailed(path: path, reason: FileError.reason(errno)) }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// Hands bytes to the system, in one write where it takes them so.
  static func append(_ bytes: some Collection<UInt8>, to descriptor: Int32, of path: String) throws {
    let bytes = ContiguousArray(bytes)
    try bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count, let base = buffer.baseAddress {
        let count = Foundation.write(descriptor, base + offset, buffer.count - offset)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw FileError.appendFailed(path: path, reason: FileError.reason(errno)) }
        offset += count
      }
    }
  }

  /// Everything an open file holds, from its beginning.
  static func contents(of descriptor: Int32, path: String) throws -> [UInt8] {
    let length = lseek(descriptor, 0, SEEK_END)
    guard length >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw FileError.readFailed(path: path, reason: FileError.reason(errno))
    }
    return try bytes(Int(length), of: descriptor, path: path)
  }

  /// The next bytes of an open file, at most `count`.
  static func bytes(_ count: Int, of descriptor: Int32, path: String) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      // The array may have room for more than was asked for.
      let wanted = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count])
      filled = try read(descriptor, into: wanted, of: path)
    }
  }

  /// At most `count` bytes of an open file from a place on.
  static func bytes(_ count: Int, at offset: Int, of descriptor: Int32, path: String) throws -> [UInt8] {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw FileError.readFailed(path: path, reason: FileError.reason(errno))
    }
    return try bytes(count, of: descriptor, path: path)
  }
}
