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
    // Not closed by its owner: the file is either unchanged or about to be removed.
    if isOpen { NetCDFLibrary.exclusively { _ = nc_abort(id) } }
  }

  /// Runs one library call; `action` completes the sentence "… failed while".
  func call(_ action: @autoclosure () -> String, _ body: (Int32) -> Int32) throws {
    try Self.call(path, purpose, action()) { body(id) }
  }

  /// Writes what the library still holds back and closes the file.
  func close() throws {
    // The library has given the number back even when closing fails; it must not be used again.
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
    var reason = String(cString: nc_strerror(status))
    // The HDF5 layer reports only that it failed; the system's own number tells a full disk from anything else.
    if [ENOSPC, EDQUOT, EFBIG, EIO].contains(code) { reason += " (\(FileError.reason(code)))" }
    throw FieldFileError.library(
      path: path, action: action(), reason: reason, failureClass: purpose == .reading ? .badData : .inputOutput)
  }
}
