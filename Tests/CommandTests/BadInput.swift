import Foundation
import Testing

/// One thing a user can get wrong, and what the program must say and do.
struct BadInput: Sendable, CustomTestStringConvertible {
  let line: String
  let exitCode: Int32
  /// What the message must contain.
  let words: [String]
  /// Makes what the line needs beside `darcy.nc` and `runs/fno-deq`.
  let prepare: @Sendable (Workspace) throws -> Void

  init(
    _ line: String, _ exitCode: Int32, _ words: String...,
    prepare: @escaping @Sendable (Workspace) throws -> Void = { _ in }
  ) {
    self.line = line
    self.exitCode = exitCode
    self.words = words
    self.prepare = prepare
  }

  /// A line that reads `spoiled.nc`.
  init(
    _ line: String, _ exitCode: Int32, _ words: String..., data change: @escaping @Sendable (inout ForeignData) -> Void
  ) {
    self.line = line
    self.exitCode = exitCode
    self.words = words
    prepare = { folder in
      var data = ForeignData()
      change(&data)
      data.write(to: folder.file("spoiled.nc"))
    }
  }

  var testDescription: String { line }

  /// Runs the line; it must fail as described, say so in one line, print no result and leave every file as it was.
  func check() throws {
    let folder = try Prepared.workspace()
    try prepare(folder)
    let before = folder.contents()
    let outcome = try folder.pde(line)
    #expect(outcome.exitCode == exitCode, "\(outcome.errors)")
    #expect(outcome.firstError.hasPrefix("Error: ") && outcome.firstError.count > 20, "\(outcome.errors)")
    for word in words { #expect(outcome.firstError.contains(word), "\(word): \(outcome.firstError)") }
    // Usage errors add the parser's help.
    if exitCode != 64 { #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)") }
    #expect(outcome.output.isEmpty)
    #expect(folder.contents() == before, "files have come, gone or changed")
  }
}

extension Workspace {
  /// Writes a file.
  func write(_ bytes: Data, to name: String) throws { try bytes.write(to: URL(fileURLWithPath: file(name))) }

  /// Changes the bytes of every checkpoint of the prepared run.
  func damageRun(_ change: (inout Data) throws -> Void) throws {
    for name in ["best", "last", "previous"] { try damage("runs/fno-deq/\(name).safetensors", change) }
  }

  /// Changes the bytes of a file.
  func damage(_ name: String, _ change: (inout Data) throws -> Void) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file(name)))
    try change(&bytes)
    try write(bytes, to: name)
  }
}
