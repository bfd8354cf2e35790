public import Foundation
import Tensors

/// Turns fields in a file of another program into a file of ours, a few samples at a time.
///
/// Known without being told: `coeff` and `sol` in MATLAB files (Li et al. 2021, arXiv:2010.08895, in either order of axes),
/// `nu` and `tensor` of PDEBench (Takamoto et al. 2022, arXiv:2210.07182; indexed x before y), and `x` and `y` in PyTorch files
/// (neuraloperator), each taken as permeability and pressure. Other arrays are named by a map.
public struct ForeignImport: Sendable {
  /// What the caller says about the file.
  public struct Options: Sendable {
    /// The array of each field, in the order of the new file; nil for what is known.
    public var map: [(field: String, array: String)]?
    /// What 0 and 1 of an array of truth values stand for.
    public var values: (low: Double, high: Double)?
    /// How the points lie; nil for what is usual in the format.
    public var points: GridKind?

    /// Everything as it is known.
    public init(
      map: [(field: String, array: String)]? = nil, values: (low: Double, high: Double)? = nil, points: GridKind? = nil
    ) {
      (self.map, self.values, self.points) = (map, values, points)
    }
  }

  /// What is said about a written file.
  public struct Summary: Codable, Sendable {
    /// The format of the source in words.
    public let format: String
    /// Its samples.
    public let samples: Int
    /// Points along y and x.
    public let grid: [Int]
    /// What was done to the arrays, one sentence each.
    public let notes: [String]
  }

  /// The recipe of an imported file.
  private struct Recipe: Codable {
    let problem = "import"
    let source: String
    let sha256: String
    let fields: [String: String]
    let values: [Double]?

    enum CodingKeys: CodingKey { case problem, source, sha256, fields, values }
  }

  private struct Field {
    let name: String
    let array: ForeignArray
    let axes: ForeignOrder
    /// Whether it is the one whose 0 and 1 stand for other values: the first.
    let takesValues: Bool
  }

  /// The name of the source.
  public let path: String
  private let options: Options

  /// An import that has not begun.
  public init(_ path: String, _ options: Options = Options()) { (self.path, self.options) = (path, options) }

  /// Whether a file is of another format than our own; NetCDF of others counts only where it is HDF5 with known arrays.
  public static func isForeign(_ path: String) throws -> Bool {
    _ = try FilePaths.length(ofDataAt: path)
    let front = try FilePaths.front(of: path, HDF5Superblock.searchedBytes)
    if MatFile.matches(front) || TorchArrays.matches(front, path) { return true }
    guard HDF5Superblock.position(in: front) != nil, let file = try? HDF5File(reading: path) else { return false }
    return ForeignPairs.known(in: file.names) != nil
  }

