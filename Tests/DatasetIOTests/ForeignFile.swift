import CNetCDF
import DatasetIO
import Foundation
import Testing

/// The formats other programs write.
enum ForeignFormat: Int32, CaseIterable, CustomTestStringConvertible {
  case cdf1 = 0
  case cdf2 = 0x0200
  case cdf5 = 0x0020
  case netCDF4 = 0x1000

  var testDescription: String { ["CDF-1", "CDF-2", "CDF-5", "NetCDF-4"][Self.allCases.firstIndex(of: self) ?? 0] }
}

/// A NetCDF file written by plain library calls, as another program would.
func writeForeign(
  _ path: String, _ format: ForeignFormat, dimensions: [(String, Int)], _ body: (Int32, [String: Int32]) -> Void
) {
  NetCDFLibrary.exclusively {
    var id: Int32 = 0
    #expect(nc_create(path, NC_CLOBBER | format.rawValue, &id) == NC_NOERR)
    var numbers: [String: Int32] = [:]
    for (name, length) in dimensions {
      var number: Int32 = 0
      #expect(nc_def_dim(id, name, length, &number) == NC_NOERR)
      numbers[name] = number
    }
    body(id, numbers)
    #expect(nc_close(id) == NC_NOERR)
  }
}

/// Defines a variable of a foreign file.
func define(_ id: Int32, _ name: String, _ type: Int32, _ dimensions: [Int32?], attributes: [String: String] = [:])
  -> Int32
{
  var variable: Int32 = 0
  #expect(nc_def_var(id, name, type, Int32(dimensions.count), dimensions.compactMap(\.self), &variable) == NC_NOERR)
  for (key, text) in attributes {
    #expect(nc_put_att_text(id, variable, key, text.utf8.count, text) == NC_NOERR)
  }
  return variable
}

/// Looks at an existing file with plain library calls.
func inspect<Result>(_ path: String, _ body: (Int32) throws -> Result) rethrows -> Result {
  try NetCDFLibrary.exclusively {
    var id: Int32 = 0
    #expect(nc_open(path, NC_NOWRITE, &id) == NC_NOERR)
    defer { nc_close(id) }
    return try body(id)
  }
}

/// The number of a variable.
func number(_ id: Int32, _ name: String) -> Int32 {
  var variable: Int32 = -1
  #expect(nc_inq_varid(id, name, &variable) == NC_NOERR, "there is no variable '\(name)'")
  return variable
}

/// A text attribute, or nil.
func text(_ id: Int32, _ variable: Int32, _ name: String) -> String? {
  var length = 0
  guard nc_inq_attlen(id, variable, name, &length) == NC_NOERR else { return nil }
  var bytes = [UInt8](repeating: 0, count: length)
  bytes.withUnsafeMutableBytes { buffer in
    _ = nc_get_att_text(id, variable, name, buffer.baseAddress?.assumingMemoryBound(to: CChar.self))
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Runs a program and returns what it prints, or nil where it is not installed.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String)? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  guard let folder = folders.first(where: { access("\($0)/\(program)", X_OK) == 0 }) else { return nil }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "\(folder)/\(program)")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, output)
}
