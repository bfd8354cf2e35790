public import DatasetIO
import Foundation
public import Problems
import Solvers
import Tensors

/// One Darcy or Poisson problem, solved as `pde solve` does.
public struct DarcySolve: Sendable {
  /// Which method solves it.
  public enum Method: String, Sendable, CaseIterable {
    /// Conjugate gradients preconditioned by multigrid.
    case multigrid
    /// A band factorisation by LAPACK, for grids that are small; an independent check.
    case direct
  }

  /// Whose names the fields get.
  public enum Equation: Sendable {
    /// Permeability and pressure.
    case darcy
    /// Potential, with a permeability of one.
    case poisson
  }

  /// The problem.
  public let flow: DarcyFlow
  /// Its names.
  public let equation: Equation
  /// The order at which errors fall, for the estimate of the discretisation error.
  public let order: Int
  /// The method.
  public let method: Method
  /// Tolerance and limit.
  public let solver: DarcySolver

  /// A problem with the way to solve it.
  public init(_ flow: DarcyFlow, as equation: Equation, order: Int, by method: Method, _ solver: DarcySolver) {
    self.flow = flow
    self.equation = equation
    self.order = order
    self.method = method
    self.solver = solver
  }

  /// Solves it and estimates the error.
  ///
  /// - Throws: `DarcyError` when the coarser problem of the estimate cannot be made.
  public func run() throws -> SolvedProblem {
    let (seconds, solution) = timed { solve(flow) }
    var labelError: Double?
    if solution.termination == .converged, let coarse = try flow.coarsened() {
      let coarseSolution = solve(coarse)
      if coarseSolution.termination == .converged {
        labelError = RichardsonEstimate(order: order)
          .relativeError(of: solution.solution, coarse: coarseSolution.solution)
      }
    }
    return SolvedProblem(
      title: title, method: description, step: "iteration", grid: axes, fields: fields(solution.solution),
      termination: solution.termination, iterations: solution.statistics.iterations,
      residual: solution.statistics.residual, trace: solution.statistics.trace, labelError: labelError,
      seconds: seconds,
      facts: [
        .init("flux_imbalance", "flux imbalance", flow.fluxImbalance(of: solution.solution)),
        .init("maximum", "largest value", solution.solution.elements.max() ?? .nan),
      ])
  }

  private func solve(_ flow: DarcyFlow) -> LinearSolution {
    switch method {
    case .multigrid: solver.solve(flow)
    case .direct: solver.solveDirectly(flow)
    }
  }

  private var title: String {
    let (rows, columns) = (flow.permeability.shape[0], flow.permeability.shape[1])
    return (equation == .darcy ? "Darcy flow" : "Poisson's equation") + " on \(columns) × \(rows) vertices"
  }

  private var description: String {
    "second-order finite volumes, \(flow.setting.faceMean.rawValue) face means, "
      + "\(flow.stencil.rows * flow.stencil.columns) unknowns; "
      + (method == .multigrid
        ? "conjugate gradients preconditioned by black box multigrid" : "banded Cholesky factorisation by LAPACK")
  }

  private var axes: GridAxes {
    let (domain, boundary, shape) = (flow.setting.domain, flow.setting.boundary, flow.permeability.shape)
    return GridAxes(
      y: GridAxis(count: shape[0], to: domain.height, kind: boundary.isPeriodicInY ? .periodic : .vertex),
      x: GridAxis(count: shape[1], to: domain.width, kind: boundary.isPeriodicInX ? .periodic : .vertex))
  }

  private func fields(_ solution: Tensor<Double>) -> [SolvedProblem.SolvedField] {
    var fields: [SolvedProblem.SolvedField] = []
    if equation == .darcy { fields.append(.init("permeability", "permeability of the medium", flow.permeability)) }
    if case .field(let source) = flow.source { fields.append(.init("source", "source", source)) }
    fields.append(
      equation == .darcy ? .init("pressure", "pressure", solution) : .init("potential", "potential", solution))
    return fields
  }
}

extension DarcyFlow {
  /// The problem that a sample of a file states: `permeability` (one where there is none), `source` (or the given one),
  /// and the domain and periodic axes of its coordinates.
  ///
  /// - Parameters:
  ///   - position: of the sample in the file.
  ///   - source: f where the file has no variable `source`.
  ///   - setting: conditions and discretisation; the domain is that of the file.
  /// - Throws: `FieldFileError`, `DarcyError`, `ProblemFileError`.
  public init(
    reading file: FieldFile, at position: Int, needsPermeability: Bool, source: Double, setting: Setting
  ) throws {
    guard position >= 0 && position < file.sampleCount else {
      throw ProblemFileError.noSample(path: file.path, position: position, count: file.sampleCount)
    }
    func field(_ name: String) throws -> Tensor<Double> {
      let values: Tensor<Double> = try file.read(name, samples: position..<position + 1)
      return values.reshaped(to: Array(values.shape.dropFirst()))
    }
    let names = needsPermeability ? ["permeability", "source"] : ["source"]
    guard names.contains(where: file.has) else {
      throw FieldFileError.missingVariable(path: file.path, variable: names[0], present: file.fieldNames)
    }
    let permeability = needsPermeability ? try field("permeability") : nil
    let given = file.has("source") ? try field("source") : nil
    guard let shape = permeability?.shape ?? given?.shape else {
      throw FieldFileError.missingVariable(path: file.path, variable: names[0], present: file.fieldNames)
    }
    var setting = setting
    try setting.adapt(to: try file.axes(), path: file.path)
    try self.init(
      permeability: permeability ?? Tensor(shape: shape, repeating: 1),
      source: given.map { .field($0) } ?? .constant(source), setting: setting, sample: position)
  }
}

extension DarcyFlow.Setting {
  /// Takes the domain and the periodic axes of a file.
  fileprivate mutating func adapt(to axes: GridAxes, path: String) throws {
    for axis in [axes.x, axes.y] where axis.kind == .centred { throw ProblemFileError.centred(path: path) }
    domain = Rectangle(width: axes.x.upper - axes.x.lower, height: axes.y.upper - axes.y.lower)
    if axes.x.kind == .periodic { (boundary.west, boundary.east) = (.periodic, .periodic) }
    if axes.y.kind == .periodic { (boundary.south, boundary.north) = (.periodic, .periodic) }
    for (kind, isPeriodic, sides) in [
      (axes.x.kind, boundary.isPeriodicInX, "west and east"), (axes.y.kind, boundary.isPeriodicInY, "south and north"),
    ] where kind == .vertex && isPeriodic {
      throw ProblemFileError.storesBothEdges(path: path, sides: sides)
    }
  }
}

/// A file that does not state a problem.
public enum ProblemFileError: ClassifiedError {
  case noSample(path: String, position: Int, count: Int)
  case centred(path: String)
  case notATorus(path: String)
  case storesBothEdges(path: String, sides: String)

  /// Data, but for a position that was typed.
  public var failureClass: FailureClass {
    switch self {
    case .noSample: .usage
    case .centred, .notATorus, .storesBothEdges: .badData
    }
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .noSample(let path, let position, let count):
      "there is no sample at position \(position) of '\(path)'; it has \(count), counted from 0"
    case .centred(let path):
      "'\(path)' has its points in the middle of cells; expected vertices on both edges, or a periodic grid"
    case .notATorus(let path):
      "'\(path)' is not on a torus; expected a square periodic grid, with the attribute grid 'periodic' on x and y"
    case .storesBothEdges(let path, let sides):
      "'\(path)' stores both edges, expected a grid without the right one where \(sides) are periodic; drop the last points"
    }
  }
}
