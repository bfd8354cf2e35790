/// The header of a safetensors file: what is where, and the metadata.
///
/// Layout (github.com/huggingface/safetensors, "Format"): eight bytes with the length of the header, the header as a JSON
/// object, then the tensors without gaps. The text made here is deterministic: tensors in the order they lie in the file,
/// metadata sorted, no spaces but the padding behind.
public struct SafetensorsHeader: Sendable, Equatable {
  /// Where one tensor lies.
  public struct Entry: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its element type.
    public let type: StoredTensor.ElementType
    /// The lengths of its axes.
    public let shape: [Int]
    /// Its bytes, counted from the end of the header.
    public let range: Range<Int>
  }

  /// The longest header that is accepted, as in the reference implementation.
  static let longest = 100_000_000
  private static let metadataKey = "__metadata__"
  /// The key of the header's own checksum; those of the tensors are `sha256.<name>`.
  private static let checksumKey = "sha256"

  /// The tensors in the order of their bytes.
  public let entries: [Entry]
  /// The metadata without checksums.
  public let metadata: [String: String]
  /// SHA-256 of each tensor by name; empty in a file without checksums.
  public let checksums: [String: String]

  /// The header of tensors with these checksums, laid out without gaps, the widest elements first so that all are aligned.
  ///
  /// - Precondition: names differ, none is reserved, and no metadata key begins with `sha256`.
  init(describing tensors: [String: StoredTensor], metadata: [String: String], checksums: [String: String]) {
    precondition(tensors[Self.metadataKey] == nil, "a tensor cannot be named \(Self.metadataKey)")
    precondition(
      metadata.keys.allSatisfy { !$0.hasPrefix(Self.checksumKey) }, "metadata keys beginning with sha256 are reserved")
    var end = 0
    entries = tensors.sorted { ($1.value.type.width, $0.key) < ($0.value.type.width, $1.key) }.map { name, tensor in
      let size = tensor.shape.reduce(tensor.type.width, *)
      defer { end += size }
      return Entry(name: name, type: tensor.type, shape: tensor.shape, range: end..<end + size)
    }
    self.metadata = metadata
    self.checksums = checksums
  }

  /// Reads a header and holds it against the bytes that follow it.
  ///
  /// - Parameters:
  ///   - text: the JSON, padding included.
  ///   - dataLength: the number of bytes behind it.
  /// - Throws: `MalformedHeader`, `WrongChecksum`.
  init(parsing text: [UInt8], dataLength: Int) throws {
    var parser = SafetensorsParser(text)
    let content = try parser.header(metadataKey: Self.metadataKey)
    entries = content.entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw MalformedHeader(
          reason: "tensor '\(entry.name)' begins at byte \(entry.range.lowerBound), expected \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == dataLength else {
      throw MalformedHeader(reason: "its tensors have \(end) bytes, the file has \(dataLength) for them")
    }
    let isChecksum: (String) -> Bool = { $0 == Self.checksumKey || $0.hasPrefix(Self.checksumKey + ".") }
    metadata = content.metadata.filter { !isChecksum($0.key) }
    checksums = Dictionary(
      uniqueKeysWithValues: content.metadata.filter { isChecksum($0.key) && $0.key != Self.checksumKey }
        .map { (String($0.key.dropFirst(Self.checksumKey.count + 1)), $0.value) })
    let own = content.metadata[Self.checksumKey]
    if own == nil && checksums.isEmpty { return }
    guard own == checksum, Set(checksums.keys) == Set(entries.map(\.name)) else { throw WrongChecksum() }
  }

  /// The checksum of the header does not agree with its content.
  struct WrongChecksum: Error {}

  /// The bytes of a file up to its first tensor.
  var encoded: [UInt8] {
    var text = Array(json(with: checksum).utf8)
    // The tensors begin at a multiple of their width.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private var checksum: String { SHA256.hex(of: json(with: nil)) }

  private func json(with checksum: String?) -> String {
    var strings = metadata
    for (name, value) in checksums { strings[Self.checksumKey + "." + name] = value }
    strings[Self.checksumKey] = checksum
    let members = strings.sorted { $0.key < $1.key }.map { JSONText.quoted($0.key) + ":" + JSONText.quoted($0.value) }
    let tensors = entries.map { entry in
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let offsets = "\(entry.range.lowerBound),\(entry.range.upperBound)"
      return JSONText.quoted(entry.name)
        + #":{"dtype":"\#(entry.type.rawValue)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
    }
    let first = members.isEmpty ? [] : [#""\#(Self.metadataKey)":{\#(members.joined(separator: ","))}"#]
    return "{" + (first + tensors).joined(separator: ",") + "}"
  }
}
