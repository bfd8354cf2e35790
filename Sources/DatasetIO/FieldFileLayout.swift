/// What a file of fields holds: its grid, its variables and what it says about itself.
///
/// The file is NetCDF-4 with the classic data model (no groups, no 64-bit integers, no strings), CF-1.8 and ACDD-1.3:
/// dimensions (sample, y, x) with `sample` unlimited, one variable a physical field, one value a sample for what the
/// solver reported, and residual traces over (sample, iteration).
public struct FieldFileLayout: Sendable {
  /// The points of the fields.
  public var grid: GridAxes
  /// The physical fields, each (sample, y, x).
  public var fields: [FieldVariable]
  /// The variables with one value a sample.
  public var perSample: [SampleVariable]
  /// The variables (sample, iteration).
  public var traces: [TraceVariable]
  /// What the file says about itself.
  public var description: FileDescription

  /// - Precondition: no two variables share a name, and ancillary variables are among `perSample`.
  public init(
    grid: GridAxes, fields: [FieldVariable], perSample: [SampleVariable] = [], traces: [TraceVariable] = [],
    description: FileDescription
  ) {
    self.grid = grid
    self.fields = fields
    self.perSample = perSample
    self.traces = traces
    self.description = description
  }

  func checkNames() {
    let own = ["sample", "y", "x", "y_bnds", "x_bnds", "iteration"]
    let names = own + fields.map(\.name) + perSample.map(\.name) + traces.map(\.name)
    precondition(Set(names).count == names.count, "the variables of a file need different names, found \(names)")
    for field in fields {
      for name in field.ancillary {
        precondition(perSample.contains { $0.name == name }, "'\(field.name)' refers to '\(name)', which is not there")
      }
    }
  }
}

/// The precision a field is stored with.
public enum StoredPrecision: Sendable, Equatable {
  /// 32 bits.
  case single
  /// 64 bits.
  case double
}

/// What a stored value stands for in space (the CF attribute `cell_methods`).
public enum CellMethod: String, Sendable {
  /// The value at the grid point.
  case point
  /// The mean over the cell around the grid point.
  case mean
}

/// A physical field, stored as (sample, y, x).
public struct FieldVariable: Sendable {
  /// The variable's name.
  public var name: String
  /// What it is, in words.
  public var longName: String
  /// A UDUNITS string, "1" for dimensionless quantities.
  public var units: String
  /// The stored precision.
  public var precision: StoredPrecision
  /// What a value stands for, or nil where neither fits.
  public var cellMethod: CellMethod?
  /// The per-sample variables that qualify this field, such as `solver_outcome`.
  public var ancillary: [String]

  /// A dimensionless field of point values in single precision, unless told otherwise.
  public init(
    _ name: String, _ longName: String, units: String = "1", precision: StoredPrecision = .single,
    cellMethod: CellMethod? = .point, ancillary: [String] = []
  ) {
    self.name = name
    self.longName = longName
    self.units = units
    self.precision = precision
    self.cellMethod = cellMethod
    self.ancillary = ancillary
  }
}

/// A variable with one value a sample.
public struct SampleVariable: Sendable {
  /// How values are stored.
  public enum Kind: Sendable, Equatable {
    /// A byte that numbers one of these words, from 0.
    case flags([String])
    /// A signed byte.
    case byte
    /// A 32-bit integer.
    case integer
    /// A double; NaN is stored as the fill value.
    case real
  }

  /// The variable's name.
  public var name: String
  /// What it is, in words.
  public var longName: String
  /// A UDUNITS string; flags have none.
  public var units: String
  /// How values are stored.
  public var kind: Kind

  /// A dimensionless quantity unless told otherwise.
  public init(_ name: String, _ longName: String, units: String = "1", kind: Kind = .real) {
    self.name = name
    self.longName = longName
    self.units = units
    self.kind = kind
  }

  /// How the solver ended; see `SampleOutcome`.
  public static let solverOutcome = SampleVariable(
    "solver_outcome", "how the solver ended", kind: .flags(SampleOutcome.allCases.map(\.meaning)))
  /// How many iterations it took.
  public static let solverIterations = SampleVariable(
    "solver_iterations", "number of solver iterations", kind: .integer)
  /// The relative residual it reached.
  public static let solverResidual = SampleVariable(
    "solver_residual", "relative residual of the discrete equations")
  /// The estimated discretisation error of the stored solution.
  public static let labelError = SampleVariable(
    "label_error", "estimated relative L2 error of the stored solution")
}

/// How the solver of a sample ended; the raw value is what the file stores.
public enum SampleOutcome: Int, Sendable, CaseIterable {
  /// The tolerance was met.
  case converged = 0
  /// The allowed number of iterations was used up.
  case iterationLimit
  /// The residual stopped falling.
  case stagnated
  /// The residual grew without bound.
  case diverged
  /// A value became infinite or NaN.
  case nonfinite

  /// The word in the file's `flag_meanings`.
  public var meaning: String {
    self == .iterationLimit ? "iteration_limit" : "\(self)"
  }
}

/// A history of numbers for each sample, stored as (sample, iteration) and filled behind its end.
public struct TraceVariable: Sendable {
  /// The variable's name.
  public var name: String
  /// What it is, in words.
  public var longName: String
  /// The longest trace that can be stored.
  public var length: Int

  /// A dimensionless trace of at most `length` entries.
  public init(_ name: String, _ longName: String, length: Int) {
    precondition(length > 0, "a trace needs room for at least one entry, found \(length)")
    self.name = name
    self.longName = longName
    self.length = length
  }
}

/// What a file says about itself (ACDD-1.3); empty texts are left out.
public struct FileDescription: Sendable {
  /// One line.
  public var title: String
  /// A paragraph.
  public var summary: String
  /// Papers, with DOI or arXiv number.
  public var references: String
  /// Anything else.
  public var comment: String
  /// Where the data were made.
  public var institution: String

  /// A description of which only the title is required.
  public init(
    title: String, summary: String = "", references: String = "", comment: String = "", institution: String = ""
  ) {
    self.title = title
    self.summary = summary
    self.references = references
    self.comment = comment
    self.institution = institution
  }
}
