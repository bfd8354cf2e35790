import Foundation

/// What the file system refused, naming the file as the user wrote it.
public enum FileError: ClassifiedError, Equatable {
  case missing(path: String)
  case isFolder(path: String)
  case notRegular(path: String)
  case empty(path: String)
  case unreadable(path: String, reason: String)
  case readFailed(path: String, reason: String)
  case exists(path: String)
  case cannotCreate(path: String, reason: String)
  case writeFailed(path: String, reason: String)
  case appendFailed(path: String, reason: String)

  /// The class that decides the exit code.
  public var failureClass: FailureClass {
    switch self {
    case .missing, .isFolder, .notRegular, .empty, .unreadable: .noInput
    case .exists, .cannotCreate: .cannotCreate
    case .readFailed, .writeFailed, .appendFailed: .inputOutput
    }
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .missing(let path): "'\(path)' does not exist; check the name or make the file first"
    case .isFolder(let path): "'\(path)' is a folder; expected a file"
    case .notRegular(let path): "'\(path)' is a device or a pipe; expected a regular file"
    case .empty(let path): "'\(path)' is empty; expected data"
    case .unreadable(let path, let reason): "'\(path)' cannot be opened for reading: \(reason)"
    case .readFailed(let path, let reason): "reading '\(path)' failed: \(reason)"
    case .exists(let path): "'\(path)' exists already; choose another name or allow overwriting (--force)"
    case .cannotCreate(let path, let reason): "'\(path)' cannot be created: \(reason)"
    case .writeFailed(let path, let reason):
      "writing '\(path)' failed: \(reason); no file of this name was made or changed"
    case .appendFailed(let path, let reason): "appending to '\(path)' failed: \(reason)"
    }
  }

  /// The system's sentence for an error number.
  static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// The error of a write that ended with `code`, with the space that is left where that is the reason.
  static func write(_ path: String, in folder: String, code: Int32, written: Int? = nil) -> FileError {
    var reason = reason(code)
    if let written { reason += " after \(written) bytes" }
    if [ENOSPC, EDQUOT].contains(code), let free = freeBytes(in: folder) { reason += ", \(free) bytes are free" }
    return .writeFailed(path: path, reason: reason)
  }

  private static func freeBytes(in folder: String) -> Int? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }
}
