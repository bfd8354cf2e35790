import CNetCDF
import Tensors

/// What a file says about its grid and about itself.
extension FieldFile {
  /// The longest text attribute that is read, in bytes.
  private static let longestText = 1 << 24

  /// A text attribute of a variable, or of the file when `variable` is nil; nil where there is none or it is not text.
  ///
  /// - Throws: `FieldFileError` when the variable is absent or the text is unreasonably long.
  public func attribute(_ name: String, of variable: String? = nil) throws -> String? {
    let id = try variable.map { try self.variable($0).id } ?? NC_GLOBAL
    return try handle.textAttribute(name, of: id, limit: Self.longestText)
  }

  /// The recipe the file was made from, as JSON, or nil for a file that is not ours.
  public var recipe: String? { get throws { try attribute("pde_recipe") } }

  /// The commands that led to this file, the newest first; empty where it does not say.
  public var history: String { get throws { try attribute("history") ?? "" } }

  /// The points of the fields.
  ///
  /// - Throws: `FieldFileError` when a coordinate is absent, not equally spaced, or does not say how its points lie on the
  ///   interval (the attribute `grid`, or bounds).
  public func axes() throws -> GridAxes { GridAxes(y: try axis("y"), x: try axis("x")) }

  /// The coordinates of an axis.
  ///
  /// - Throws: `FieldFileError` when there are none, or they do not ascend.
  public func coordinates(_ name: String) throws -> [Double] {
    let variable = try variable(name)
    guard variable.dimensions.map(\.name) == [name] else {
      throw FieldFileError.wrongDimensions(
        path: path, variable: name, found: variable.dimensions.map(\.name), expected: [name])
    }
    let values = try read(variable, from: [0], variable.dimensions.map(\.length)).elements
    guard values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw FieldFileError.wrongValue(path: path, variable: name, reason: "does not ascend; expected coordinates")
    }
    return values
  }

  private func axis(_ name: String) throws -> GridAxis {
    let points = try coordinates(name)
    guard let first = points.first, let last = points.last, points.count > 1 else {
      throw FieldFileError.wrongValue(path: path, variable: name, reason: "has fewer than two points")
    }
    let spacing = (last - first) / Double(points.count - 1)
    // Coordinates that were rounded to single precision are still equally spaced.
    let tolerance = max(abs(first), abs(last)) * 1e-6
    guard points.indices.allSatisfy({ abs(points[$0] - first - Double($0) * spacing) <= tolerance }) else {
      throw FieldFileError.wrongValue(path: path, variable: name, reason: "is not equally spaced")
    }
    switch try kind(of: name, first, tolerance) {
    case .vertex: return GridAxis(count: points.count, from: first, to: last, kind: .vertex)
    case .periodic: return GridAxis(count: points.count, from: first, to: last + spacing, kind: .periodic)
    case .centred:
      return GridAxis(count: points.count, from: first - spacing / 2, to: last + spacing / 2, kind: .centred)
    }
  }

  private func kind(of name: String, _ first: Double, _ tolerance: Double) throws -> GridKind {
    if let word = try attribute("grid", of: name) {
      guard let kind = GridKind(rawValue: word) else {
        let known = GridKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw FieldFileError.wrongValue(
          path: path, variable: name, reason: "has the attribute grid '\(word)'; expected one of \(known)")
      }
      return kind
    }
    let bounds = try attribute("bounds", of: name) ?? ""
    guard has(bounds) else {
      throw FieldFileError.wrongValue(
        path: path, variable: name, reason: "does not say how its points lie on the domain; it needs bounds")
    }
    let variable = try variable(bounds)
    let shape = variable.dimensions.map(\.length)
    guard variable.dimensions.first?.name == name, shape.count == 2, shape[1] == 2 else {
      throw FieldFileError.wrongShape(path: path, variable: bounds, found: shape, expected: [length(of: name) ?? 0, 2])
    }
    let edge = try read(variable, from: [0, 0], [1, 2]).elements[0]
    return abs(edge - first) <= tolerance ? .vertex : .centred
  }
}
