import CNetCDF

/// The calls that list what a file holds.
extension NetCDFHandle {
  private static let nameCapacity = Int(NC_MAX_NAME) + 1

  func dimensions() throws -> [FieldFile.Dimension] {
    var count: Int32 = 0
    try call("counting dimensions") { nc_inq_ndims($0, &count) }
    // Numbers of a file that was not written with the classic model need not be consecutive.
    return try (0..<max(count, 0)).map { try dimension($0) }
  }

  private func dimension(_ number: Int32) throws -> FieldFile.Dimension {
    var name = [CChar](repeating: 0, count: Self.nameCapacity)
    var length = 0
    try call("reading dimension \(number)") { nc_inq_dim($0, number, &name, &length) }
    return FieldFile.Dimension(name: Self.text(name), length: length)
  }

  func variables(_ dimensions: [FieldFile.Dimension]) throws -> [FieldFile.Variable] {
    var count: Int32 = 0
    try call("counting variables") { nc_inq_nvars($0, &count) }
    return try (0..<max(count, 0)).map { try variable($0, dimensions) }
  }

  private func variable(_ number: Int32, _ dimensions: [FieldFile.Dimension]) throws -> FieldFile.Variable {
    var name = [CChar](repeating: 0, count: Self.nameCapacity)
    var type: Int32 = 0
    var rank: Int32 = 0
    var numbers = [Int32](repeating: 0, count: Int(NC_MAX_VAR_DIMS))
    try call("reading variable \(number)") { nc_inq_var($0, number, &name, &type, &rank, &numbers, nil) }
    let shape = try numbers.prefix(Int(rank)).map { try dimension($0) }
    return FieldFile.Variable(name: Self.text(name), dimensions: shape, id: number, type: type)
  }

  /// The length of the chunks of a variable in bytes, or 0 where it is stored in one piece.
  func chunkElements(of variable: FieldFile.Variable) throws -> [Int] {
    var storage: Int32 = 0
    var extents = [Int](repeating: 0, count: max(variable.dimensions.count, 1))
    try call("reading the chunks of '\(variable.name)'") {
      nc_inq_var_chunking($0, variable.id, &storage, &extents)
    }
    return storage == NC_CHUNKED ? extents : []
  }

  /// The value that stands for a missing one, as the variable declares it.
  func realAttribute(_ name: String, of variable: FieldFile.Variable) throws -> Double? {
    var type: Int32 = 0
    var length = 0
    let status = try probe("reading attribute '\(name)'") { nc_inq_att($0, variable.id, name, &type, &length) }
    guard status, length == 1, type != NC_CHAR, type != NC_STRING else { return nil }
    var value = 0.0
    try call("reading attribute '\(name)'") { nc_get_att_double($0, variable.id, name, &value) }
    return value
  }

  /// A text attribute, or nil where there is none; texts beyond `limit` bytes are refused.
  func textAttribute(_ name: String, of variable: Int32, limit: Int) throws -> String? {
    var type: Int32 = 0
    var length = 0
    guard try probe("reading attribute '\(name)'", { nc_inq_att($0, variable, name, &type, &length) }) else {
      return nil
    }
    if type == NC_STRING, length == 1 {
      var pointer: UnsafeMutablePointer<CChar>?
      try call("reading attribute '\(name)'") { nc_get_att_string($0, variable, name, &pointer) }
      defer { if pointer != nil { nc_free_string(1, &pointer) } }
      return pointer.map { String(cString: $0) }
    }
    guard type == NC_CHAR else { return nil }
    guard length <= limit else {
      throw FieldFileError.damaged(path: path, reason: "its attribute '\(name)' has \(length) bytes")
    }
    var bytes = [CChar](repeating: 0, count: length + 1)
    try call("reading attribute '\(name)'") { nc_get_att_text($0, variable, name, &bytes) }
    return Self.text(bytes)
  }

  private func probe(_ action: String, _ body: (Int32) -> Int32) throws -> Bool {
    var isMissing = false
    try call(action) { id in
      let status = body(id)
      isMissing = status == NC_ENOTATT
      return isMissing ? NC_NOERR : status
    }
    return !isMissing
  }

  private static func text(_ bytes: [CChar]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
