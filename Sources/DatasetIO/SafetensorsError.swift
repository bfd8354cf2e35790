/// What is wrong with a safetensors file.
public enum SafetensorsError: ClassifiedError, Equatable {
  case damaged(path: String, reason: String)
  case checksum(path: String, part: String)
  case noChecksums(path: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  case missingTensor(path: String, tensor: String, count: Int)
  case wrongType(path: String, tensor: String, found: String, expected: String)
  case wrongShape(path: String, tensor: String, found: [Int], expected: [Int])

  /// The class that decides the exit code.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .damaged(let path, let reason): "'\(path)' is not a sound safetensors file: \(reason)"
    case .checksum(let path, let part):
      "'\(path)' is damaged: the SHA-256 of \(part) is not the one it was saved with; use another copy"
    case .noChecksums(let path): "'\(path)' holds no checksums; expected a file saved by this program"
    case .tooLarge(let path, let bytes, let limit): "'\(path)' has \(bytes) bytes; the limit for one read is \(limit)"
    case .missingTensor(let path, let tensor, let count): "'\(path)' has no tensor '\(tensor)' among its \(count)"
    case .wrongType(let path, let tensor, let found, let expected):
      "'\(path)': tensor '\(tensor)' has type \(found); expected \(expected)"
    case .wrongShape(let path, let tensor, let found, let expected):
      "'\(path)': tensor '\(tensor)' has shape \(found); expected \(expected)"
    }
  }
}
