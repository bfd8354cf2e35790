/// What kind of failure an error is, seen from the outside; the raw value is the program's exit code (sysexits.h).
public enum FailureClass: Int32, Sendable, Equatable {
  /// What was asked for is not there, such as a position beyond the end.
  case usage = 64
  /// The data are unreadable, truncated or do not match what was asked for.
  case badData = 65
  /// There is no data: a missing or empty file, a folder, a file that may not be opened.
  case noInput = 66
  /// An output cannot be created: no such folder, no permission, or the name is taken.
  case cannotCreate = 73
  /// Reading or writing failed on the way: disk full, device error.
  case inputOutput = 74
  /// A file of settings cannot be understood.
  case configuration = 78

  /// The exit code of a program that ends with this failure.
  public var exitCode: Int32 { rawValue }
}

/// An error that knows its class and describes itself in one sentence: what, found, expected, what to do.
public protocol ClassifiedError: Error, CustomStringConvertible {
  /// The class that decides the exit code.
  var failureClass: FailureClass { get }
}
