/// What a pickle of tensors can hold; containers are numbers of the reader's nodes, so that values may share or even
/// contain each other and still nothing here recurses when it is destroyed.
enum PickleValue {
  case none
  case truth(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
  case tuple(Int)
  case list(Int)
  /// Keys and values in turn.
  case dictionary(Int)
}

/// The names of Python that a pickle may mention. They are words here: nothing is imported, looked up or called.
enum PickleGlobal {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(TorchElement)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", _):
      guard let element = TorchElement(rawValue: name) else { return nil }
      self = .storage(element)
    default: return nil
    }
  }
}

/// The element types of PyTorch's storages; the raw value is the storage's name.
enum TorchElement: String {
  case bool = "BoolStorage"
  case byte = "ByteStorage"
  case char = "CharStorage"
  case short = "ShortStorage"
  case int = "IntStorage"
  case long = "LongStorage"
  case half = "HalfStorage"
  case bfloat16 = "BFloat16Storage"
  case float = "FloatStorage"
  case double = "DoubleStorage"
  case complexFloat = "ComplexFloatStorage"
  case complexDouble = "ComplexDoubleStorage"

  /// Bytes of one element.
  var width: Int {
    switch self {
    case .bool, .byte, .char: 1
    case .short, .half, .bfloat16: 2
    case .int, .float: 4
    case .long, .double, .complexFloat: 8
    case .complexDouble: 16
    }
  }

  /// How an array of these is stored here; complex doubles become doubles with one more axis.
  var stored: StoredTensor.ElementType {
    switch self {
    case .bool: .bool
    case .byte: .uint8
    case .char: .int8
    case .short: .int16
    case .int: .int32
    case .long: .int64
    case .half: .float16
    case .bfloat16: .bfloat16
    case .float: .float32
    case .double, .complexDouble: .float64
    case .complexFloat: .complex64
    }
  }
}

/// A run of elements in an entry of the archive.
struct TorchStorage {
  let element: TorchElement
  /// The name of the entry below `data/`.
  let key: String
  let count: Int
}

/// A view of a storage, with sizes and strides in elements.
struct TorchView {
  let storage: TorchStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// Elements of the view.
  let count: Int

  /// - Throws: `TorchContentError` for a view that is not within its storage or has more elements than it.
  init(_ storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) throws {
    func outside() -> TorchContentError {
      .damaged(
        "a tensor of shape \(shape), strides \(strides) at \(offset) lies outside its storage of \(storage.count) "
          + "elements")
    }
    guard offset >= 0, shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { throw outside() }
    var (count, last) = (1, offset)
    // A product with a zero in it may still overflow on the way.
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { throw outside() }
      count = product
    }
    let isEmpty = shape.contains(0)
    for (extent, stride) in zip(shape, strides) where !isEmpty {
      let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, second) = last.addingReportingOverflow(reach)
      guard !overflow, !second else { throw outside() }
      last = sum
    }
    guard isEmpty ? offset <= storage.count : last < storage.count && count <= storage.count else { throw outside() }
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.count = isEmpty ? 0 : count
  }

  /// Copies the elements into row-major order.
  ///
  /// - Parameter source: exactly the storage's bytes.
  func copy(from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
    let width = storage.element.width
    precondition(source.count == storage.count * width && target.count == count * width, "a view of other bytes")
    guard count > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
    // Every place lies within the storage: the initialiser has held the farthest one against its length.
    let rows = shape.isEmpty ? 1 : shape[shape.count - 1]
    let stride = strides.last ?? 1
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var place = offset
    for row in 0..<count / rows {
      let line = to + row * rows * width
      if stride == 1 {
        line.copyMemory(from: from + place * width, byteCount: rows * width)
      } else {
        for i in 0..<rows { (line + i * width).copyMemory(from: from + (place + i * stride) * width, byteCount: width) }
      }
      for axis in index.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        guard index[axis] == shape[axis] else { break }
        place -= shape[axis] * strides[axis]
        index[axis] = 0
      }
    }
  }
}
