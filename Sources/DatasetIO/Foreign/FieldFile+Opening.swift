import Foundation

extension FieldFile {
  /// Opens a file of fields in any format that is known without being told more; see ``ForeignImport``.
  ///
  /// A file of another format is converted into the system's folder for temporary files, of which nothing is left.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - note: given a sentence for each thing that was done to its arrays.
  /// - Throws: as `init(reading:)` and `ForeignImport.write`.
  public static func opening(_ path: String, note: (String) -> Void) throws -> FieldFile {
    guard try ForeignImport.isForeign(path) else { return try FieldFile(reading: path) }
    let copy = NSTemporaryDirectory() + "/pde-import-" + UUID().uuidString + ".nc"
    defer { unlink(copy) }
    let summary = try ForeignImport(path).write(to: copy, overwrite: false) { recipe in
      Provenance(program: "pde import", recipe: recipe, command: ["pde", "import", path])
    }
    for sentence in summary.notes { note(sentence) }
    return try FieldFile(reading: copy, named: path)
  }
}
