internal import ArgumentParser
import DatasetIO
import Foundation
import Plots
import Studies
import Training

/// `pde plot`.
struct Plot: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a file or a run as PNG.",
    discussion: """
      A run gives its training curves; data their fields; predictions truth, prediction and error; a comparison its error
      against time.

        pde plot darcy.nc -o darcy.png
        pde plot runs/fno-deq -o training.png
        pde plot compare.nc --view traces -o traces.png
      """)

  @Argument(help: "A NetCDF file, or the folder of a run.") var input: String
  @Option(name: .shortAndLong, help: "Picture to write.") var output = "plot.png"
  @Option(help: "What to draw of a file that offers several pictures.") var view: FileFigure.View?
  @Option(
    parsing: .upToNextOption, help: "Positions of the samples to draw, counted from 0. (default: the first three)")
  var samples: [Int] = []
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    try Picture.write(try figure(), to: output, force: files.force)
    try Terminal.print(output)
  }

  private func figure() throws -> Figure {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: input, isDirectory: &isFolder), isFolder.boolValue {
      return try FileFigure.training(RunFolder(input), warn: Terminal.warn)
    }
    let file = try FieldFile.opening(input, note: { Terminal.note($0, quiet: shared.quiet) })
    return try FileFigure.file(file, view: view, samples: samples)
  }
}

/// Pictures as files.
enum Picture {
  static func write(_ figure: Figure, to path: String, force: Bool) throws {
    let bytes = try figure.png()
    let file = try AtomicFile(creating: path, overwrite: force)
    try bytes.withUnsafeBytes { try file.write($0) }
    try file.publish()
  }

  /// `compare.nc` gives `compare.png`, or `compare-fields.png`.
  static func name(beside path: String, _ suffix: String) -> String {
    let stem = path.hasSuffix(".nc") ? String(path.dropLast(3)) : path
    return stem + suffix + ".png"
  }
}
