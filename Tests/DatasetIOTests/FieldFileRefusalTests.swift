import CNetCDF
import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

/// Files that must not be taken for data, and the sentences that say why.
@Suite struct FieldFileRefusalTests {
  @Test func whatIsNotThereOrNotNetCDFIsRefusedInItsClass() throws {
    let scratch = try Scratch()
    #expect(throws: FileError.missing(path: scratch.path("none"))) { try FieldFile(reading: scratch.path("none")) }
    #expect(throws: FileError.isFolder(path: scratch.folder)) { try FieldFile(reading: scratch.folder) }
    let empty = try scratch.write([], to: "empty")
    #expect(throws: FileError.empty(path: empty)) { try FieldFile(reading: empty) }
    #expect(throws: FileError.notRegular(path: "/dev/null")) { try FieldFile(reading: "/dev/null") }
    for error in [FileError.missing(path: ""), .isFolder(path: ""), .empty(path: ""), .notRegular(path: "")] {
      #expect(error.failureClass == .noInput)
    }
    let text = try scratch.write(Array("a,b\n1,2\n".utf8), to: "text.csv")
    let error = failure { try FieldFile(reading: text) }
    #expect(error as? FieldFileError == .notNetCDF(path: text, found: "bytes 61 2c 62 0a 31 2c 32 0a"))
    #expect(error?.failureClass == .badData)
    let archive = try scratch.write(Array("PK fake archive".utf8), to: "a.zip")
    #expect(failure { try FieldFile(reading: archive) }?.description.contains("begins with 'PK fake '") == true)
  }

