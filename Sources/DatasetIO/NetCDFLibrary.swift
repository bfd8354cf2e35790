import Foundation
import Synchronization

/// The netCDF library as a whole: it keeps global tables and is not thread safe, so one call runs at a time.
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
///
/// HDF5 is netCDF's dependency, not ours: its symbols are looked up among those already loaded, and where there are none, there
/// is nothing to set.
enum HDF5Settings {
  private typealias SetAutomaticPrinting =
    @convention(c) (_ stack: Int64, _ printer: OpaquePointer?, _ data: OpaquePointer?) -> Int32
  private typealias DoNotTidyUpAtExit = @convention(c) () -> Int32

  private static let setAutomaticPrinting: SetAutomaticPrinting? = {
    // At exit HDF5 writes and closes what is still open, which crashes for a file that was abandoned on a full disk; all others
    // are closed by their owners. This must be said before the library is used for the first time.
    if let symbol = symbol("H5dont_atexit") {
      _ = unsafeBitCast(symbol, to: DoNotTidyUpAtExit.self)()
    }
    return symbol("H5Eset_auto2").map { unsafeBitCast($0, to: SetAutomaticPrinting.self) }
  }()

  private typealias GetVersion =
    @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32

  /// The version of HDF5; nil where it is not found.
  static var version: String? {
    guard let symbol = symbol("H5get_libversion") else { return nil }
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    guard unsafeBitCast(symbol, to: GetVersion.self)(&major, &minor, &release) >= 0 else { return nil }
    return "\(major).\(minor).\(release)"
  }

  /// Keeps HDF5 from printing its error stack on stderr, which it does also for questions whose answer is no. netCDF switches
  /// that off, but where HDF5 is built for threads (Debian) only for the thread that came first.
  static func apply() {
    // The default stack is number 0; failing to silence it changes nothing but the noise.
    _ = setAutomaticPrinting?(0, nil, nil)
  }

  private static func symbol(_ name: String) -> UnsafeMutableRawPointer? {
    dlopen(nil, RTLD_LAZY).flatMap { dlsym($0, name) }
  }
}
