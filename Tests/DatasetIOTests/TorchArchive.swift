import Foundation

/// PyTorch files made by hand: a zip archive with stored entries, and pickles put together from instructions.
enum TorchArchive {
  /// The fixtures that PyTorch itself has written.
  static func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Torch/\(name)").path
  }

  /// An archive without checksums, as PyTorch writes when told to leave them out.
  static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (data, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
      let name = Array(entry.name.utf8)
      let sizes = little(0, 4) + little(entry.bytes.count, 4) + little(entry.bytes.count, 4) + little(name.count, 2)
      directory += little(0x0201_4B50, 4) + little(0, 12) + sizes + little(0, 12) + little(data.count, 4) + name
      data += little(0x0403_4B50, 4) + little(0, 10) + sizes + little(0, 2) + name + entry.bytes
    }
    return data + directory + little(0x0605_4B50, 4) + little(0, 4) + little(entries.count, 2)
      + little(entries.count, 2) + little(directory.count, 4) + little(data.count, 4) + little(0, 2)
  }

  /// An archive with this pickle and one storage '0' of 8 zero bytes.
  static func file(_ pickle: [UInt8]) -> [UInt8] {
    let storage = [UInt8](repeating: 0, count: 8)
    return archive([("a/data.pkl", pickle), ("a/data/0", storage), ("a/byteorder", Array("little".utf8))])
  }

  static func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }

  static let start: [UInt8] = [0x80, 2]

  static func text(_ text: String) -> [UInt8] { Array("X".utf8) + little(text.utf8.count, 4) + Array(text.utf8) }

  static func name(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value, 8) }

  static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }

  /// A view of storage '0', which claims `count` floats.
  static func tensor(count: Int, offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
    let type = name("torch", "FloatStorage")
    let storage = [0x28] + text("storage") + type + text("0") + text("cpu") + integer(count) + [0x74, 0x51]
    return name("torch._utils", "_rebuild_tensor_v2") + [0x28] + storage + integer(offset) + tuple(shape)
      + tuple(strides) + [0x89] + name("collections", "OrderedDict") + [0x29, 0x52, 0x74, 0x52]
  }

  /// A dictionary with one value, 'w'.
  static func dictionary(_ value: [UInt8]) -> [UInt8] { start + [0x7D] + text("w") + value + [0x73, 0x2E] }
}