  @Test(arguments: ForeignFormat.allCases)
  func swappedDimensionsWrongUnitsAndWrongTypesAreNamed(format: ForeignFormat) throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeForeign(path, format, dimensions: [("sample", 2), ("y", 3), ("x", 3)]) { id, dimension in
      let (sample, y, x) = (dimension["sample"], dimension["y"], dimension["x"])
      _ = define(id, "permeability", NC_FLOAT, [sample, x, y])
      _ = define(id, "pressure", NC_DOUBLE, [sample, y, x], attributes: ["units": "Pa"])
      _ = define(id, "forcing", NC_DOUBLE, [sample, y, x])
      _ = define(id, "counts", NC_INT, [sample, y, x])
    }
    let file = try FieldFile(reading: path)
    func sentence(_ body: () throws -> Void) -> String { failure(of: body)?.description ?? "accepted" }
    #expect(
      sentence { _ = try file.read("permeability", as: Float.self) }
        == "'\(path)': variable 'permeability' has dimensions (sample, x, y); expected (sample, y, x)")
    #expect(
      sentence { _ = try file.read("pressure", units: "1", as: Float.self) }
        == "'\(path)': variable 'pressure' has units 'Pa'; expected '1'")
    #expect(
      sentence { _ = try file.read("forcing", units: "1", as: Float.self) }
        == "'\(path)': variable 'forcing' has no units; expected '1'")
    #expect(
      sentence { _ = try file.read("counts", as: Float.self) }
        == "'\(path)': variable 'counts' holds whole numbers or text; expected float or double")
    #expect(
      sentence { _ = try file.read("velocity", as: Float.self) }
        == "'\(path)' has no variable 'velocity'; its variables are: permeability, pressure, forcing, counts")
    #expect(failure { try file.read("velocity", as: Float.self) }?.failureClass == .badData)
    #expect(failure { try file.axes() }?.description.contains("no variable 'y'") == true)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aValueThatIsNotFiniteIsNamedWithItsPlace(value: Double) throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    var values = (0..<2 * 3 * 4).map(Double.init)
    values[(1 * 3 + 2) * 4 + 1] = value
    writeForeign(path, .netCDF4, dimensions: [("sample", 2), ("y", 3), ("x", 4)]) { id, dimension in
      let variable = define(id, "pressure", NC_DOUBLE, [dimension["sample"], dimension["y"], dimension["x"]])
      #expect(nc_put_var_double(id, variable, values) == NC_NOERR)
    }
    let file = try FieldFile(reading: path)
    #expect(
      failure { try file.read("pressure", as: Float.self) }?.description == "'\(path)': variable 'pressure' is "
        + "\(value) at sample 1, point (y 2, x 1); expected finite numbers")
    // Its place is counted from the first sample of the file, not of the read; other samples are not affected.
    let error = failure { try file.read("pressure", samples: 1..<2, as: Double.self) }
    #expect(error?.description.contains("at sample 1, point (y 2, x 1)") == true)
    #expect(try file.read("pressure", samples: 0..<1, as: Double.self).elements == Array(values[..<12]))
  }

  @Test func aNumberBeyondSinglePrecisionIsReadInDoubleOnly() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeForeign(path, .netCDF4, dimensions: [("sample", 2), ("y", 1), ("x", 2)]) { id, dimension in
      let variable = define(id, "pressure", NC_DOUBLE, [dimension["sample"], dimension["y"], dimension["x"]])
      var fill = 1e300
      #expect(nc_put_att_double(id, variable, "_FillValue", NC_DOUBLE, 1, &fill) == NC_NOERR)
      #expect(nc_put_var_double(id, variable, [1, 1e300, 2, 1e39]) == NC_NOERR)
    }
    let file = try FieldFile(reading: path)
    #expect(try file.read("pressure", samples: 1..<2, as: Double.self).elements == [2, 1e39])
    #expect(
      failure { try file.read("pressure", samples: 1..<2, as: Float.self) }?.description
        == "'\(path)': variable 'pressure' holds 1e+39, which does not fit single precision; expected less than 3.4e38")
    let missing = try file.read("pressure", samples: 0..<1, missing: .asNaN, as: Float.self).elements
    #expect(missing[0] == 1 && missing[1].isNaN)
  }

  @Test(arguments: [-1.0, 1e20, .nan])
  func aMissingValueIsNamedOrReturnedAsNaNOnRequest(fill: Double) throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    var values = (0..<2 * 2 * 2).map { Float($0) }
    values[5] = Float(fill)
    writeForeign(path, .netCDF4, dimensions: [("sample", 2), ("y", 2), ("x", 2)]) { id, dimension in
      let variable = define(id, "pressure", NC_FLOAT, [dimension["sample"], dimension["y"], dimension["x"]])
      var fill = Float(fill)
      #expect(nc_put_att_float(id, variable, "_FillValue", NC_FLOAT, 1, &fill) == NC_NOERR)
      #expect(nc_put_var_float(id, variable, values) == NC_NOERR)
    }
    let file = try FieldFile(reading: path)
    #expect(
      failure { try file.read("pressure", as: Float.self) }?.description == "'\(path)': variable 'pressure' has no "
        + "value at sample 1, point (y 0, x 1); leave that sample out or make it again")
    let read = try file.read("pressure", missing: .asNaN, as: Double.self).elements
    #expect(read.indices.filter { read[$0].isNaN } == [5])
    #expect(read[6] == 6)
  }

  @Test func samplesThatFailedAreStoredAsMissingAndFlagged() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    let a: Tensor<Float> = randomTensor([3, 2, 2])
    var u: Tensor<Double> = randomTensor([3, 2, 2])
    u[1, 0, 1] = .nan
    let outcomes: [SampleOutcome] = [.converged, .nonfinite, .iterationLimit]
    let writer = try FieldFileWriter(
      creating: path, layout: sampleLayout(y: 2, x: 2), provenance: sampleProvenance)
    try writer.append(samples: [0, 5, 6], sampleColumns(a, u, outcomes: outcomes))
    try writer.finish()
    let file = try FieldFile(reading: path)
    #expect(try file.outcomes() == outcomes)
    #expect(try file.convergedSamples() == [0])
    #expect(try file.sampleIndices() == [0, 5, 6])
    #expect(failure { try file.read("pressure", as: Double.self) }?.description.contains("sample 1,") == true)
    let read = try file.read("pressure", missing: .asNaN, as: Double.self)
    #expect(sameBits(read.gathering(samples: [0, 2]), u.gathering(samples: [0, 2])))
    let failed = read.gathering(samples: [1]).elements.filter { !$0.isNaN }
    #expect(failed.isEmpty, "half a failed sample looks like a solution")
    #expect(sameBits(try file.read("permeability", as: Float.self), a))
    let errors = try file.reals("label_error")
    #expect(errors[0].isNaN && errors[1] == 1 && errors[2] == 0.5)
    #expect(try file.integers("solver_iterations") == [10, 11, 12])
    #expect(try file.traces("residual_trace") == [[], [1], [1, 0.1]])
  }

  @Test func aConvergedSampleThatIsNotFiniteIsAnErrorAndLeavesNoFile() throws {
    let scratch = try Scratch()
    var u: Tensor<Double> = randomTensor([2, 2, 2])
    u[1, 1, 1] = .infinity
    let writer = try FieldFileWriter(
      creating: scratch.path("f.nc"), layout: sampleLayout(y: 2, x: 2), provenance: sampleProvenance)
    #expect(throws: FieldFileError.unflaggedFailure(path: scratch.path("f.nc"), variable: "pressure", sample: 8)) {
      try writer.append(samples: [7, 8], sampleColumns(randomTensor([2, 2, 2]), u))
    }
    #expect(scratch.contents.isEmpty)
  }

  @Test func anUnknownOutcomeIsRefused() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeForeign(path, .netCDF4, dimensions: [("sample", 2)]) { id, dimension in
      let variable = define(id, "solver_outcome", NC_BYTE, [dimension["sample"]])
      #expect(nc_put_var_schar(id, variable, [0, 7]) == NC_NOERR)
    }
    #expect(
      failure { try FieldFile(reading: path).outcomes() }?.description
        == "'\(path)': variable 'solver_outcome' is 7 for sample 1; expected 0 to 4")
  }

  /// A few kilobytes that claim 10¹² numbers must be refused before memory is asked for, and at once.
  @Test func aFileThatClaimsMoreThanItCanHoldIsRefusedAtOnce() throws {
    let scratch = try Scratch()
    let path = scratch.path("f.nc")
    writeForeign(path, .netCDF4, dimensions: [("sample", 1000), ("y", 100_000), ("x", 10_000)]) { id, dimension in
      _ = define(id, "pressure", NC_DOUBLE, [dimension["sample"], dimension["y"], dimension["x"]])
    }
    let file = try FieldFile(reading: path)
    let start = ContinuousClock.now
    let error = failure { try file.read("pressure", samples: 0..<1, as: Double.self) }
    #expect(error?.failureClass == .badData)
    #expect(error?.description.contains("claims 8000000000000 bytes; the file has only") == true)
    #expect(ContinuousClock.now - start < .seconds(1))

    let small = scratch.path("small.nc")
    let layout = sampleLayout(y: 8, x: 8)
    let writer = try FieldFileWriter(creating: small, layout: layout, provenance: sampleProvenance)
    try writer.append(samples: 0..<4, sampleColumns(randomTensor([4, 8, 8]), randomTensor([4, 8, 8])))
    try writer.finish()
    // 4·64 doubles are 2048 bytes: a limit just below is kept, two samples fit.
    let limited = try FieldFile(reading: small, memoryLimit: 2047)
    #expect(failure { try limited.read("pressure", as: Double.self) }?.description.contains("2047") == true)
    #expect(try limited.read("pressure", samples: 0..<2, as: Double.self).count == 128)
  }
}