  /// Writes the new file.
  ///
  /// - Parameters:
  ///   - output: its name.
  ///   - overwrite: whether a file of that name is replaced.
  ///   - provenance: of a recipe, given as JSON.
  ///   - progress: called with samples done and samples in all.
  /// - Throws: `FileError`, `FieldFileError`, `TorchFileError`; nothing is left behind then.
  public func write(
    to output: String, overwrite: Bool, provenance: (_ recipe: String) -> Provenance,
    progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws -> Summary {
    let source = try self.source()
    let fields = try self.fields(of: source)
    let (first, grid) = (fields[0], fields[0].axes.grid)
    for field in fields {
      guard field.axes.grid == grid, field.axes.samples == first.axes.samples else {
        throw FieldFileError.unsupported(
          path: path,
          what: "'\(first.array.name)' of shape \(first.array.shape) and '\(field.array.name)' of shape "
            + "\(field.array.shape), which do not belong together")
      }
    }
    let recipe = Recipe(
      source: URL(fileURLWithPath: path).lastPathComponent, sha256: try SHA256.hex(ofFileAt: path),
      fields: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.array.name) }),
      values: options.values.map { [$0.low, $0.high] })
    let writer = try FieldFileWriter(
      creating: output, layout: layout(fields, source), provenance: provenance(try CanonicalJSON.encode(recipe)),
      overwrite: overwrite)
    // As many samples as a megabyte holds.
    let step = max(1, (1 << 17) / max(1, grid[0] * grid[1]))
    for start in stride(from: 0, to: first.axes.samples, by: step) {
      let samples = start..<min(start + step, first.axes.samples)
      try writer.append(samples: samples, try fields.map { try column($0, samples, source) })
      progress(samples.upperBound, first.axes.samples)
    }
    try writer.finish()
    let notes = fields.compactMap { field in field.axes.note.map { "'\(field.array.name)' \($0)" } }
    return Summary(format: source.format, samples: first.axes.samples, grid: grid, notes: notes)
  }

  private func source() throws -> any ArraySource {
    let front = try FilePaths.front(of: path, HDF5Superblock.searchedBytes)
    if MatFile.matches(front) { return try MatFile(reading: path) }
    if TorchArrays.matches(front, path) { return try TorchArrays(reading: path) }
    guard HDF5Superblock.position(in: front) != nil else { return try FieldFile(reading: path) }
    // What netCDF wrote has names for its axes, which only netCDF tells; the file must not be open twice.
    if try isNetCDF() { return try FieldFile(reading: path) }
    return try HDF5File(reading: path)
  }

  private func isNetCDF() throws -> Bool {
    let file = try HDF5File(reading: path)
    return options.map != nil && !file.isMATLAB && ForeignPairs.known(in: file.names) == nil
  }

  private func fields(of source: any ArraySource) throws -> [Field] {
    let pairs: [(field: String, array: String)]
    var isXFirst = false
    if let map = options.map {
      pairs = map
      isXFirst = map.contains { ForeignPairs.isXFirst($0.array) }
    } else if let known = ForeignPairs.known(in: source.names, ofPyTorch: source is TorchArrays) {
      pairs = known.pairs
      isXFirst = known.isXFirst
    } else {
      throw FieldFileError.unknownFields(path: path, present: source.names)
    }
    return try pairs.enumerated().map { index, pair in
      let array = try source.array(pair.array)
      if array.content == .boolean, options.values == nil, index == 0 {
        throw FieldFileError.unsupported(
          path: path, what: "truth values in '\(pair.array)'; say what 0 and 1 stand for, such as --values 3,12")
      }
      return Field(
        name: pair.field, array: array, axes: try ForeignOrder(of: array, isXFirst: isXFirst, path: path),
        takesValues: index == 0)
    }
  }

  private func column(_ field: Field, _ samples: Range<Int>, _ source: any ArraySource) throws -> SampleColumn {
    var values = try field.axes.read(field.array, samples, from: source)
    if let (low, high) = options.values, field.takesValues {
      for index in values.indices {
        guard values[index] == 0 || values[index] == 1 else {
          throw FieldFileError.wrongValue(
            path: path, variable: field.array.name, reason: "holds \(values[index]) where --values needs 0 or 1")
        }
        values[index] = values[index] == 0 ? low : high
      }
    }
    let shape = [samples.count] + field.axes.grid
    return field.array.precision == .double
      ? .field(field.name, Tensor<Double>(shape: shape, elements: values))
      : .field(field.name, Tensor<Float>(shape: shape, elements: values.map { Float($0) }))
  }

  private func layout(_ fields: [Field], _ source: any ArraySource) -> FieldFileLayout {
    let grid = fields[0].axes.grid
    let kind = options.points ?? (fields[0].axes.isXFirst ? .centred : .vertex)
    return FieldFileLayout(
      grid: GridAxes(y: GridAxis(count: grid[0], kind: kind), x: GridAxis(count: grid[1], kind: kind)),
      fields: fields.map {
        FieldVariable($0.name, $0.name.replacing("_", with: " "), precision: $0.array.precision)
      },
      description: FileDescription(
        title: "Fields imported from \(URL(fileURLWithPath: path).lastPathComponent)",
        comment: "Read from a \(source.format) file: "
          + fields.map { "\($0.name) from '\($0.array.name)'" }.joined(separator: ", ")))
  }
}

/// The pairs of arrays that are known by their names.
enum ForeignPairs {
  /// Whether an array of this name is PDEBench's.
  static func isXFirst(_ name: String) -> Bool { name == "nu" || name == "tensor" }

  /// The fields and whether their arrays are indexed x before y.
  ///
  /// - Parameter ofPyTorch: whether `x` and `y` are fields; elsewhere these are coordinates.
  static func known(
    in names: [String], ofPyTorch: Bool = false
  ) -> (pairs: [(field: String, array: String)], isXFirst: Bool)? {
    let pairs = [("coeff", "sol", false), ("nu", "tensor", true)] + (ofPyTorch ? [("x", "y", false)] : [])
    guard let (input, output, isXFirst) = pairs.first(where: { names.contains($0.0) && names.contains($0.1) }) else {
      return nil
    }
    return ([("permeability", input), ("pressure", output)], isXFirst)
  }
}
