import DatasetIO
import Foundation
import Tensors

/// A folder of its own for a test, removed with this value.
final class Workspace: Sendable {
  /// Absolute.
  let path: String

  /// An empty folder.
  init() throws {
    path = NSTemporaryDirectory() + "/pde-commands-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The absolute path of a file in here.
  func file(_ name: String) -> String { path + "/" + name }

  /// Starts `pde` in this folder with the words of a line.
  func start(_ line: String, environment: [String: String] = [:]) throws -> Invocation {
    let words = line.split(separator: " ").map(String.init)
    return try Invocation(Invocation.binary, words, in: path, environment: environment)
  }

  /// Runs `pde` in this folder with the words of a line.
  @discardableResult func pde(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    try start(line, environment: environment).wait()
  }

  /// Runs a line of shell in this folder; `$PDE` is the program.
  func shell(_ line: String) throws -> Outcome {
    try Invocation("/bin/sh", ["-c", line], in: path, environment: ["PDE": Invocation.binary]).wait()
  }

  /// Every file in here by its relative path, hidden ones too, with its bytes.
  func contents() -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let files = names.map { ($0, FileManager.default.contents(atPath: file($0)) ?? Data()) }
    return Dictionary(uniqueKeysWithValues: files)
  }

  /// A field of a NetCDF file in here, (sample, y, x), row after row.
  func field(_ variable: String, of name: String) throws -> [[Double]] {
    let values: Tensor<Double> = try FieldFile(reading: file(name)).read(variable)
    let elements = values.elements
    let size = values.count / max(values.shape[0], 1)
    return (0..<values.shape[0]).map { Array(elements[$0 * size..<($0 + 1) * size]) }
  }

  /// A text file in here.
  func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}

/// What most tests begin with: a small file and a run on it, made once by the program itself and copied for each test.
enum Prepared {
  /// 24 samples on 11 × 11 vertices.
  static let data = "gen darcy --samples 24 --grid 11 --oversample 2 --quiet"
  /// Options of a training that takes a moment.
  static let tiny = "--width 4 --modes 3 --epochs 2 --validation 4 --test 4 --batch 4 --threads 1"

  private static let home = Result { try Workspace() }

  private static let original = Result<Workspace, any Error> {
    let workspace = try home.get()
    // Nothing destroys a static value when the tests end.
    atexit { if let path = try? Prepared.home.get().path { try? FileManager.default.removeItem(atPath: path) } }
    for line in [data, "train fno-deq --noise 0.1 \(tiny) --quiet"] {
      let outcome = try workspace.pde(line)
      guard outcome.exitCode == 0 else { throw PreparationError(line: line, errors: outcome.errors) }
    }
    return workspace
  }

  /// A new folder with `darcy.nc` and `runs/fno-deq`.
  static func workspace() throws -> Workspace {
    let copy = try Workspace()
    let source = try original.get()
    for name in ["darcy.nc", "runs"] {
      try FileManager.default.copyItem(atPath: source.file(name), toPath: copy.file(name))
    }
    return copy
  }

  /// The commands that all tests rely on have failed.
  struct PreparationError: Error {
    let line: String
    let errors: String
  }
}

/// The path of a file of `Tests/Fixtures`, which holds what the real writers made.
func fixture(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/" + name).path
}
