/// What is wrong with a file of fields.
public enum FieldFileError: ClassifiedError, Equatable {
  case notNetCDF(path: String, found: String)
  case damaged(path: String, reason: String)
  case unsupported(path: String, what: String)
  case unknownFields(path: String, present: [String])
  case truncated(path: String, expected: Int, found: Int)
  case library(path: String, action: String, reason: String, failureClass: FailureClass)
  case missingVariable(path: String, variable: String, present: [String])
  case wrongDimensions(path: String, variable: String, found: [String], expected: [String])
  case wrongShape(path: String, variable: String, found: [Int], expected: [Int])
  case wrongType(path: String, variable: String, found: String, expected: String)
  case wrongUnits(path: String, variable: String, found: String?, expected: String)
  case notFinite(path: String, variable: String, at: SamplePoint, value: Double)
  case missingValue(path: String, variable: String, at: SamplePoint)
  case wrongValue(path: String, variable: String, reason: String)
  case tooLarge(path: String, variable: String, bytes: String, limit: String)
  case unflaggedFailure(path: String, variable: String, sample: Int)

  /// The class that decides the exit code.
  public var failureClass: FailureClass {
    if case .library(_, _, _, let failureClass) = self { return failureClass }
    return .badData
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .notNetCDF(let path, let found):
      return "'\(path)' is not a NetCDF file: it begins with \(found); expected NetCDF-4 or classic NetCDF, "
        + "or HDF5, MATLAB or PyTorch data"
    case .damaged(let path, let reason): return "'\(path)' is damaged: \(reason)"
    case .unsupported(let path, let what): return "'\(path)' has \(what)"
    case .unknownFields(let path, let present):
      let names = present.isEmpty ? "none" : present.joined(separator: ", ")
      return "'\(path)' has none of the known pairs of fields; say which to take, such as "
        + "--map permeability=a,pressure=u; its arrays are: \(names)"
    case .truncated(let path, let expected, let found):
      return "'\(path)' is cut short: it has \(found) bytes, its header describes \(expected); copy or make it again"
    case .library(let path, let action, let reason, _): return "'\(path)': netCDF failed while \(action): \(reason)"
    case .missingVariable(let path, let variable, let present):
      let names = present.isEmpty ? "none" : present.joined(separator: ", ")
      return "'\(path)' has no variable '\(variable)'; its variables are: \(names)"
    case .wrongDimensions(let path, let variable, let found, let expected):
      return "'\(path)': variable '\(variable)' has dimensions (\(found.joined(separator: ", "))); "
        + "expected (\(expected.joined(separator: ", ")))"
    case .wrongShape(let path, let variable, let found, let expected):
      return "'\(path)': variable '\(variable)' has shape \(found); expected \(expected)"
    case .wrongType(let path, let variable, let found, let expected):
      return "'\(path)': variable '\(variable)' holds \(found); expected \(expected)"
    case .wrongUnits(let path, let variable, let found, let expected):
      let found = found.map { "units '\($0)'" } ?? "no units"
      return "'\(path)': variable '\(variable)' has \(found); expected '\(expected)'"
    case .notFinite(let path, let variable, let point, let value):
      return "'\(path)': variable '\(variable)' is \(value) at \(point); expected finite numbers"
    case .missingValue(let path, let variable, let point):
      return "'\(path)': variable '\(variable)' has no value at \(point); leave that sample out or make it again"
    case .wrongValue(let path, let variable, let reason): return "'\(path)': variable '\(variable)' \(reason)"
    case .tooLarge(let path, let variable, let bytes, let limit):
      return "'\(path)': variable '\(variable)' claims \(bytes) bytes; \(limit)"
    case .unflaggedFailure(let path, let variable, let sample):
      return "'\(path)': sample \(sample) of '\(variable)' is not finite although its outcome says that it converged"
    }
  }
}

/// One value of a field, or one entry of a variable with fewer dimensions.
public struct SamplePoint: Sendable, Equatable, CustomStringConvertible {
  /// The position along the sample dimension.
  public var sample: Int
  /// (y, x) of a field, empty for a value a sample.
  public var point: [Int]

  /// Such as "sample 3, point (y 4, x 5)".
  public var description: String {
    switch point.count {
    case 0: "sample \(sample)"
    case 2: "sample \(sample), point (y \(point[0]), x \(point[1]))"
    default: "sample \(sample), position \(point)"
    }
  }
}
