import Foundation

/// The arrays of numbers in a MATLAB 5 file (`save -v6` and `-v7`, `scipy.io.savemat`).
///
/// Only the headers are looked at when it is opened. An array is read whole when its first block is asked for, since MATLAB
/// counts the first axis fastest and that is the sample of the usual files; it is kept, in its stored type, until this goes.
final class MatFile: ArraySource {
  private static let headerLength = 128
  private static let mostVariables = 10_000

  let path: String
  let names: [String]
  let format = "MATLAB 5"

  private let descriptor: Int32
  private let isSwapped: Bool
  private let variables: [String: (header: MatHeader, element: MatElement)]
  private let memoryLimit: Int
  private var loaded: [String: [UInt8]] = [:]

  /// Whether a file begins like one.
  static func matches(_ front: [UInt8]) -> Bool { isSwapped(front) != nil }

  /// Whether the most significant byte comes first, by version and mark at the end of the header: "MI" as the writer's
  /// 16-bit number; nil for another kind of file.
  private static func isSwapped(_ front: [UInt8]) -> Bool? {
    guard front.count >= headerLength else { return nil }
    let mark = Array(front[124..<128])
    return mark == [0, 1, 0x49, 0x4D] ? false : mark == [1, 0, 0x4D, 0x49] ? true : nil
  }

  /// Opens a file and reads the headers of its variables.
  ///
  /// - Throws: `FileError`, `FieldFileError` (`badData`).
  init(reading path: String, memoryLimit: Int = FieldFile.defaultMemoryLimit) throws {
    self.path = path
    self.memoryLimit = memoryLimit
    let length = try FilePaths.length(ofDataAt: path)
    let descriptor = try FilePaths.openForReading(path)
    do {
      let front = try FilePaths.bytes(Self.headerLength, of: descriptor, path: path)
      guard let isSwapped = Self.isSwapped(front) else { throw MalformedHeader(reason: "it is no MATLAB 5 file") }
      var (names, variables): ([String], [String: (header: MatHeader, element: MatElement)]) = ([], [:])
      for element in try Self.elements(descriptor, path, length, isSwapped) {
        guard let header = try Self.header(element, isSwapped, fileLength: length) else { continue }
        guard variables.updateValue((header, element), forKey: header.name) == nil else {
          throw MalformedHeader(reason: "it has the variable '\(header.name)' twice")
        }
        names.append(header.name)
      }
      (self.names, self.variables, self.isSwapped, self.descriptor) = (names, variables, isSwapped, descriptor)
    } catch {
      close(descriptor)
      throw Self.named(error, path)
    }
  }

  deinit { close(descriptor) }

  func array(_ name: String) throws -> ForeignArray {
    guard let header = variables[name]?.header else {
      throw FieldFileError.missingVariable(path: path, variable: name, present: names)
    }
    return ForeignArray(name: name, shape: header.shape, content: header.content)
  }

  func read(_ array: ForeignArray, from start: [Int], _ count: [Int]) throws -> [Double] {
    guard let header = variables[array.name]?.header else { return [] }
    let bytes = try contents(of: array.name)
    // Column major here, row major there: the axes in reverse order, as for HDF5.
    let block = [Int](count.reversed())
    let source = StridedBlock(shape: header.shape.reversed(), start: start.reversed(), count: block)
    let swapped = isSwapped
    let values = bytes.withUnsafeBytes { bytes in
      switch header.type {
      case .int8: source.values(bytes) { (number: Int8) in Double(number) }
      case .uint8: source.values(bytes) { (number: UInt8) in Double(number) }
      case .int16: source.values(bytes) { (number: Int16) in Double(swapped ? number.byteSwapped : number) }
      case .uint16: source.values(bytes) { (number: UInt16) in Double(swapped ? number.byteSwapped : number) }
      case .int32: source.values(bytes) { (number: Int32) in Double(swapped ? number.byteSwapped : number) }
      case .uint32: source.values(bytes) { (number: UInt32) in Double(swapped ? number.byteSwapped : number) }
      case .int64: source.values(bytes) { (number: Int64) in Double(swapped ? number.byteSwapped : number) }
      case .uint64: source.values(bytes) { (number: UInt64) in Double(swapped ? number.byteSwapped : number) }
      case .single:
        source.values(bytes) { (bits: UInt32) in Double(Float(bitPattern: swapped ? bits.byteSwapped : bits)) }
      case .double: source.values(bytes) { (bits: UInt64) in Double(bitPattern: swapped ? bits.byteSwapped : bits) }
      case .matrix, .compressed: [Double]()
      }
    }
    // Floating-point numbers that were read as integers by a damaged header are far beyond what single precision counts.
    guard !(array.content == .single && header.type.isInteger) || values.allSatisfy({ abs($0) <= 16_777_216 }) else {
      throw FieldFileError.damaged(path: path, reason: "'\(array.name)' has whole numbers that its class cannot hold")
    }
    return values.reversingAxes(block)
  }

