import CNetCDF
import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

/// What a file says to other programs: format, storage and conventions.
@Suite struct FieldFileStructureTests {
  private func write(_ scratch: Scratch, _ name: String = "f.nc", kind: GridKind = .vertex) throws -> String {
    let path = scratch.path(name)
    let writer = try FieldFileWriter(
      creating: path, layout: sampleLayout(y: 5, x: 7, kind: kind), provenance: sampleProvenance)
    try writer.append(samples: [3, 4, 9], sampleColumns(randomTensor([3, 5, 7]), randomTensor([3, 5, 7])))
    try writer.finish()
    return path
  }

  @Test func theFormatIsNetCDF4WithTheClassicModelAndSampleUnlimited() throws {
    let scratch = try Scratch()
    inspect(try write(scratch)) { id in
      var format: Int32 = 0
      #expect(nc_inq_format(id, &format) == NC_NOERR && format == NC_FORMAT_NETCDF4_CLASSIC)
      var unlimited: Int32 = -1
      #expect(nc_inq_unlimdim(id, &unlimited) == NC_NOERR)
      var name = [CChar](repeating: 0, count: 257)
      var length = 0
      #expect(nc_inq_dim(id, unlimited, &name, &length) == NC_NOERR)
      #expect("sample".utf8CString.elementsEqual(name[..<7]) && length == 3)
    }
  }

  @Test func oneSampleIsOneChunkShuffledAndDeflatedOnce() throws {
    let scratch = try Scratch()
    inspect(try write(scratch)) { id in
      for name in ["permeability", "pressure"] {
        let variable = number(id, name)
        var storage: Int32 = -1
        var chunk = [0, 0, 0]
        #expect(nc_inq_var_chunking(id, variable, &storage, &chunk) == NC_NOERR)
        #expect(storage == NC_CHUNKED && chunk == [1, 5, 7])
        var (shuffle, deflate, level): (Int32, Int32, Int32) = (0, 0, 0)
        #expect(nc_inq_var_deflate(id, variable, &shuffle, &deflate, &level) == NC_NOERR)
        #expect((shuffle, deflate, level) == (1, 1, 1))
      }
    }
  }

  @Test func coordinatesFollowTheConventions() throws {
    let scratch = try Scratch()
    inspect(try write(scratch)) { id in
      // CDO takes a sample with units for time, CF checkers an axis for latitude or longitude.
      #expect(nc_inq_attlen(id, number(id, "sample"), "units", nil) == NC_ENOTATT)
      for name in ["y", "x"] {
        let variable = number(id, name)
        #expect(nc_inq_attlen(id, variable, "axis", nil) == NC_ENOTATT)
        #expect(text(id, variable, "bounds") == name + "_bnds")
        #expect(text(id, variable, "units") == "1")
        #expect(text(id, variable, "long_name") != nil)
        for coordinate in [variable, number(id, name + "_bnds")] {
          #expect(nc_inq_attlen(id, coordinate, "_FillValue", nil) == NC_ENOTATT, "CF forbids missing coordinates")
        }
        var type: Int32 = 0
        #expect(nc_inq_vartype(id, variable, &type) == NC_NOERR && type == NC_DOUBLE)
      }
    }
  }

  @Test func variablesCarryTheirUnitsFillValuesAndFlags() throws {
    let scratch = try Scratch()
    inspect(try write(scratch)) { id in
      for (name, expected) in [("permeability", NC_FLOAT), ("pressure", NC_DOUBLE), ("solver_residual", NC_DOUBLE)] {
        let variable = number(id, name)
        var (type, fillType): (Int32, Int32) = (0, 0)
        #expect(nc_inq_vartype(id, variable, &type) == NC_NOERR && type == expected)
        #expect(nc_inq_atttype(id, variable, "_FillValue", &fillType) == NC_NOERR && fillType == expected)
      }
      #expect(text(id, number(id, "permeability"), "units") == "m2")
      #expect(text(id, number(id, "permeability"), "cell_methods") == "y: x: point")
      #expect(text(id, number(id, "pressure"), "ancillary_variables") == "solver_outcome label_error")
      let outcome = number(id, "solver_outcome")
      #expect(text(id, outcome, "flag_meanings") == "converged iteration_limit stagnated diverged nonfinite")
      var values = [Int8](repeating: -1, count: 5)
      #expect(nc_get_att_schar(id, outcome, "flag_values", &values) == NC_NOERR && values == [0, 1, 2, 3, 4])
    }
  }

