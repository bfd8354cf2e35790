import CNetCDF
import Foundation

/// A file of fields, opened for reading.
///
/// Reads what `FieldFileWriter` makes and any NetCDF-4 or classic file whose fields have the dimensions (sample, y, x). The
/// header is checked before the library sees the file, sizes before memory is asked for, values before they are returned:
/// a file that was cut short, claims the impossible or holds NaN is refused with a sentence that says where.
public final class FieldFile {
  /// A dimension of the file.
  public struct Dimension: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its length.
    public let length: Int
  }

  /// A variable of the file.
  public struct Variable: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its dimensions, the slowest first.
    public let dimensions: [Dimension]
    let id: Int32
    let type: Int32

    /// Whether it holds real numbers in 32 or 64 bits.
    public var isReal: Bool { precision != nil }

    /// The precision of real numbers; nil for others.
    public var precision: StoredPrecision? {
      switch type {
      case NC_FLOAT: .single
      case NC_DOUBLE: .double
      default: nil
      }
    }

    /// The type of its values, as ncdump names it; "other" for what the classic data model does not have.
    public var typeName: String {
      let names = [
        NC_BYTE: "byte", NC_CHAR: "char", NC_SHORT: "short", NC_INT: "int", NC_FLOAT: "float", NC_DOUBLE: "double",
      ]
      return names[type] ?? "other"
    }
  }

  /// Half of the machine's memory.
  public static let defaultMemoryLimit = Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)

  /// The name of the file.
  public let path: String
  /// Its length.
  public let byteCount: Int
  /// Its dimensions in the order of the file.
  public let dimensions: [Dimension]
  /// Its variables in the order of the file.
  public let variables: [Variable]

  let handle: NetCDFHandle
  let memoryLimit: Int

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: a NetCDF-4 or classic NetCDF file.
  ///   - memoryLimit: the most bytes one read may ask for.
  /// - Throws: `FileError` for a missing or empty file or a folder (`noInput`); `FieldFileError` for a file that is not
  ///   NetCDF, damaged or cut short (`badData`).
  public convenience init(reading path: String, memoryLimit: Int = FieldFile.defaultMemoryLimit) throws {
    try self.init(reading: path, named: path, memoryLimit: memoryLimit)
  }

  /// Opens a file that messages call by another name.
  init(reading path: String, named name: String, memoryLimit: Int = FieldFile.defaultMemoryLimit) throws {
    byteCount = try NetCDFSignature.check(path)
    // An absolute path cannot be taken for an address on the network, which the library would open as well.
    let handle = try NetCDFHandle(readingFrom: FilePaths.real(path) ?? path, named: name)
    let dimensions = try handle.dimensions()
    self.path = name
    self.handle = handle
    self.memoryLimit = memoryLimit
    self.dimensions = dimensions
    variables = try handle.variables(dimensions)
  }

  /// The number of samples; 0 without such a dimension.
  public var sampleCount: Int { length(of: "sample") ?? 0 }

  /// The names of the physical fields: real variables over (sample, y, x).
  public var fieldNames: [String] {
    variables.filter { $0.isReal && $0.dimensions.map(\.name) == ["sample", "y", "x"] }.map(\.name)
  }

  /// The length of a dimension, or nil where there is none of this name.
  public func length(of dimension: String) -> Int? { dimensions.first { $0.name == dimension }?.length }

  /// Whether there is a variable of this name.
  public func has(_ name: String) -> Bool { variables.contains { $0.name == name } }

  /// The variable of this name.
  ///
  /// - Throws: `FieldFileError.missingVariable`.
  public func variable(_ name: String) throws -> Variable {
    guard let variable = variables.first(where: { $0.name == name }) else {
      throw FieldFileError.missingVariable(path: path, variable: name, present: variables.map(\.name))
    }
    return variable
  }
}
