import CHDF5
import Synchronization

/// The netCDF library, and HDF5 below it, as a whole: they keep global tables and are not thread safe, so one call runs at a time.
package enum NetCDFLibrary {
  private static let lock = Mutex(())

  /// Runs calls of the library while nobody else does.
  package static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock { _ in
      HDF5Settings.apply()
      return try body()
    }
  }
}

/// What HDF5 must be told and netCDF does not tell it.
enum HDF5Settings {
  // At exit HDF5 writes and closes what is still open, which crashes for a file that was abandoned on a full disk; all others
  // are closed by their owners. This must be said before the library is used for the first time.
  private static let tidiesUpAtExit: Bool = H5dont_atexit() < 0

  /// The version of HDF5; nil where the library does not tell.
  static var version: String? {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    guard H5get_libversion(&major, &minor, &release) >= 0 else { return nil }
    return "\(major).\(minor).\(release)"
  }

  /// Keeps HDF5 from printing its error stack on stderr, which it does also for questions whose answer is no. netCDF switches
  /// that off, but where HDF5 is built for threads (Debian) only for the thread that came first.
  static func apply() {
    _ = tidiesUpAtExit
    // The default stack is number 0; failing to silence it changes nothing but the noise.
    _ = H5Eset_auto2(0, nil, nil)
  }
}