  @Test func theFileSaysWhatItIsAndHowItWasMade() throws {
    let scratch = try Scratch()
    let path = try write(scratch)
    let expected = [
      "Conventions": "CF-1.8 ACDD-1.3", "title": "Test fields", "source": "pde 0.0", "references": "none",
      "comment": "Made by a test.", "date_created": "2023-11-14T22:13:20Z", "pde_recipe": #"{"grid":43,"seed":0}"#,
      "history": "2023-11-14T22:13:20Z pde gen darcy -o 'two words.nc'", "id": SHA256.hex(of: #"{"grid":43,"seed":0}"#),
    ]
    inspect(path) { id in
      for (name, value) in expected { #expect(text(id, NC_GLOBAL, name) == value, "\(name)") }
      #expect(text(id, NC_GLOBAL, "institution") == nil)
    }
    let file = try FieldFile(reading: path)
    #expect(try file.recipe == expected["pde_recipe"])
    #expect(try file.history == expected["history"])
  }

  @Test(arguments: GridKind.allCases)
  func cellsTouchAndCoverTheDomainOnce(kind: GridKind) throws {
    let axis = GridAxis(count: 9, from: -1, to: 3, kind: kind)
    let bounds = axis.bounds
    #expect(axis.coordinates.first == (kind == .centred ? -1 + 2.0 / 9 : -1))
    if kind == .vertex { #expect(axis.coordinates.last == 3) }
    for i in 0..<9 {
      #expect(bounds[2 * i] <= axis.coordinates[i] && axis.coordinates[i] <= bounds[2 * i + 1])
      // Neighbouring ends are sums of the same numbers in another order: a few roundings of numbers up to 3.
      if i > 0 { #expect(abs(bounds[2 * i] - bounds[2 * i - 1]) < 4e-15) }
    }
    #expect(abs(bounds[17] - bounds[0] - 4) < 4e-15)
  }

  @Test(arguments: GridKind.allCases)
  func theGridIsKnownAgainFromTheFile(kind: GridKind) throws {
    let scratch = try Scratch()
    let axes = try FieldFile(reading: try write(scratch, kind: kind)).axes()
    let expected = sampleLayout(y: 5, x: 7, kind: kind).grid
    for (found, wanted) in [(axes.y, expected.y), (axes.x, expected.x)] {
      #expect(found.kind == kind && found.count == wanted.count)
      #expect(abs(found.lower - wanted.lower) < 1e-14 && abs(found.upper - wanted.upper) < 1e-14)
    }
  }

  /// Nothing but the recipe may decide the bytes: no times, no addresses, no uninitialised memory.
  @Test func equalContentGivesEqualBytes() throws {
    let scratch = try Scratch()
    _ = try write(scratch, "a.nc")
    // HDF5 keeps times in seconds.
    Thread.sleep(forTimeInterval: 1.1)
    _ = try write(scratch, "b.nc")
    #expect(try scratch.bytes(of: "a.nc") == scratch.bytes(of: "b.nc"))
  }

  @Test func ncdumpReadsTheFileWithoutAWord() throws {
    let scratch = try Scratch()
    guard let (status, output) = try run("ncdump", ["-hs", try write(scratch)]) else {
      print("ncdump is not installed: its view of our files was not checked")
      return
    }
    #expect(status == 0)
    for line in [
      "sample = UNLIMITED ; // (3 currently)", "float permeability(sample, y, x) ;", "double y_bnds(y, nv) ;",
      #"pressure:ancillary_variables = "solver_outcome label_error" ;"#, "permeability:_FillValue = 9.96921e+36f ;",
      #"_Format = "netCDF-4 classic model" ;"#, "double residual_trace(sample, iteration) ;",
    ] { #expect(output.contains(line), "\(line)\n\(output)") }
  }

  @Test func aLongRecipeIsKeptWhole() throws {
    let scratch = try Scratch()
    var provenance = sampleProvenance
    // Beyond the 64 KiB that HDF5 stores in an object header.
    provenance.recipe = #"{"text":""# + String(repeating: "é", count: 100_000) + #""}"#
    let path = scratch.path("f.nc")
    try FieldFileWriter(creating: path, layout: sampleLayout(y: 2, x: 2), provenance: provenance).finish()
    let file = try FieldFile(reading: path)
    #expect(try file.recipe == provenance.recipe)
    #expect(try file.read("pressure", as: Double.self).shape == [0, 2, 2])
  }
}
