import CNetCDF

/// A NetCDF file from elsewhere, read by the names of its variables and dimensions.
extension FieldFile: ArraySource {
  var format: String { "NetCDF" }
  var names: [String] { variables.map(\.name) }

  func array(_ name: String) throws -> ForeignArray {
    let variable = try variable(name)
    guard variable.isReal || [NC_BYTE, NC_UBYTE, NC_SHORT, NC_INT].contains(variable.type) else {
      throw FieldFileError.wrongType(
        path: path, variable: name, found: "text or wide integers", expected: "real numbers")
    }
    let shape = variable.dimensions.map(\.length)
    try checkSize(of: variable, [], stride: 0)
    let isPacked = try packing(of: variable) != nil
    return ForeignArray(
      name: name, shape: shape,
      content: variable.type == NC_FLOAT ? .single : variable.isReal || isPacked ? .double : .integer,
      dimensions: variable.dimensions.map(\.name))
  }

  /// - Returns: NaN where the file has no value.
  func read(_ array: ForeignArray, from start: [Int], _ count: [Int]) throws -> [Double] {
    let variable = try variable(array.name)
    try checkSize(of: variable, count, stride: MemoryLayout<Double>.stride)
    var values = [Double](repeating: 0, count: count.reduce(1, *))
    guard !values.isEmpty else { return [] }
    try handle.call("reading '\(array.name)'") { nc_get_vara_double($0, variable.id, start, count, &values) }
    let fill = try fillValue(of: variable)
    let packing = try packing(of: variable)
    for i in values.indices {
      if values[i] == fill {
        values[i] = .nan
      } else if let packing {
        values[i] = values[i] * packing.scale + packing.offset
      }
    }
    return values
  }

  /// How numbers are stored as shorter ones (CF-1.8, section 8.1), or nil where they are stored as they are.
  private func packing(of variable: Variable) throws -> (scale: Double, offset: Double)? {
    let scale = try handle.realAttribute("scale_factor", of: variable)
    let offset = try handle.realAttribute("add_offset", of: variable)
    return scale == nil && offset == nil ? nil : (scale ?? 1, offset ?? 0)
  }
}
