import CNetCDF
import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

/// Files that were cut short: the netCDF library opens some of them and reads zeros, we never do.
@Suite struct TruncationTests {
  private let values = (0..<2 * 3 * 3).map { Double($0) + 0.5 }

  /// A classic file with a fixed variable, one or two record variables and an odd number of bytes in the last record.
  private func writeClassic(_ path: String, _ format: ForeignFormat, records: Int) {
    let dimensions = [("sample", records == 0 ? 2 : NC_UNLIMITED), ("y", 3), ("x", 3)]
    writeForeign(path, format, dimensions: dimensions) { id, dimension in
      let (sample, y, x) = (dimension["sample"], dimension["y"], dimension["x"])
      let field = define(id, "pressure", NC_DOUBLE, [sample, y, x], attributes: ["units": "1", "note": "odd"])
      let coordinate = define(id, "y", NC_SHORT, [y])
      let outcome = records == 1 ? nil : define(id, "solver_outcome", NC_BYTE, [sample])
      if format != .netCDF4 { #expect(nc_enddef(id) == NC_NOERR) }
      #expect(nc_put_vara_double(id, field, [0, 0, 0], [2, 3, 3], values) == NC_NOERR)
      #expect(nc_put_var_short(id, coordinate, [1, 2, 3]) == NC_NOERR)
      if let outcome { #expect(nc_put_vara_schar(id, outcome, [0], [2], [0, 3]) == NC_NOERR) }
    }
  }

  /// Cuts byte by byte from the end; a cut is refused unless it took nothing but padding.
  private func cut(_ path: String, step: Int = 1, allowing padding: Int, _ isWhole: (FieldFile) throws -> Bool) throws {
    let length = try FieldFile(reading: path).byteCount
    #expect(try isWhole(FieldFile(reading: path)))
    var accepted = 0
    for shorter in stride(from: length - 1, to: 0, by: -step) {
      #expect(truncate(path, off_t(shorter)) == 0)
      do {
        let file = try FieldFile(reading: path)
        accepted += 1
        #expect(try isWhole(file), "\(shorter) of \(length) bytes were read as something else")
      } catch {
        #expect((error as? any ClassifiedError)?.failureClass == .badData, "\(shorter) of \(length) bytes: \(error)")
      }
    }
    #expect(accepted <= padding, "\(accepted) cuts of \(length) bytes were not noticed")
  }

  @Test(arguments: [ForeignFormat.cdf1, .cdf2, .cdf5], [0, 1, 2])
  func everyCutOfAClassicFileIsNoticed(format: ForeignFormat, records: Int) throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeClassic(path, format, records: records)
    // Up to three bytes of padding may end a file.
    try cut(path, allowing: 3) { file in
      try file.read("pressure", as: Double.self).elements == values
        && (records == 1 || file.outcomes() == [.converged, .diverged])
    }
  }

  @Test func everyCutOfAFieldFileIsNoticed() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    let u: Tensor<Double> = randomTensor([2, 3, 3])
    let writer = try FieldFileWriter(
      creating: path, layout: sampleLayout(y: 3, x: 3), provenance: sampleProvenance)
    try writer.append(samples: 0..<2, sampleColumns(randomTensor([2, 3, 3]), u))
    try writer.finish()
    try cut(path, allowing: 0) { sameBits(try $0.read("pressure", as: Double.self), u) }
    // Refused by its header, before the library sees it: the sentence has both lengths.
    try FieldFileWriter(creating: path, layout: sampleLayout(y: 3, x: 3), provenance: sampleProvenance, overwrite: true)
      .finish()
    let empty = try FieldFile(reading: path).byteCount
    #expect(truncate(path, off_t(empty - 1)) == 0)
    #expect(throws: FieldFileError.truncated(path: path, expected: empty, found: empty - 1)) {
      try FieldFile(reading: path)
    }
  }

  @Test func theLibraryItselfWouldNotHaveNoticed() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeClassic(path, .cdf1, records: 1)
    let length = try FieldFile(reading: path).byteCount
    #expect(truncate(path, off_t(length - 80)) == 0)
    // This is why headers are read here: the library reports success.
    let (status, last) = inspect(path) { id in
      var value = -1.0
      let status = nc_get_var1_double(id, number(id, "pressure"), [1, 2, 2], &value)
      return (status, value)
    }
    #expect(status == NC_NOERR && last == 0)
    #expect(throws: FieldFileError.truncated(path: path, expected: length, found: length - 80)) {
      try FieldFile(reading: path)
    }
  }

  /// Every bit of a classic header in turn: a sentence or some data, never a crash or a hang.
  @Test(arguments: [ForeignFormat.cdf1, .cdf5])
  func noFlippedBitOfAClassicHeaderIsFatal(format: ForeignFormat) throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeClassic(path, format, records: 2)
    let bytes = try scratch.bytes(of: "f.nc")
    let header = bytes.count - (format == .cdf1 ? 2 * 76 : 2 * 76)
    for index in 0..<header {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << bit
        let path = try scratch.write(flipped, to: "flipped.nc")
        let error = failure {
          let file = try FieldFile(reading: path, memoryLimit: 1 << 20)
          _ = try file.read("pressure", as: Double.self)
          _ = try file.attribute("units", of: "pressure")
        }
        if let error { #expect(error.failureClass == .badData, "bit \(bit) of byte \(index): \(error)") }
      }
    }
  }
}
