import DatasetIO
import Foundation

/// The parsers that a hostile file meets; see `run.sh`.
private enum Parser: String, CaseIterable {
  case safetensors, torch, mat, toml

  func parse(_ path: String) throws {
    switch self {
    case .safetensors: _ = try SafetensorsFile(reading: path, verification: .whereGiven, memoryLimit: memoryLimit)
    case .torch: _ = try TorchFile(reading: path, memoryLimit: memoryLimit)
    case .mat:
      _ = try ForeignImport(path).write(to: path + ".nc", overwrite: true) {
        Provenance(program: "fuzz", recipe: $0, command: [])
      }
    case .toml: _ = try TOMLDocument(reading: path)
    }
  }
}

private let memoryLimit = 1 << 24

private let parser: Parser = {
  let name = ProcessInfo.processInfo.environment["PDE_FUZZ_PARSER"] ?? ""
  guard let parser = Parser(rawValue: name) else {
    fatalError(
      "PDE_FUZZ_PARSER is '\(name)'; expected one of \(Parser.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return parser
}()

/// A file in memory, overwritten for each input.
private let (path, descriptor): (String, Int32) = {
  let path = "/dev/shm/pde-fuzz-\(getpid())"
  return (path, open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600))
}()

/// What libFuzzer calls: an input may be refused, but nothing may crash, hang or overrun.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  ftruncate(descriptor, 0)
  if let bytes { pwrite(descriptor, bytes, count, 0) }
  try? parser.parse(path)
  return 0
}
