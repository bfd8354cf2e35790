/// Reads the pickle of a dictionary of tensors, and cannot do anything else.
///
/// Not a pickle machine: of the format's instructions (Python's `pickletools`, protocols 2 to 5) only those are known that
/// make numbers, texts, tuples, lists, dictionaries and the names in `PickleGlobal`, and applying a name (`REDUCE`) is
/// understood for three of them, which make an empty dictionary or a view of a storage. `BUILD`, which sets attributes, is
/// accepted with a dictionary on a dictionary, as state dictionaries carry their `_metadata`, and without effect. Any
/// other instruction or name ends the reading. Memory is bounded by the length of the text.
struct PickleReader {
  /// The most values on the stack, in all containers, or remembered.
  private static let mostValues = 1_000_000
  private static let mostNodes = 1_000_000
  private static let mostAxes = 64

  private var cursor: ByteCursor
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private(set) var nodes: [[PickleValue]] = []
  private(set) var views: [TorchView] = []
  private var storages: [TorchStorage] = []

  init(_ text: [UInt8]) { cursor = ByteCursor(text) }

  /// The value of the whole text.
  ///
  /// - Throws: `TorchContentError`, `ByteCursor.EndOfBytes`.
  mutating func value() throws -> PickleValue {
    while true {
      let code = try cursor.byte()
      if code == UInt8(ascii: ".") { break }
      try execute(code)
      guard stack.count + marks.count <= Self.mostValues, nodes.count <= Self.mostNodes, memo.count <= Self.mostValues
      else { throw TorchContentError.damaged("its pickle holds more than \(Self.mostValues) values") }
    }
    guard marks.isEmpty, stack.count == 1, cursor.position == cursor.bytes.count else {
      throw TorchContentError.damaged("its pickle does not end with one value")
    }
    return stack[0]
  }

