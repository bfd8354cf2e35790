import CNetCDF

/// The value that stands for a missing real number (netCDF's own default; exact in single precision).
let realFill = 0x1.Ep+122

/// The calls that lay out a new file, before any data are written.
extension NetCDFHandle {
  func defineDimension(_ name: String, _ length: Int) throws -> Int32 {
    var dimension: Int32 = -1
    try call("defining dimension '\(name)'") { nc_def_dim($0, name, length, &dimension) }
    return dimension
  }

  func defineVariable(_ name: String, _ type: Int32, _ dimensions: [Int32]) throws -> Int32 {
    var variable: Int32 = -1
    try call("defining variable '\(name)'") {
      nc_def_var($0, name, type, Int32(dimensions.count), dimensions, &variable)
    }
    return variable
  }

  /// Sets a text attribute; an empty text is left out.
  func putAttribute(_ name: String, _ text: String, of variable: Int32 = NC_GLOBAL) throws {
    guard !text.isEmpty else { return }
    try call("writing attribute '\(name)'") { nc_put_att_text($0, variable, name, text.utf8.count, text) }
  }

  func putAttribute(_ name: String, bytes: [Int8], of variable: Int32) throws {
    try call("writing attribute '\(name)'") { nc_put_att_schar($0, variable, name, NC_BYTE, bytes.count, bytes) }
  }

  /// Declares the fill value, of the variable's own type as CF demands.
  func defineRealFill(of variable: Int32, _ precision: StoredPrecision) throws {
    try call("defining a fill value") { id in
      switch precision {
      case .single:
        var fill = Float(realFill)
        return nc_def_var_fill(id, variable, NC_FILL, &fill)
      case .double:
        var fill = realFill
        return nc_def_var_fill(id, variable, NC_FILL, &fill)
      }
    }
  }

  /// Stores a variable in chunks, bytes shuffled and deflated at level 1: higher levels cost time and gain next to nothing.
  func defineCompression(of variable: Int32, chunk: [Int]) throws {
    try call("defining chunks") { nc_def_var_chunking($0, variable, NC_CHUNKED, chunk) }
    try call("defining compression") { nc_def_var_deflate($0, variable, 1, 1, 1) }
  }

  func endDefinitions() throws { try call("writing the header") { nc_enddef($0) } }
}
