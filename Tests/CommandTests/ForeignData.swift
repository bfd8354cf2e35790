import CNetCDF
import DatasetIO
import Testing

/// Darcy data as another program might write them, sound unless told otherwise.
struct ForeignData {
  var samples = 24
  var rows = 11
  var columns = 11
  var dimensions = ["sample", "y", "x"]
  var variables = ["permeability", "pressure"]
  /// Units of the pressure.
  var units = "1"
  /// Indices of the samples; not stored when nil.
  var indices: [Int32]?
  /// The file's attribute `id`.
  var identifier: String?
  /// Values that are put in place of the sound ones.
  var spoiled: [(variable: String, sample: Int, y: Int, x: Int, value: Float)] = []
  /// A sample whose pressure is zero everywhere.
  var vanishing: Int?

  /// Writes the file by plain calls of the library.
  func write(to path: String) {
    NetCDFLibrary.exclusively {
      var file: Int32 = 0
      #expect(nc_create(path, NC_CLOBBER | NC_NETCDF4, &file) == NC_NOERR)
      let lengths = ["sample": samples, "y": rows, "x": columns]
      var axes: [String: Int32] = [:]
      for name in dimensions {
        var axis: Int32 = 0
        #expect(nc_def_dim(file, name, lengths[name] ?? 1, &axis) == NC_NOERR)
        axes[name] = axis
      }
      if let identifier {
        #expect(nc_put_att_text(file, NC_GLOBAL, "id", identifier.utf8.count, identifier) == NC_NOERR)
      }
      for name in variables { write(name, to: file, dimensions.compactMap { axes[$0] }) }
      writeCoordinates(to: file, axes)
      #expect(nc_close(file) == NC_NOERR)
    }
  }

  private func write(_ name: String, to file: Int32, _ axes: [Int32]) {
    var variable: Int32 = 0
    #expect(nc_def_var(file, name, NC_FLOAT, Int32(axes.count), axes, &variable) == NC_NOERR)
    if name == "pressure" { #expect(nc_put_att_text(file, variable, "units", units.utf8.count, units) == NC_NOERR) }
    var values = (0..<samples * rows * columns).map { index -> Float in
      // Positive, different from sample to sample, of the size of real ones.
      let (sample, point) = (index / (rows * columns), index % (rows * columns))
      return name == "permeability"
        ? (point * (sample + 3) % 7 < 3 ? 3 : 12) : 0.01 + 0.001 * Float((point + sample) % 5)
    }
    if name == "pressure", let vanishing {
      for point in 0..<rows * columns { values[vanishing * rows * columns + point] = 0 }
    }
    for place in spoiled where place.variable == name {
      values[(place.sample * rows + place.y) * columns + place.x] = place.value
    }
    #expect(nc_put_var_float(file, variable, values) == NC_NOERR)
  }

  private func writeCoordinates(to file: Int32, _ axes: [String: Int32]) {
    for (name, count) in [("y", rows), ("x", columns)] {
      var variable: Int32 = 0
      guard var axis = axes[name] else { continue }
      #expect(nc_def_var(file, name, NC_DOUBLE, 1, &axis, &variable) == NC_NOERR)
      #expect(nc_put_att_text(file, variable, "grid", 6, "vertex") == NC_NOERR)
      #expect(nc_put_var_double(file, variable, (0..<count).map { Double($0) / Double(count - 1) }) == NC_NOERR)
    }
    guard let indices, var axis = axes["sample"] else { return }
    var variable: Int32 = 0
    #expect(nc_def_var(file, "sample", NC_INT, 1, &axis, &variable) == NC_NOERR)
    #expect(nc_put_var_int(file, variable, indices) == NC_NOERR)
  }
}
