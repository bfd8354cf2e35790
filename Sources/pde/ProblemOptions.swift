public import ArgumentParser
public import Problems

// Typed as `dirichlet=1`; the text is the library's.
extension BoundaryCondition: ExpressibleByArgument {}

/// Domain and conditions of a problem on a rectangle.
struct DomainOptions: ParsableArguments {
  static let help = """
    dirichlet=U (u = U), neumann=Q (inflow a du/dn = Q), robin=B,G (a du/dn + B u = G) or periodic
    """

  @Option(help: "Extent along x.") var width = 1.0
  @Option(help: "Extent along y.") var height = 1.0
  @Option(help: ArgumentHelp("Condition at x = 0: \(help). (default: dirichlet=0)", valueName: "condition"))
  var west: BoundaryCondition?
  @Option(help: ArgumentHelp("Condition at x = width. (default: dirichlet=0)", valueName: "condition"))
  var east: BoundaryCondition?
  @Option(help: ArgumentHelp("Condition at y = 0. (default: dirichlet=0)", valueName: "condition"))
  var south: BoundaryCondition?
  @Option(help: ArgumentHelp("Condition at y = height. (default: dirichlet=0)", valueName: "condition"))
  var north: BoundaryCondition?
  @Option(help: "Coefficient s of a reaction term: -div(a grad u) + s u = f.") var reaction = 0.0
  @Option(help: "Permeability of a face from those of its two vertices.") var faceMean = FaceMean.harmonic

  func validate() throws {
    try OptionRange.checkPositive("--width", width)
    try OptionRange.checkPositive("--height", height)
    guard reaction >= 0, reaction.isFinite else {
      throw ValidationError("--reaction must be 0 or more, found \(reaction).")
    }
    for (one, other, names) in [(west, east, "--west and --east"), (south, north, "--south and --north")]
    where (one == .periodic) != (other == .periodic) {
      throw ValidationError("\(names) must both be periodic, or neither.")
    }
  }

  var boundary: BoundaryConditions {
    BoundaryConditions(
      west: west ?? .dirichlet(0), east: east ?? .dirichlet(0), south: south ?? .dirichlet(0),
      north: north ?? .dirichlet(0))
  }

  /// What these options decide, for the recipe of a file.
  var recipe: [String: String] {
    [
      "width": "\(width)", "height": "\(height)", "west": "\(boundary.west)", "east": "\(boundary.east)",
      "south": "\(boundary.south)", "north": "\(boundary.north)", "reaction": "\(reaction)",
      "face_mean": faceMean.rawValue,
    ]
  }

  var setting: DarcyFlow.Setting {
    DarcyFlow.Setting(
      domain: Rectangle(width: width, height: height), boundary: boundary, reaction: reaction, faceMean: faceMean)
  }
}

/// Numbers of points as typed: `32,64,128`.
struct GridList: ExpressibleByArgument {
  /// The most points along an axis, as for data.
  private static let sides = 3...8193

  let sides: [Int]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let sides = numbers.compactMap { $0 }
    guard sides.count == numbers.count, sides.allSatisfy(Self.sides.contains), Set(sides).count == sides.count else {
      return nil
    }
    self.sides = sides
  }
}

/// A grid as typed: `129`, or `257x129` for vertices along x and y.
struct GridArgument: ExpressibleByArgument, CustomStringConvertible {
  let shape: GridShape

  init(_ shape: GridShape) { self.shape = shape }

  init?(argument: String) {
    let numbers = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    switch (numbers.count, numbers.first ?? nil, numbers.last ?? nil) {
    case (1, let side?, _): shape = GridShape(square: side)
    case (2, let columns?, let rows?): shape = GridShape(rows: rows, columns: columns)
    default: return nil
    }
  }

  /// A solve of the largest grid needs about 4 GB.
  private static let sides = 3...8193

  func validate() throws {
    for side in [shape.columns, shape.rows] where !Self.sides.contains(side) {
      throw ValidationError("--grid must have between 3 and 8193 vertices a side, found \(side).")
    }
  }

  var description: String { shape.rows == shape.columns ? "\(shape.rows)" : "\(shape.columns)x\(shape.rows)" }
  var defaultValueDescription: String { description }
}