  /// The bytes of an array's numbers, held against the end of its variable.
  private func contents(of name: String) throws -> [UInt8] {
    if let bytes = loaded[name] { return bytes }
    guard let (header, element) = variables[name] else { return [] }
    let inUse = loaded.values.reduce(0) { $0 + $1.count }
    guard header.dataLength <= memoryLimit - inUse else {
      throw FieldFileError.tooLarge(
        path: path, variable: name, bytes: "\(header.dataLength)",
        limit: "MATLAB's order of axes needs whole arrays in memory, of which \(memoryLimit) bytes may be used")
    }
    do {
      let tag = element.tagLength
      var bytes = try element.bytes(header.ends.padded - header.dataPosition + 1, at: tag + header.dataPosition)
      guard bytes.count == header.dataLength || bytes.count == header.ends.padded - header.dataPosition else {
        throw MalformedHeader(reason: "variable '\(name)' does not end with its numbers")
      }
      bytes.removeLast(bytes.count - header.dataLength)
      loaded[name] = bytes
      return bytes
    } catch {
      throw Self.named(error, path)
    }
  }

  private static func elements(
    _ descriptor: Int32, _ path: String, _ length: Int, _ isSwapped: Bool
  ) throws -> [MatElement] {
    var elements: [MatElement] = []
    var position = headerLength
    while position < length {
      guard elements.count < mostVariables else { throw MalformedHeader(reason: "it has too many variables") }
      let bytes = try FilePaths.bytes(8, at: position, of: descriptor, path: path)
      var reader = MatHeader.Reader(cursor: ByteCursor(bytes), isSwapped: isSwapped)
      let tag = try reader.tag()
      guard !tag.isSmall, tag.type == .matrix || tag.type == .compressed else {
        throw MalformedHeader(reason: "it has numbers outside of variables at byte \(position)")
      }
      guard tag.length <= length - position - 8 else {
        throw FieldFileError.truncated(path: path, expected: position + 8 + tag.length, found: length)
      }
      elements.append(
        MatElement(
          descriptor: descriptor, path: path, offset: position + 8, length: tag.length,
          isCompressed: tag.type == .compressed))
      position += 8 + tag.length
    }
    return elements
  }

  private static func header(_ element: MatElement, _ isSwapped: Bool, fileLength: Int) throws -> MatHeader? {
    let front = try element.bytes(element.tagLength + MatHeader.longest, at: 0)
    var length = element.length
    if element.isCompressed {
      var reader = MatHeader.Reader(cursor: ByteCursor(front), isSwapped: isSwapped)
      let tag = try reader.tag()
      guard tag.type == .matrix, !tag.isSmall else { throw MalformedHeader(reason: "it compresses something else") }
      length = tag.length
    }
    guard let header = try MatHeader(Array(front.dropFirst(element.tagLength)), isSwapped: isSwapped) else {
      return nil
    }
    guard length == header.ends.bare || length == header.ends.padded else {
      throw MalformedHeader(reason: "variable '\(header.name)' does not end with its numbers")
    }
    try ClaimedSize(path: element.path, name: header.name, byteCount: fileLength)
      .checkPossible([header.dataLength], 1)
    return header
  }

  private static func named(_ error: any Error, _ path: String) -> any Error {
    switch error {
    case let malformed as MalformedHeader: FieldFileError.damaged(path: path, reason: malformed.reason)
    case is ByteCursor.EndOfBytes: FieldFileError.damaged(path: path, reason: "it ends within its header")
    default: error
    }
  }
}
