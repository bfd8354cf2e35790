import CNetCDF
import Foundation

/// One open netCDF file: calls are serialised, every status is looked at, and the file is closed when this goes.
final class NetCDFHandle {
  /// What the file was opened for; decides the class of a failure.
  enum Purpose { case reading, writing }

  let id: Int32
  /// The name in error messages.
  let path: String
  private let purpose: Purpose
  private var isOpen = true

  /// Creates a NetCDF-4 file with the classic data model at `location`, where an empty file may already be.
  init(creatingAt location: String, named path: String) throws {
    var id: Int32 = -1
    try Self.call(path, .writing, "creating the file") {
      nc_create(location, NC_CLOBBER | NC_NETCDF4 | NC_CLASSIC_MODEL, &id)
    }
    self.id = id
    self.path = path
    purpose = .writing
  }

  /// Opens an existing file.
  init(readingFrom location: String, named path: String) throws {
    var id: Int32 = -1
    try Self.call(path, .reading, "opening the file") { nc_open(location, NC_NOWRITE, &id) }
    self.id = id
    self.path = path
    purpose = .reading
  }

  deinit {
    // Not closed by its owner: a file that was read, or one that is about to be removed.
    if isOpen { NetCDFLibrary.exclusively { _ = nc_abort(id) } }
  }

  /// Runs one library call; `action` completes the sentence "… failed while".
  func call(_ action: @autoclosure () -> String, _ body: (Int32) -> Int32) throws {
    do {
      try Self.call(path, purpose, action()) { body(id) }
    } catch {
      // HDF5 cannot close a file whose blocks it failed to write, and netCDF crashes when it tries (4.9.0 with HDF5 1.10.8).
      // Such a file is abandoned: its memory and its descriptor are given up until the process ends.
      if purpose == .writing { isOpen = false }
      throw error
    }
  }

  /// Writes what the library still holds back and closes the file.
  func close() throws {
    // A precaution: a flush that fails is an ordinary error, where closing on a full disk reaches the code that crashes (`call`).
    if purpose == .writing { try call("writing the last blocks") { nc_sync($0) } }
    isOpen = false
    try call("closing the file") { nc_close($0) }
  }

  private static func call(
    _ path: String, _ purpose: Purpose, _ action: @autoclosure () -> String, _ body: () -> Int32
  ) throws {
    let (status, code) = NetCDFLibrary.exclusively {
      errno = 0
      return (body(), errno)
    }
    guard status != NC_NOERR else { return }
    // The HDF5 layer reports only that it failed; the system's own number tells a full disk from anything else.
    if [ENOSPC, EDQUOT, EFBIG, EIO].contains(code) {
      if purpose == .reading { throw FileError.readFailed(path: path, reason: FileError.reason(code)) }
      throw FileError.write(path, in: FilePaths.split(path).folder, code: code)
    }
    let reason = String(cString: nc_strerror(status))
    throw FieldFileError.library(
      path: path, action: action(), reason: reason, failureClass: purpose == .reading ? .badData : .inputOutput)
  }
}
