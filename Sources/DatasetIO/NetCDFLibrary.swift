import Foundation
import Synchronization

/// The netCDF library as a whole: it keeps global tables and is not thread safe, so one call runs at a time.
package enum NetCDFLibrary {
  private static let lock = Mutex(())

  /// Runs calls of the library while nobody else does.
  package static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
    try lock.withLock { _ in
      HDF5Messages.silence()
      return try body()
    }
  }
}

/// Keeps HDF5 from printing.
///
/// HDF5 prints its error stack on stderr, also for questions whose answer is no. netCDF switches that off, but where HDF5 is
/// built for threads (Debian) only for the thread that came first. HDF5 is netCDF's dependency, not ours: its symbol is looked
/// up among those already loaded, and where there is none, there is nothing to silence.
private enum HDF5Messages {
  private typealias SetAutomaticPrinting =
    @convention(c) (_ stack: Int64, _ printer: OpaquePointer?, _ data: OpaquePointer?) -> Int32

  private static let setAutomaticPrinting: SetAutomaticPrinting? = {
    guard let program = dlopen(nil, RTLD_LAZY), let symbol = dlsym(program, "H5Eset_auto2") else { return nil }
    return unsafeBitCast(symbol, to: SetAutomaticPrinting.self)
  }()

  /// Silences HDF5 on the current thread.
  static func silence() {
    // The default stack is number 0; failing to silence it changes nothing but the noise.
    _ = setAutomaticPrinting?(0, nil, nil)
  }
}
