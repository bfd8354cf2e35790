/// The header of a classic NetCDF file (CDF-1, CDF-2 or CDF-5), read to learn how long the file must be.
///
/// The netCDF library opens a classic file that was cut short and reads zeros for what is gone, and some versions abort on a
/// malformed header, so we look first. Grammar: NetCDF Users' Guide, "File Format Specifications", appendix B.
struct ClassicHeader {
  /// The number of bytes up to the end of the last value.
  let extent: Int

  /// - Parameter bytes: the front of the file; more are asked for by throwing `ByteCursor.EndOfBytes`.
  /// - Throws: `MalformedHeader`, `EndOfBytes`.
  init(_ bytes: [UInt8]) throws {
    var reader = Reader(cursor: ByteCursor(bytes, at: 3), version: 0)
    reader.version = try reader.cursor.byte()
    guard [1, 2, 5].contains(reader.version) else {
      throw MalformedHeader(reason: "its classic format version is \(reader.version), expected 1, 2 or 5")
    }
    let records = try reader.count()
    guard records != reader.streaming else {
      throw MalformedHeader(reason: "its number of records was left open by a writer that did not finish")
    }
    let lengths = try reader.dimensions()
    try reader.attributes()
    let variables = try reader.variables(lengths)
    extent = try Self.extent(variables, records: records, header: reader.cursor.position)
  }

  private struct Variable {
    let begin: Int
    /// Bytes of the whole variable, or of one record of it.
    let size: Int
    let isRecord: Bool
    /// Rounded up to the four bytes every variable begins at.
    var paddedSize: Int { get throws { try ClassicHeader.padded(size) } }
  }

  private static func extent(_ variables: [Variable], records: Int, header: Int) throws -> Int {
    let recordVariables = variables.filter(\.isRecord)
    // A lone record variable is not padded (the specification's special case).
    let recordSize =
      recordVariables.count == 1
      ? recordVariables[0].size : try recordVariables.reduce(0) { try sum($0, $1.paddedSize) }
    return try variables.reduce(header) { extent, variable in
      guard variable.begin >= header else { throw MalformedHeader(reason: "a variable begins inside the header") }
      guard variable.isRecord else { return max(extent, try sum(variable.begin, variable.size)) }
      guard records > 0 else { return extent }
      return max(extent, try sum(sum(variable.begin, product(records - 1, recordSize)), variable.size))
    }
  }

  private static func padded(_ count: Int) throws -> Int { try sum(count, 3) & ~3 }

  private static func sum(_ a: Int, _ b: Int) throws -> Int {
    let (result, overflow) = a.addingReportingOverflow(b)
    guard !overflow else { throw MalformedHeader(reason: "its sizes overflow") }
    return result
  }

  private static func product(_ a: Int, _ b: Int) throws -> Int {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow else { throw MalformedHeader(reason: "its sizes overflow") }
    return result
  }

  private struct Reader {
    var cursor: ByteCursor
    var version: UInt8

    private var countWidth: Int { version == 5 ? 8 : 4 }
    private var offsetWidth: Int { version == 1 ? 4 : 8 }
    /// The number of records in a file that is still being written.
    var streaming: Int { version == 5 ? -1 : Int(UInt32.max) }

    /// A non-negative number, in the width this version uses for counts.
    mutating func count() throws -> Int {
      let value = try cursor.bigEndian(countWidth)
      if version == 5 && value == .max { return -1 }
      guard let result = Int(exactly: value) else { throw MalformedHeader(reason: "it holds a negative count") }
      return result
    }

    /// The number of elements of a list that begins with `tag`, or 0 for an absent one.
    mutating func list(_ tag: UInt64, _ name: String) throws -> Int {
      let found = try cursor.bigEndian(4)
      let elements = try count()
      guard found == tag && elements >= 0 || found == 0 && elements == 0 else {
        throw MalformedHeader(reason: "its list of \(name) begins with tag \(found) and \(elements) elements")
      }
      return elements
    }

    mutating func skipName() throws {
      let length = try count()
      guard length > 0 else { throw MalformedHeader(reason: "it holds a name without letters") }
      try cursor.skip(ClassicHeader.padded(length))
    }

    mutating func dimensions() throws -> [Int] {
      var lengths: [Int] = []
      for _ in 0..<(try list(0x0A, "dimensions")) {
        try skipName()
        let length = try count()
        guard length >= 0, length > 0 || !lengths.contains(0) else {
          throw MalformedHeader(reason: "it has a second record dimension or one of negative length")
        }
        lengths.append(length)
      }
      return lengths
    }

    mutating func typeSize() throws -> Int {
      let type = try cursor.bigEndian(4)
      let sizes: [UInt64: Int] = [1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8]
      guard let size = sizes[type], version == 5 || type <= 6 else {
        throw MalformedHeader(reason: "it uses the unknown type \(type)")
      }
      return size
    }

    mutating func attributes() throws {
      for _ in 0..<(try list(0x0C, "attributes")) {
        try skipName()
        let size = try typeSize()
        let elements = try count()
        guard elements >= 0 else { throw MalformedHeader(reason: "it holds a negative count") }
        try cursor.skip(ClassicHeader.padded(ClassicHeader.product(size, elements)))
      }
    }

    mutating func variables(_ lengths: [Int]) throws -> [Variable] {
      var variables: [Variable] = []
      for _ in 0..<(try list(0x0B, "variables")) {
        try skipName()
        var shape: [Int] = []
        let rank = try count()
        guard rank >= 0 else { throw MalformedHeader(reason: "it holds a negative count") }
        for _ in 0..<rank {
          let dimension = try count()
          guard lengths.indices.contains(dimension) else {
            throw MalformedHeader(reason: "a variable uses dimension \(dimension) of \(lengths.count)")
          }
          shape.append(lengths[dimension])
        }
        try attributes()
        let size = try typeSize()
        // The stored size is ignored: it cannot describe large variables and follows from the shape.
        try cursor.skip(countWidth)
        guard let begin = Int(exactly: try cursor.bigEndian(offsetWidth)), !shape.dropFirst().contains(0) else {
          throw MalformedHeader(reason: "a variable has a negative offset or its record dimension is not the first")
        }
        let isRecord = shape.first == 0
        let bytes = try shape.dropFirst(isRecord ? 1 : 0).reduce(size) { try ClassicHeader.product($0, $1) }
        variables.append(Variable(begin: begin, size: bytes, isRecord: isRecord))
      }
      return variables
    }
  }
}
