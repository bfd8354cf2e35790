public import DatasetIO
import Generation
import Tensors

/// Everything a file of fields says about itself, with the ranges of what it holds.
public struct FileInspection: Codable, Sendable {
  /// A variable of the file.
  public struct Variable: Codable, Sendable {
    /// Its name.
    public let name: String
    /// The names of its dimensions, the slowest first.
    public let dimensions: [String]
    /// Their lengths.
    public let shape: [Int]
    /// The type of its values, as ncdump names it.
    public let type: String
    /// Its units; nil where it does not say.
    public let units: String?
    /// What it is, in words; nil where it does not say.
    public let longName: String?
    /// The range of its values; nil where it has none, or they were not read.
    public internal(set) var range: ValueRange?
    /// Why its values cannot be used; nil where they can.
    public internal(set) var problem: String?
  }

  /// What the values of a variable are like.
  public struct ValueRange: Codable, Sendable {
    /// The smallest one.
    public let minimum: Double
    /// The largest one.
    public let maximum: Double
    /// Their mean.
    public let mean: Double
    /// Entries without a value.
    public let missing: Int
  }

  /// How the points of an axis lie.
  public struct Axis: Codable, Sendable {
    /// Points.
    public let count: Int
    /// Where the domain begins.
    public let lower: Double
    /// Where it ends.
    public let upper: Double
    /// `vertex`, `periodic` or `centred`.
    public let kind: String

    init(_ axis: GridAxis) { (count, lower, upper, kind) = (axis.count, axis.lower, axis.upper, axis.kind.rawValue) }
  }

  /// The file's name.
  public let path: String
  /// Its length in bytes.
  public let bytes: Int
  /// Its title.
  public let title: String?
  /// The program that wrote it.
  public let program: String?
  /// When it was written.
  public let date: String?
  /// The hash of its recipe.
  public let identifier: String?
  /// The recipe, as JSON.
  public let recipe: String?
  /// The commands that led to it, the newest first.
  public let history: [String]
  /// Its samples.
  public let samples: Int
  /// The axes x and y; nil where the file does not say how its points lie.
  public let grid: [String: Axis]?
  /// How many samples ended in each way; nil where the file does not say.
  public let outcomes: [String: Int]?
  /// Its variables, in order.
  public let variables: [Variable]
  /// A hash of names, shapes and values: equal for files that hold the same thing, whatever their history and compression.
  public let contents: String

  /// Reads a whole file, a sample at a time.
  ///
  /// - Throws: `FieldFileError` for a damaged file; values that cannot be used are a `problem` of their variable.
  public init(_ file: FieldFile) throws {
    path = file.path
    bytes = file.byteCount
    title = try file.attribute("title")
    program = try file.attribute("source")
    date = try file.attribute("date_created")
    identifier = try file.attribute("id")
    recipe = try file.recipe
    history = try file.history.split(separator: "\n").map(String.init)
    samples = file.sampleCount
    grid = (try? file.axes()).map { ["x": Axis($0.x), "y": Axis($0.y)] }
    outcomes = try file.outcomes().map { outcomes in
      Dictionary(outcomes.map { ($0.meaning, 1) }, uniquingKeysWith: +)
    }
    var chain = ""
    variables = try file.variables.map { variable in
      var summary = ValueSummary()
      var result = Variable(
        name: variable.name, dimensions: variable.dimensions.map(\.name), shape: variable.dimensions.map(\.length),
        type: variable.typeName, units: try file.attribute("units", of: variable.name),
        longName: try file.attribute("long_name", of: variable.name))
      do { try summary.add(variable, of: file) } catch let error as FieldFileError { result.problem = "\(error)" }
      result.range = result.problem == nil ? summary.range : nil
      chain = SHA256.hex(of: "\(chain) \(result.name) \(result.shape) \(result.type) \(summary.hash)")
      return result
    }
    contents = chain
  }
}

/// Range and hash of values that come piece by piece.
private struct ValueSummary {
  private var (minimum, maximum, sum) = (Double.infinity, -Double.infinity, 0.0)
  private var (count, missing) = (0, 0)
  private(set) var hash = ""

  var range: FileInspection.ValueRange? {
    guard count > 0 else { return nil }
    return .init(minimum: minimum, maximum: maximum, mean: sum / Double(count), missing: missing)
  }

  /// Adds all values of a variable; those of a kind that has no meaning for this program are left out.
  mutating func add(_ variable: FieldFile.Variable, of file: FieldFile) throws {
    switch variable.dimensions.map(\.name) {
    case ["sample", "y", "x"] where variable.isReal:
      for sample in 0..<file.sampleCount {
        let values: Tensor<Double> = try file.read(variable.name, samples: sample..<sample + 1, missing: .asNaN)
        add(values.elements)
      }
    case ["sample"] where variable.isReal: add(try file.reals(variable.name))
    case ["sample"]: add(try file.integers(variable.name).map(Double.init))
    case ["sample", "iteration"] where variable.isReal: for trace in try file.traces(variable.name) { add(trace) }
    case [variable.name] where variable.isReal: add(try file.coordinates(variable.name))
    default: break
    }
  }

  private mutating func add(_ values: [Double]) {
    hash = SHA256.hex(of: hash + values.withUnsafeBytes { SHA256.hex(of: $0) })
    for value in values {
      if value.isNaN {
        missing += 1
        continue
      }
      (minimum, maximum) = (min(minimum, value), max(maximum, value))
      sum += value
      count += 1
    }
  }
}
