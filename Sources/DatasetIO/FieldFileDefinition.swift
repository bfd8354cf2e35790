import CNetCDF

/// A variable that is written sample by sample.
struct StoredVariable {
  enum Role {
    case field(FieldVariable)
    case perSample(SampleVariable)
    case trace(length: Int)
  }

  /// The library's number of the variable.
  let id: Int32
  let role: Role
}

/// Lays a `FieldFileLayout` out in a new file.
struct FieldFileDefinition {
  /// The variables that are written sample by sample, by name.
  private(set) var variables: [String: StoredVariable] = [:]
  /// The library's number of the coordinate `sample`.
  let sampleVariable: Int32

  init(_ layout: FieldFileLayout, _ provenance: Provenance, in file: NetCDFHandle) throws {
    let sample = try file.defineDimension("sample", NC_UNLIMITED)
    let y = try file.defineDimension("y", layout.grid.y.count)
    let x = try file.defineDimension("x", layout.grid.x.count)
    let ends = try file.defineDimension("nv", 2)

    sampleVariable = try file.defineVariable("sample", NC_INT, [sample])
    // No units: CDO takes a coordinate of an unlimited dimension that has some for time.
    try file.putAttribute("long_name", "realisation index", of: sampleVariable)

    let coordinates = [
      try Self.coordinate("y", layout.grid.y, y, ends, in: file),
      try Self.coordinate("x", layout.grid.x, x, ends, in: file),
    ]
    for field in layout.fields {
      let variable = try file.defineVariable(
        field.name, field.precision == .single ? NC_FLOAT : NC_DOUBLE, [sample, y, x])
      try file.defineCompression(of: variable, chunk: [1, layout.grid.y.count, layout.grid.x.count])
      try file.defineRealFill(of: variable, field.precision)
      try file.putAttribute("long_name", field.longName, of: variable)
      try file.putAttribute("units", field.units, of: variable)
      try file.putAttribute("cell_methods", field.cellMethod.map { "y: x: \($0.rawValue)" } ?? "", of: variable)
      try file.putAttribute("ancillary_variables", field.ancillary.joined(separator: " "), of: variable)
      variables[field.name] = StoredVariable(id: variable, role: .field(field))
    }
    for column in layout.perSample {
      let variable = try Self.define(column, over: sample, in: file)
      variables[column.name] = StoredVariable(id: variable, role: .perSample(column))
    }
    let iteration = try Self.traces(layout, over: sample, in: file, into: &variables)
    try Self.globals(layout.description, provenance, in: file)
    try file.endDefinitions()

    for (axis, variable) in zip([layout.grid.y, layout.grid.x], coordinates) {
      try file.call("writing coordinates") { nc_put_var_double($0, variable.points, axis.coordinates) }
      try file.call("writing cell bounds") { nc_put_var_double($0, variable.bounds, axis.bounds) }
    }
    if let iteration {
      let numbers = (1...iteration.length).map(Int32.init)
      try file.call("writing coordinates") { nc_put_var_int($0, iteration.variable, numbers) }
    }
  }

  private static func coordinate(
    _ name: String, _ axis: GridAxis, _ dimension: Int32, _ ends: Int32, in file: NetCDFHandle
  ) throws -> (points: Int32, bounds: Int32) {
    let points = try file.defineVariable(name, NC_DOUBLE, [dimension])
    // No attribute axis: CF checkers take an axis without standard name for latitude or longitude.
    try file.putAttribute("long_name", "\(name) coordinate", of: points)
    try file.putAttribute("units", "1", of: points)
    try file.putAttribute("bounds", name + "_bnds", of: points)
    try file.putAttribute("grid", axis.kind.rawValue, of: points)
    let bounds = try file.defineVariable(name + "_bnds", NC_DOUBLE, [dimension, ends])
    return (points, bounds)
  }

  private static func define(_ column: SampleVariable, over sample: Int32, in file: NetCDFHandle) throws -> Int32 {
    let type =
      switch column.kind {
      case .flags, .byte: NC_BYTE
      case .integer: NC_INT
      case .real: NC_DOUBLE
      }
    let variable = try file.defineVariable(column.name, type, [sample])
    try file.putAttribute("long_name", column.longName, of: variable)
    if case .flags(let meanings) = column.kind {
      try file.putAttribute("flag_values", bytes: meanings.indices.map(Int8.init), of: variable)
      try file.putAttribute("flag_meanings", meanings.joined(separator: " "), of: variable)
    } else {
      try file.putAttribute("units", column.units, of: variable)
    }
    if column.kind == .real { try file.defineRealFill(of: variable, .double) }
    return variable
  }

  private static func traces(
    _ layout: FieldFileLayout, over sample: Int32, in file: NetCDFHandle, into variables: inout [String: StoredVariable]
  ) throws -> (variable: Int32, length: Int)? {
    guard let length = layout.traces.map(\.length).max() else { return nil }
    let dimension = try file.defineDimension("iteration", length)
    let iteration = try file.defineVariable("iteration", NC_INT, [dimension])
    try file.putAttribute("long_name", "iteration", of: iteration)
    try file.putAttribute("units", "1", of: iteration)
    for trace in layout.traces {
      let variable = try file.defineVariable(trace.name, NC_DOUBLE, [sample, dimension])
      try file.defineCompression(of: variable, chunk: [1, length])
      try file.defineRealFill(of: variable, .double)
      try file.putAttribute("long_name", trace.longName, of: variable)
      try file.putAttribute("units", "1", of: variable)
      variables[trace.name] = StoredVariable(id: variable, role: .trace(length: length))
    }
    return (iteration, length)
  }

  private static func globals(
    _ description: FileDescription, _ provenance: Provenance, in file: NetCDFHandle
  ) throws {
    try file.putAttribute("Conventions", "CF-1.8 ACDD-1.3")
    try file.putAttribute("title", description.title)
    try file.putAttribute("summary", description.summary)
    try file.putAttribute("institution", description.institution)
    try file.putAttribute("source", provenance.program)
    try file.putAttribute("history", provenance.history)
    try file.putAttribute("references", description.references)
    try file.putAttribute("comment", description.comment)
    try file.putAttribute("date_created", provenance.isoDate)
    try file.putAttribute("id", provenance.identifier)
    try file.putAttribute("pde_recipe", provenance.recipe)
  }
}
