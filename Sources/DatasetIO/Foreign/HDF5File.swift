import CHDF5

/// The arrays of an HDF5 file, whatever program wrote it.
///
/// Only links within the file are followed, and no array whose numbers lie in other files is read. The whole tree is looked
/// at before anything else: netCDF, which opens every group by recursion, never ends where groups lie in a circle.
final class HDF5File: ArraySource {
  /// Groups within groups; the formats we know have two.
  private static let deepest = 16
  /// A link takes at least this many bytes of the file: a message's head, the flags, a name and an address.
  private static let bytesPerLink = 16

  let path: String
  /// The paths of its arrays.
  let names: [String]
  /// The paths of its groups, those before what lies in them.
  let groups: [String]
  /// Whether MATLAB wrote it, which reverses the axes of arrays.
  let isMATLAB: Bool

  private let file: hid_t
  private let byteCount: Int

  /// Opens a file.
  ///
  /// - Throws: `FileError`, `FieldFileError` (`badData`).
  init(reading path: String) throws {
    byteCount = try NetCDFSignature.check(path)
    self.path = path
    let front = try FilePaths.front(of: path, 128)
    let limit = byteCount / Self.bytesPerLink
    (file, groups, names, isMATLAB) = try Self.exclusively(path) {
      let file = pde_hdf5_open(FilePaths.real(path) ?? path)
      guard file >= 0 else { throw MalformedHeader(reason: "HDF5 cannot open it") }
      do {
        var (groups, arrays): ([String], [String]) = ([], [])
        try Self.walk(try Self.open("/", in: file), "", depth: 0, limit: limit, &groups, &arrays)
        let hasClass = try arrays.first.map { try Self.open($0, in: file).text("MATLAB_class") != nil } ?? false
        return (file, groups, arrays, hasClass || front.starts(with: Array("MATLAB 7.3".utf8)))
      } catch {
        H5Fclose(file)
        throw error
      }
    }
  }

  deinit { NetCDFLibrary.exclusively { _ = H5Fclose(file) } }

  var format: String { isMATLAB ? "MATLAB 7.3" : "HDF5" }

  func array(_ name: String) throws -> ForeignArray {
    guard names.contains(name) else {
      throw FieldFileError.missingVariable(path: path, variable: name, present: names)
    }
    return try Self.exclusively(path) {
      let data = try dataset(name)
      let content = try self.content(of: data, name)
      let shape = try Self.extents(of: data, name)
      let creation = try HDF5Object(H5Dget_create_plist(data.id), "'\(name)'")
      guard H5Pget_external_count(creation.id) == 0, H5Pget_layout(creation.id) != H5D_VIRTUAL else {
        throw FieldFileError.unsupported(path: path, what: "the numbers of '\(name)' in other files")
      }
      var chunk: [Int] = []
      if H5Pget_layout(creation.id) == H5D_CHUNKED, !shape.isEmpty {
        var extents = [hsize_t](repeating: 0, count: shape.count)
        H5Pget_chunk(creation.id, Int32(shape.count), &extents)
        chunk = extents.map { Int(clamping: $0) }
      }
      let type = try HDF5Object(H5Dget_type(data.id), "'\(name)'")
      let size = ClaimedSize(path: path, name: name, byteCount: byteCount)
      try size.checkPossible(shape, H5Tget_size(type.id))
      try size.checkFits(
        chunk, H5Tget_size(type.id), limit: FieldFile.defaultMemoryLimit, "its chunks do not fit the memory")
      return ForeignArray(name: name, shape: ordered(shape), content: content)
    }
  }

  func read(_ array: ForeignArray, from start: [Int], _ count: [Int]) throws -> [Double] {
    let (offset, block) = (ordered(start), ordered(count))
    let total = block.reduce(1, *)
    let values = try Self.exclusively(path) {
      let data = try dataset(array.name)
      let memory = try HDF5Object(H5Screate_simple(1, [hsize_t(total)], nil), "a space")
      let space = try HDF5Object(H5Dget_space(data.id), "'\(array.name)'")
      let selected =
        block.isEmpty
        ? 0
        : H5Sselect_hyperslab(space.id, H5S_SELECT_SET, offset.map { hsize_t($0) }, nil, block.map { hsize_t($0) }, nil)
      var values = [Double](repeating: 0, count: total)
      let status =
        selected < 0
        ? -1 : H5Dread(data.id, pde_hdf5_native_double(), memory.id, space.id, hid_t(H5P_DEFAULT), &values)
      guard status >= 0 else {
        throw FieldFileError.damaged(path: path, reason: "HDF5 cannot read the numbers of '\(array.name)'")
      }
      return values
    }
    return isMATLAB ? values.reversingAxes(block) : values
  }

  /// MATLAB writes the axes of its arrays in reverse, since HDF5 counts the last one fastest.
  private func ordered(_ extents: [Int]) -> [Int] { isMATLAB ? extents.reversed() : extents }

  private func dataset(_ name: String) throws -> HDF5Object {
    let object = try Self.open(name, in: file)
    guard object.isArray else { throw MalformedHeader(reason: "'\(name)' is no array") }
    return object
  }

  private func content(of data: HDF5Object, _ name: String) throws -> ForeignArray.Content {
    let type = try HDF5Object(H5Dget_type(data.id), "'\(name)'")
    let isNarrow = H5Tget_size(type.id) <= 4
    switch H5Tget_class(type.id) {
    case H5T_INTEGER: return data.text("MATLAB_class") == "logical" ? .boolean : .integer
    case H5T_ENUM where H5Tget_nmembers(type.id) == 2 && H5Tget_size(type.id) == 1: return .boolean
    case H5T_FLOAT: return isNarrow ? .single : .double
    default:
      throw FieldFileError.wrongType(
        path: path, variable: name, found: "texts, records or references", expected: "real numbers or truth values")
    }
  }

  private static func open(_ name: String, in location: hid_t) throws -> HDF5Object {
    try HDF5Object(H5Oopen(location, name, hid_t(H5P_DEFAULT)), "'\(name)'")
  }

  private static func extents(of data: HDF5Object, _ name: String) throws -> [Int] {
    let space = try HDF5Object(H5Dget_space(data.id), "'\(name)'")
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard (0...32).contains(rank) else { throw MalformedHeader(reason: "'\(name)' has \(rank) axes") }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    if rank > 0 { H5Sget_simple_extent_dims(space.id, &extents, nil) }
    return extents.map { Int(clamping: $0) }
  }

  private static func walk(
    _ group: HDF5Object, _ path: String, depth: Int, limit: Int, _ groups: inout [String], _ arrays: inout [String]
  ) throws {
    guard depth <= deepest else {
      throw MalformedHeader(reason: "its groups are nested more than \(deepest) deep, or lie in a circle")
    }
    for name in try group.links(atMost: limit - groups.count - arrays.count) {
      let object = try Self.open(name, in: group.id)
      if object.isArray { arrays.append(path + name) }
      guard object.isGroup else { continue }
      groups.append(path + name)
      try walk(object, path + name + "/", depth: depth + 1, limit: limit, &groups, &arrays)
    }
  }

  private static func exclusively<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try NetCDFLibrary.exclusively(body)
    } catch let malformed as MalformedHeader {
      throw FieldFileError.damaged(path: path, reason: malformed.reason)
    }
  }
}
