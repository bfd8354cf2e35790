public import DatasetIO
import Tensors

/// The tensors of one model in a file of another program, each taken once.
///
/// Training scripts put a state dictionary beside other things and under a name; the tensors with the longest common way
/// to `anchor` are the model's, all others are not looked at.
struct WeightFile {
  private let path: String
  private let prefix: String
  private var tensors: [String: StoredTensor]

  /// - Parameters:
  ///   - path: for messages.
  ///   - tensors: everything in the file.
  ///   - anchor: a tensor that every model of the layout has.
  /// - Throws: `WeightError` where there is no such tensor, or several.
  init(_ tensors: [String: StoredTensor], of path: String, anchor: String) throws {
    let found = tensors.keys.filter { $0 == anchor || $0.hasSuffix("." + anchor) }.sorted()
    guard found.count == 1, let name = found.first else {
      throw WeightError.anchors(path: path, tensor: anchor, found: found)
    }
    self.path = path
    let prefix = String(name.dropLast(anchor.count))
    self.prefix = prefix
    self.tensors = tensors.filter { $0.key.hasPrefix(prefix) }
  }

  /// Whether a tensor is there and not taken yet.
  func has(_ name: String) -> Bool { tensors[prefix + name] != nil }

  /// The shape of a tensor that is not taken yet.
  func shape(_ name: String) throws -> [Int] { try stored(name).shape }

  private func stored(_ name: String) throws -> StoredTensor {
    guard let stored = tensors[prefix + name] else { throw WeightError.missing(path: path, tensor: prefix + name) }
    return stored
  }

  /// Real elements in row-major order; trailing axes of length 1 (of a 1×1 convolution) are left out of the comparison.
  mutating func reals(_ name: String, shape: [Int]) throws -> Tensor<Float> {
    let stored = try stored(name)
    var found = stored.shape
    while found.count > shape.count, found.last == 1 { found.removeLast() }
    guard found == shape else {
      throw WeightError.shape(path: path, tensor: prefix + name, found: stored.shape, expected: shape)
    }
    let values = try elements(stored, name)
    tensors[prefix + name] = nil
    return Tensor(shape: shape, elements: values)
  }

  /// Complex elements, real and imaginary part in turn; from complex numbers, or reals with a last axis of 2.
  mutating func complexes(_ name: String, shape: [Int]) throws -> [Float] {
    let stored = try stored(name)
    let values: [Float]
    if case .other(.complex64, let found, let bytes) = stored, found == shape {
      values = bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      try checkFinite(values, name)
    } else if stored.shape == shape + [2] {
      values = try elements(stored, name)
    } else {
      throw WeightError.shape(path: path, tensor: prefix + name, found: stored.shape, expected: shape)
    }
    tensors[prefix + name] = nil
    return values
  }

  private func elements(_ stored: StoredTensor, _ name: String) throws -> [Float] {
    let values: [Float]
    switch stored {
    case .single(let tensor): values = tensor.elements
    case .double(let tensor): values = tensor.elements.map { Float($0) }
    case .integers, .other:
      throw WeightError.type(path: path, tensor: prefix + name, found: stored.type.rawValue)
    }
    try checkFinite(values, name)
    return values
  }

  private func checkFinite(_ values: [Float], _ name: String) throws {
    guard values.allSatisfy(\.isFinite) else { throw WeightError.nonfinite(path: path, tensor: prefix + name) }
  }

  /// Checks that everything has been taken: what is left would change the model's answer.
  func finish() throws {
    guard tensors.isEmpty else { throw WeightError.unknown(path: path, tensors: tensors.keys.sorted()) }
  }
}

/// Weights of another program that are not those of the layout that was named.
public enum WeightError: ClassifiedError, Equatable {
  case anchors(path: String, tensor: String, found: [String])
  case missing(path: String, tensor: String)
  case shape(path: String, tensor: String, found: [Int], expected: [Int])
  case type(path: String, tensor: String, found: String)
  case nonfinite(path: String, tensor: String)
  case unknown(path: String, tensors: [String])
  case layers(path: String, found: Int)
  case channels(path: String, what: String, names: Int, found: Int)

  /// All of these are unusable data, but for names that the user chose.
  public var failureClass: FailureClass {
    if case .channels = self { .usage } else { .badData }
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .anchors(let path, let tensor, let found):
      found.isEmpty
        ? "'\(path)' has no tensor '\(tensor)'; are its weights of this --layout?"
        : "'\(path)' holds \(found.count) models (\(found.prefix(3).joined(separator: ", "))); save one of them alone"
    case .missing(let path, let tensor): "'\(path)' lacks the tensor '\(tensor)'; are its weights of this --layout?"
    case .shape(let path, let tensor, let found, let expected):
      "'\(path)': tensor '\(tensor)' has shape \(found); expected \(expected)"
    case .type(let path, let tensor, let found):
      "'\(path)': tensor '\(tensor)' has type \(found); expected F32, F64 or, for spectral weights, C64"
    case .nonfinite(let path, let tensor): "'\(path)': tensor '\(tensor)' holds values that are not finite numbers"
    case .unknown(let path, let tensors):
      "'\(path)' has \(tensors.count) tensors that the layout knows nothing of (\(tensors.prefix(3).joined(separator: ", "))"
        + "); its model is another one"
    case .layers(let path, let found): "'\(path)' has \(found) Fourier layers; expected 2 or more"
    case .channels(let path, let what, let names, let found):
      "'\(path)' has \(found) \(what) channels, \(names) variables were named; name one for each with --\(what)s"
    }
  }
}
