/// An array in a file, as its header describes it.
struct ForeignArray: Equatable {
  /// What the numbers are.
  enum Content: Equatable { case boolean, integer, single, double }

  /// Its name, with the groups it lies in: `t0_fields/pressure`.
  let name: String
  /// The lengths of its axes, in the order in which the program that wrote it counts them.
  let shape: [Int]
  let content: Content
  /// The names of its axes, where the file has them.
  var dimensions: [String]?

  var precision: StoredPrecision { content == .double ? .double : .single }
}

/// A file that holds arrays by name.
///
/// Shapes are checked against the length of the file before an array is returned, so that what is read afterwards exists.
protocol ArraySource: AnyObject {
  /// The name of the file.
  var path: String { get }
  /// The format in words.
  var format: String { get }
  /// The names of its arrays, in the order of the file.
  var names: [String] { get }

  /// The array of a name.
  ///
  /// - Throws: `FieldFileError` where there is none, or what is there are no real numbers.
  func array(_ name: String) throws -> ForeignArray

  /// Reads a block, row major in the order of `ForeignArray.shape`.
  func read(_ array: ForeignArray, from start: [Int], _ count: [Int]) throws -> [Double]
}

/// Holds sizes that a header claims against what there is.
struct ClaimedSize {
  let path: String
  let name: String
  /// Bytes of the file.
  let byteCount: Int

  /// The bytes of an array.
  ///
  /// - Throws: `FieldFileError.tooLarge` when that is no number.
  func bytes(_ extents: [Int], _ width: Int) throws -> Int {
    try extents.reduce(width) { product, extent in
      let (result, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow, extent >= 0 else { throw tooLarge("more than 10^18", "that is not possible") }
      return result
    }
  }

  /// Refuses what cannot have come from this file by deflate, which shrinks by at most 1032 (RFC 1951: 258 bytes for two
  /// bits).
  func checkPossible(_ extents: [Int], _ width: Int) throws {
    let (possible, overflow) = byteCount.multipliedReportingOverflow(by: 1032)
    let claimed = try bytes(extents, width)
    guard overflow || claimed <= possible else { throw tooLarge("\(claimed)", "the file has only \(byteCount)") }
  }

  /// Refuses what does not fit the memory.
  func checkFits(_ extents: [Int], _ width: Int, limit: Int, _ reason: String) throws {
    let claimed = try bytes(extents, width)
    guard claimed <= limit else { throw tooLarge("\(claimed)", reason) }
  }

  private func tooLarge(_ bytes: String, _ limit: String) -> FieldFileError {
    .tooLarge(path: path, variable: name, bytes: bytes, limit: limit)
  }
}
