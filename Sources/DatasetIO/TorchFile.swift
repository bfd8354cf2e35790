import Foundation

/// The tensors in a file that `torch.save` has written: a dictionary of tensors, also nested, such as a state dictionary.
///
/// The file is a zip archive with a pickle and one entry for each storage. Nothing in it is run: see `PickleReader` for
/// what is understood. Names of nested tensors are joined by points (`model.fc0.weight`, `layers.0.bias`); numbers, texts
/// and other values beside the tensors are left out. Views of any strides become row-major arrays. Complex numbers of 64
/// bits become `C64`, those of 128 bits doubles with a last axis of 2 for real and imaginary parts.
public struct TorchFile: Sendable {
  /// The arrays by name.
  public let tensors: [String: StoredTensor]

  /// The longest pickle that is read: about a hundred thousand tensors.
  private static let longestPickle = 1 << 24

  /// Reads a whole file.
  ///
  /// - Throws: `FileError` when there is no file to read; `TorchFileError` for one that is damaged, too large, or holds
  ///   more than a dictionary of tensors.
  public init(reading path: String, memoryLimit: Int = FieldFile.defaultMemoryLimit) throws {
    let length = try FilePaths.length(ofDataAt: path)
    guard length <= memoryLimit else { throw TorchFileError.tooLarge(path: path, bytes: length, limit: memoryLimit) }
    let descriptor = try FilePaths.openForReading(path)
    defer { close(descriptor) }
    do {
      let archive = try ZipDirectory(reading: descriptor, path: path, length: length)
      tensors = try Self.tensors(archive, path: path, memoryLimit: memoryLimit)
    } catch let error as TorchContentError {
      throw error.at(path)
    } catch is ByteCursor.EndOfBytes {
      throw TorchFileError.damaged(path: path, reason: "it ends too early")
    }
  }

  private static func tensors(
    _ archive: ZipDirectory, path: String, memoryLimit: Int
  ) throws -> [String: StoredTensor] {
    let pickle = "data.pkl"
    let folders = archive.entries.keys.filter { $0.hasSuffix("/" + pickle) }.map { $0.dropLast(pickle.count) }
    guard folders.count == 1, let folder = folders.first else {
      throw TorchContentError.damaged("expected one 'data.pkl' in its archive, found \(folders.count)")
    }
    if archive.entries[folder + "byteorder"] != nil,
      try archive.contents(of: folder + "byteorder", atMost: 16) != Array("little".utf8)
    {
      throw TorchContentError.unsupported("numbers with the most significant byte first; save it on another machine")
    }
    var reader = PickleReader(try archive.contents(of: folder + pickle, atMost: longestPickle))
    let root = try reader.value()
    var names = TensorNames(nodes: reader.nodes)
    try names.collect(root)

    var bytes = 0
    for (_, index) in names.tensors {
      let view = reader.views[index]
      // A view has at most as many elements as its storage; the storage is held against the file here.
      let (size, overflow) = view.storage.count.multipliedReportingOverflow(by: view.storage.element.width)
      let entry = folder + "data/" + view.storage.key
      guard !overflow, let found = archive.entries[entry]?.size, found == size else {
        throw TorchContentError.damaged(
          "storage '\(view.storage.key)' claims \(view.storage.count) elements of \(view.storage.element.width) bytes, "
            + (archive.entries[entry].map { "the file has \($0.size) bytes for it" } ?? "the file has none of it"))
      }
      bytes += view.count * view.storage.element.width
      guard bytes <= memoryLimit else { throw TorchFileError.tooLarge(path: path, bytes: bytes, limit: memoryLimit) }
    }
    // Storages are read one after the other, each once however many tensors share it.
    var result: [String: StoredTensor] = [:]
    for (key, sharing) in Dictionary(grouping: names.tensors, by: { reader.views[$0.value].storage.key }) {
      let contents = try archive.contents(of: folder + "data/" + key, atMost: memoryLimit)
      for (name, index) in sharing { result[name] = try array(reader.views[index], of: contents) }
    }
    return result
  }

  private static func array(_ view: TorchView, of contents: [UInt8]) throws -> StoredTensor {
    let element = view.storage.element
    let shape = view.shape + (element == .complexDouble ? [2] : [])
    return try StoredTensor(type: element.stored, shape: shape) { target in
      contents.withUnsafeBytes { view.copy(from: $0, to: target) }
      return target.count
    }
  }
}

/// Gives the tensors in nested containers their names.
private struct TensorNames {
  private static let deepest = 32
  private static let mostVisits = 1_000_000

  let nodes: [[PickleValue]]
  /// Numbers of views by name.
  private(set) var tensors: [String: Int] = [:]
  private var visits = 0

  init(nodes: [[PickleValue]]) { self.nodes = nodes }

  /// - Throws: `TorchContentError` where there are no tensors, two of one name, or containers that are too deep, such as
  ///   one that holds itself.
  mutating func collect(_ root: PickleValue) throws {
    if case .tensor = root { throw TorchContentError.unsupported("a single tensor; expected a dictionary of tensors") }
    try visit(root, [])
    guard !tensors.isEmpty else { throw TorchContentError.unsupported("no tensor; expected a dictionary of tensors") }
  }

  private mutating func visit(_ value: PickleValue, _ path: [String]) throws {
    visits += 1
    guard visits <= Self.mostVisits else { throw TorchContentError.damaged("its containers hold too many values") }
    guard path.count <= Self.deepest else {
      throw TorchContentError.damaged("its containers are nested more than \(Self.deepest) deep")
    }
    switch value {
    case .tensor(let index):
      guard tensors.updateValue(index, forKey: path.joined(separator: ".")) == nil else {
        throw TorchContentError.damaged("it has the tensor '\(path.joined(separator: "."))' twice")
      }
    case .list(let node), .tuple(let node):
      for (position, item) in nodes[node].enumerated() { try visit(item, path + [String(position)]) }
    case .dictionary(let node):
      for position in stride(from: 0, to: nodes[node].count, by: 2) {
        switch nodes[node][position] {
        case .text(let key): try visit(nodes[node][position + 1], path + [key])
        case .integer(let key): try visit(nodes[node][position + 1], path + [String(key)])
        default: throw TorchContentError.unsupported("a dictionary with keys that are neither texts nor whole numbers")
        }
      }
    case .none, .truth, .integer, .real, .text, .global, .storage: break
    }
  }
}
