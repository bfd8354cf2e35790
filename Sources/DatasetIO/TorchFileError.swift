/// Why a PyTorch file is not read.
public enum TorchFileError: ClassifiedError, Equatable {
  case notAnArchive(path: String)
  case damaged(path: String, reason: String)
  case forbidden(path: String, what: String)
  case unsupported(path: String, what: String)
  case tooLarge(path: String, bytes: Int, limit: Int)

  /// All of these are unusable data.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .notAnArchive(let path):
      "'\(path)' is not a zip archive; expected a file of torch.save in its format since PyTorch 1.6"
    case .damaged(let path, let reason): "'\(path)' is not a sound PyTorch file: \(reason)"
    case .forbidden(let path, let what):
      "'\(path)' holds \(what), which is no part of a dictionary of tensors; nothing of it was run: save the state "
        + "dictionary alone"
    case .unsupported(let path, let what): "'\(path)' holds \(what)"
    case .tooLarge(let path, let bytes, let limit):
      "'\(path)' describes \(bytes) bytes; the limit for one read is \(limit)"
    }
  }
}

/// What is wrong inside an archive, before the path is known.
enum TorchContentError: Error {
  case damaged(String)
  case forbidden(String)
  case unsupported(String)

  func at(_ path: String) -> TorchFileError {
    switch self {
    case .damaged(let reason): .damaged(path: path, reason: reason)
    case .forbidden(let what): .forbidden(path: path, what: what)
    case .unsupported(let what): .unsupported(path: path, what: what)
    }
  }
}
