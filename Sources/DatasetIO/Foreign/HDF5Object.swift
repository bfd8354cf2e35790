import CHDF5

/// One identifier of the HDF5 library, given back when this goes; a number below 0 means that the library refused.
///
/// Its methods are to be called while nobody else uses the library (`NetCDFLibrary.exclusively`).
final class HDF5Object {
  let id: hid_t

  /// Takes over an identifier.
  ///
  /// - Throws: `MalformedHeader` for one that the library refused to give.
  init(_ id: hid_t, _ what: @autoclosure () -> String) throws {
    guard id >= 0 else { throw MalformedHeader(reason: "HDF5 cannot open \(what())") }
    self.id = id
  }

  deinit { H5Idec_ref(id) }

  var isGroup: Bool { H5Iget_type(id) == H5I_GROUP }
  var isArray: Bool { H5Iget_type(id) == H5I_DATASET }

  /// The names of the objects in this group that lie in the same file, in alphabetical order.
  ///
  /// - Throws: `MalformedHeader` when there are more than `limit`.
  func links(atMost limit: Int) throws -> [String] {
    var info = H5G_info_t()
    guard H5Gget_info(id, &info) >= 0, info.nlinks <= hsize_t(max(limit, 0)) else {
      throw MalformedHeader(reason: "it claims more objects than it has bytes for")
    }
    var names: [String] = []
    let status = withUnsafeMutablePointer(to: &names) { context in
      pde_hdf5_visit_links(
        id,
        { name, isHard, context in
          guard let name, let names = context?.assumingMemoryBound(to: [String].self) else { return -1 }
          if isHard != 0 { names.pointee.append(String(cString: name)) }
          return 0
        }, context)
    }
    guard status >= 0 else { throw MalformedHeader(reason: "HDF5 cannot read the names in a group") }
    return names
  }

  /// A text attribute, or nil where there is none.
  func text(_ name: String) -> String? {
    guard H5Aexists(id, name) > 0,
      let attribute = try? HDF5Object(H5Aopen(id, name, hid_t(H5P_DEFAULT)), name),
      let type = try? HDF5Object(H5Aget_type(attribute.id), name), H5Tget_class(type.id) == H5T_STRING,
      let space = try? HDF5Object(H5Aget_space(attribute.id), name), H5Sget_simple_extent_npoints(space.id) == 1
    else { return nil }
    if H5Tis_variable_str(type.id) > 0 {
      guard let memory = try? HDF5Object(pde_hdf5_text(0), name) else { return nil }
      H5Tset_cset(memory.id, H5Tget_cset(type.id))
      var pointer: UnsafeMutablePointer<CChar>?
      guard H5Aread(attribute.id, memory.id, &pointer) >= 0, let pointer else { return nil }
      defer { H5free_memory(pointer) }
      return String(cString: pointer)
    }
    let size = H5Tget_size(type.id)
    guard size <= 1 << 16, let memory = try? HDF5Object(pde_hdf5_text(size + 1), name) else { return nil }
    H5Tset_cset(memory.id, H5Tget_cset(type.id))
    var bytes = [CChar](repeating: 0, count: size + 1)
    guard H5Aread(attribute.id, memory.id, &bytes) >= 0 else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// An attribute that is one whole number or truth value, or nil where there is none.
  func integer(_ name: String) -> Int? {
    guard H5Aexists(id, name) > 0,
      let attribute = try? HDF5Object(H5Aopen(id, name, hid_t(H5P_DEFAULT)), name),
      let space = try? HDF5Object(H5Aget_space(attribute.id), name), H5Sget_simple_extent_npoints(space.id) == 1
    else { return nil }
    var value: Int32 = 0
    return H5Aread(attribute.id, pde_hdf5_native_int(), &value) >= 0 ? Int(value) : nil
  }
}
