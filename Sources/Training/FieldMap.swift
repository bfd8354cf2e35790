public import DatasetIO

/// The variables that a model maps to each other, by their names in files.
public struct FieldMap: Codable, Hashable, Sendable {
  /// Input variables, one a channel.
  public var inputs: [String]
  /// Output variables, one a channel.
  public var outputs: [String]

  /// A map from `inputs` to `outputs`.
  public init(inputs: [String], outputs: [String]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Darcy flow: from the permeability to the pressure.
  public static let darcy = FieldMap(inputs: ["permeability"], outputs: ["pressure"])
  /// Poisson's equation: from the source to the potential.
  public static let poisson = FieldMap(inputs: ["source"], outputs: ["potential"])
  /// Steady Navier–Stokes: from the two components of the force to the vorticity (Marwah et al. 2023, arXiv:2312.00234).
  public static let navierStokes = FieldMap(inputs: ["force_x", "force_y"], outputs: ["vorticity"])
  /// The same from the curl of the force, where that alone is stored.
  public static let vorticityForcing = FieldMap(inputs: ["forcing"], outputs: ["vorticity"])

  /// The map of a problem of this toolkit whose variables a file holds; that of Darcy flow where there is none.
  public init(of file: FieldFile) {
    let known: [FieldMap] = [.darcy, .navierStokes, .vorticityForcing, .poisson]
    self = known.first { ($0.inputs + $0.outputs).allSatisfy(file.has) } ?? .darcy
  }
}
