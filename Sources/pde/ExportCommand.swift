internal import ArgumentParser
import DatasetIO
import Studies

/// `pde export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the fields of a sample for ParaView (--vti) or spreadsheets (--csv).",
    discussion: """
      All fields of one sample go into one file, bit for bit as they are stored: VTK ImageData, or a table with the columns
      x, y and one a field.

        pde export darcy.nc --vti -o darcy.vti
        pde export prediction.nc --csv --index 3 -o sample3.csv
      """)

  @Argument(help: "A NetCDF file.") var input: String
  @Flag(help: "Format of the new file.") var format: FieldExport.Format
  @Option(name: .shortAndLong, help: "File to write. (default: the file's name with the format's ending)")
  var output: String?
  @Option(help: "Position of the sample, counted from 0.") var index = 0
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    let stem = input.hasSuffix(".nc") ? String(input.dropLast(3)) : input
    let path = output ?? stem + "." + format.rawValue
    let export = try FieldExport(try FieldFile(reading: input), position: index)
    try export.write(format, to: path, overwrite: files.force)
    try Terminal.print(path)
  }
}