  private mutating func execute(_ code: UInt8) throws {
    switch code {
    case 0x80:  // PROTO
      let version = try cursor.byte()
      guard (2...5).contains(version) else { throw TorchContentError.unsupported("a pickle of protocol \(version)") }
    case 0x95: try cursor.skip(8)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.truth(true))
    case 0x89: stack.append(.truth(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try cursor.littleEndian(1))))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try cursor.littleEndian(2))))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try cursor.littleEndian(4)))))
    case 0x8A: stack.append(.integer(try longInteger()))
    case UInt8(ascii: "G"): stack.append(.real(Double(bitPattern: try cursor.bigEndian(8))))
    case UInt8(ascii: "X"): stack.append(.text(try text(length: Int(try cursor.littleEndian(4)))))
    case 0x8C: stack.append(.text(try text(length: Int(try cursor.littleEndian(1)))))
    case UInt8(ascii: "c"): stack.append(.global(try global(try line(), try line())))
    case 0x93:  // STACK_GLOBAL
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else { throw Self.malformed }
      stack.append(.global(try global(module, name)))
    case UInt8(ascii: ")"): stack.append(.tuple(node([])))
    case UInt8(ascii: "]"): stack.append(.list(node([])))
    case UInt8(ascii: "}"): stack.append(.dictionary(node([])))
    case UInt8(ascii: "t"): stack.append(.tuple(node(try popToMark())))
    case 0x85, 0x86, 0x87:
      let items = try (0..<Int(code - 0x84)).map { _ in try pop() }
      stack.append(.tuple(node(items.reversed())))
    case UInt8(ascii: "a"): try append([try pop()])
    case UInt8(ascii: "e"): try append(try popToMark())
    case UInt8(ascii: "s"): try set([try pop(), try pop()].reversed())
    case UInt8(ascii: "u"): try set(try popToMark())
    case UInt8(ascii: "q"): memo[Int(try cursor.littleEndian(1))] = try top()
    case UInt8(ascii: "r"): memo[Int(try cursor.littleEndian(4))] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try remembered(Int(try cursor.littleEndian(1))))
    case UInt8(ascii: "j"): stack.append(try remembered(Int(try cursor.littleEndian(4))))
    case UInt8(ascii: "Q"): stack.append(try storage(try pop()))
    case UInt8(ascii: "R"): try reduce()
    case UInt8(ascii: "b"):
      guard case .dictionary = try pop(), case .dictionary = try top() else {
        throw TorchContentError.forbidden("an object with a state of its own")
      }
    default:
      throw TorchContentError.forbidden("the pickle instruction 0x" + String(code, radix: 16))
    }
  }

  private static var malformed: TorchContentError { .damaged("its pickle is malformed") }

  // MARK: Stack

  /// What lies above the last mark may be taken, nothing below it.
  private mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0) else { throw Self.malformed }
    return stack.removeLast()
  }

  private func top() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0) else { throw Self.malformed }
    return stack[stack.count - 1]
  }

  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Self.malformed }
    let items = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return items
  }

  private func remembered(_ index: Int) throws -> PickleValue {
    guard let value = memo[index] else { throw Self.malformed }
    return value
  }

  // MARK: Containers

  private mutating func node(_ items: [PickleValue]) -> Int {
    nodes.append(items)
    return nodes.count - 1
  }

  private mutating func append(_ items: [PickleValue]) throws {
    guard case .list(let list) = try top() else { throw Self.malformed }
    nodes[list] += items
  }

  private mutating func set(_ items: [PickleValue]) throws {
    guard items.count % 2 == 0, case .dictionary(let dictionary) = try top() else { throw Self.malformed }
    nodes[dictionary] += items
  }

  // MARK: Leaves

  private mutating func longInteger() throws -> Int {
    let width = Int(try cursor.byte())
    guard width <= 8 else { throw TorchContentError.damaged("its pickle holds an integer of \(width) bytes") }
    guard width > 0 else { return 0 }
    let shift = UInt64(64 - 8 * width)
    return Int(Int64(bitPattern: try cursor.littleEndian(width) << shift) >> shift)
  }

  private mutating func text(length: Int) throws -> String {
    try cursor.skip(length)
    let bytes = cursor.bytes[cursor.position - length..<cursor.position]
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TorchContentError.damaged("its pickle holds text that is not UTF-8")
    }
    return text
  }

  private mutating func line() throws -> String {
    let start = cursor.position
    while try cursor.byte() != UInt8(ascii: "\n") {}
    return String(decoding: cursor.bytes[start..<cursor.position - 1], as: UTF8.self)
  }

  private func global(_ module: String, _ name: String) throws -> PickleGlobal {
    guard let global = PickleGlobal(module: module, name: name) else {
      // The words are the file's: kept short and without control characters.
      let words = "\(module).\(name)".unicodeScalars.prefix(80).map { $0.value < 32 ? "?" : String($0) }.joined()
      throw TorchContentError.forbidden("the Python name '\(words)'")
    }
    return global
  }

  // MARK: Tensors

  /// The storage that a persistent identifier names: ('storage', type, key, location, count).
  private mutating func storage(_ identifier: PickleValue) throws -> PickleValue {
    guard case .tuple(let index) = identifier, nodes[index].count == 5,
      case .text("storage") = nodes[index][0], case .global(.storage(let element)) = nodes[index][1],
      case .text(let key) = nodes[index][2], case .integer(let count) = nodes[index][4], count >= 0
    else { throw TorchContentError.forbidden("a reference to something other than a storage") }
    storages.append(TorchStorage(element: element, key: key, count: count))
    return .storage(storages.count - 1)
  }

  private mutating func reduce() throws {
    guard case .tuple(let index) = try pop(), case .global(let function) = try pop() else {
      throw TorchContentError.forbidden("a call of something that is not a name")
    }
    let arguments = nodes[index]
    switch function {
    case .orderedDictionary:
      guard arguments.isEmpty else { throw TorchContentError.unsupported("an ordered dictionary made from a list") }
      stack.append(.dictionary(node([])))
    case .rebuildTensor: stack.append(try tensor(arguments))
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else { throw Self.malformed }
      stack.append(arguments[0])
    case .storage: throw TorchContentError.forbidden("a call of a name that makes no tensor")
    }
  }

  /// (storage, offset, size, stride, requires_grad, backward_hooks[, metadata]).
  private mutating func tensor(_ arguments: [PickleValue]) throws -> PickleValue {
    guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
      case .integer(let offset) = arguments[1]
    else { throw Self.malformed }
    if arguments.count == 7 {
      switch arguments[6] {
      case .none: break
      case .dictionary(let metadata) where nodes[metadata].isEmpty: break
      default:
        throw TorchContentError.unsupported(
          "a tensor that is conjugated or negated on reading; save it after resolve_conj() and resolve_neg()")
      }
    }
    views.append(
      try TorchView(
        storages[storage], offset: offset, shape: try extents(arguments[2]), strides: try extents(arguments[3])))
    return .tensor(views.count - 1)
  }

  private func extents(_ value: PickleValue) throws -> [Int] {
    guard case .tuple(let index) = value, nodes[index].count <= Self.mostAxes else { throw Self.malformed }
    return try nodes[index].map {
      guard case .integer(let extent) = $0 else { throw Self.malformed }
      return extent
    }
  }
}
