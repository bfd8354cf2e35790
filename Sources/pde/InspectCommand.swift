internal import ArgumentParser
import DatasetIO
import Foundation
import Generation
import Studies

/// `pde inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a file or a run holds, where it comes from and how to make it again.",
    discussion: """
      Reads every value: ranges, missing samples, outcomes, and a hash of the contents, which is equal for files that hold
      the same thing. For a data set of 'pde gen' the command that makes it again is printed; 'pde gen --from FILE' does so
      without typing it. Every checksum of a checkpoint is verified.

        pde inspect darcy.nc
        pde inspect runs/fno-deq --json
      """)

  @Argument(help: "A NetCDF file, the folder of a run, or a checkpoint.") var input: String
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var shared: SharedOptions

  private struct FileReport: Encodable {
    let file: FileInspection
    /// The command that makes it again, nil where there is none.
    let remake: String?
  }

  func run() throws {
    shared.apply()
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: input, isDirectory: &isFolder)
    if exists, isFolder.boolValue || input.hasSuffix(".safetensors") {
      let run = try RunInspection(input, warn: Terminal.warn)
      return try Terminal.print(json ? CanonicalJSON.encode(run) : InspectionTable.text(run))
    }
    let file = try FieldFile(reading: input)
    let inspection = try FileInspection(file)
    let remake = try StoredRecipe.of(file).map { try RecipeCommand.line($0, else: input) }
    try Terminal.print(
      json
        ? CanonicalJSON.encode(FileReport(file: inspection, remake: remake))
        : InspectionTable.text(inspection, remake: remake))
  }
}
