internal import ArgumentParser
import DatasetIO
import Foundation

/// What the header of a file from elsewhere does not say.
struct ForeignOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Arrays of the fields, such as permeability=a,pressure=u.", valueName: "field=array,…"))
  var map: FieldNames?

  @Option(help: ArgumentHelp("What 0 and 1 stand for in an array of truth values.", valueName: "low,high"))
  var values: ValuePair?

  @Option(help: "How points lie. (default: centred for PDEBench, else vertex)")
  var points: GridKind?

  func validate() throws {
    if let values, !(values.first.isFinite && values.second.isFinite) {
      throw ValidationError("--values needs two finite numbers, found \(values).")
    }
  }

  var options: ForeignImport.Options {
    ForeignImport.Options(map: map?.pairs, values: values.map { ($0.first, $0.second) }, points: points)
  }
}

/// `pde import`.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert fields of other programs: MATLAB, PDEBench, PyTorch, NetCDF.",
    discussion: """
      Known by their names: coeff and sol in MATLAB files (5 and 7.3), nu and tensor of PDEBench's HDF5 files, x and y in
      PyTorch files, of which nothing is run. Others need --map. Train, eval, predict, compare and plot take such files
      directly where nothing needs to be said.

        pde import piececonst_r421_N1024_smooth1.mat -o darcy421.nc
        pde import darcy_train_64.pt --values 3,12 -o darcy64.nc
        pde import theirs.nc --map permeability=a,pressure=u -o ours.nc
      """)

  @Argument(help: "A .mat, .h5, .hdf5, .pt or .nc file.") var input: String
  @Option(name: .shortAndLong, help: "File to write. (default: the file's name with the ending .nc)")
  var output: String?
  @OptionGroup var foreign: ForeignOptions
  @Flag(help: "Print a JSON object.") var json = false
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    let output = output ?? URL(fileURLWithPath: input).deletingPathExtension().lastPathComponent + ".nc"
    try AtomicFile.checkVacant(output, overwrite: files.force)
    var bar: ProgressBar?
    let summary = try ForeignImport(input, foreign.options).write(
      to: output, overwrite: files.force, provenance: { .ofThisRun(recipe: $0) },
      progress: { done, all in
        if bar == nil { bar = ProgressBar("imported", total: all, quiet: shared.quiet) }
        bar?.update(done)
      })
    bar?.finish()
    for note in summary.notes { Terminal.note(note, quiet: shared.quiet) }
    try Terminal.print(
      json
        ? CanonicalJSON.encode(summary)
        : "\(output): \(summary.samples) samples on \(summary.grid[1]) × \(summary.grid[0]) points from a \(summary.format) file"
    )
  }
}

/// Fields and the arrays they come from.
struct FieldNames: ExpressibleByArgument {
  let pairs: [(field: String, array: String)]

  init?(argument: String) {
    var pairs: [(field: String, array: String)] = []
    for item in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !pairs.contains(where: { $0.field == parts[0] }),
        parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), parts[0].first?.isLetter == true,
        !["sample", "y", "x", "nv", "iteration"].contains(parts[0])
      else { return nil }
      pairs.append((parts[0], parts[1]))
    }
    self.pairs = pairs
  }
}
