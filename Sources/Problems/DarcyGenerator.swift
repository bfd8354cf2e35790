import Foundation
public import Solvers
import Synchronization
public import Tensors

/// How a data set of Darcy problems is made.
public struct DarcyRecipe: Hashable, Sendable {
  /// The media.
  public var family: DarcyFamily
  /// Vertices that are stored, at least 3 an axis.
  public var grid: GridShape
  /// Cells of the solve grid along one cell of the stored grid.
  public var oversample: Int
  /// The seed of the whole set.
  public var seed: UInt64
  /// f.
  public var source = SourceFamily.constant(1)
  /// Mean on faces, domain, conditions and reaction.
  public var setting: DarcyFlow.Setting
  /// The solver of the labels.
  public var solver: DarcySolver

  /// The published problem solved at 421 and stored at 43 vertices a side, unless told otherwise.
  public init(
    family: DarcyFamily = DarcyFamily(), grid: Int = 43, oversample: Int = 10, seed: UInt64 = 0,
    setting: DarcyFlow.Setting = DarcyFlow.Setting(), solver: DarcySolver = DarcySolver()
  ) {
    precondition(oversample >= 1, "a solve grid is at least as fine as the stored one, found \(oversample)")
    self.family = family
    self.grid = GridShape(square: grid)
    self.oversample = oversample
    self.seed = seed
    self.setting = setting
    self.solver = solver
  }

  /// Vertices of the solve grid.
  public var solveGrid: GridShape { grid.refined(by: oversample, setting.boundary) }

  /// Draws the media on the solve grid.
  public var mediumSampler: DarcyFamily.Sampler {
    family.sampler(shape: (solveGrid.rows, solveGrid.columns), domain: setting.domain, joined: setting.boundary.joined)
  }

}

/// One problem with its solution at the vertices of the stored grid, axes (y, x).
public struct DarcySample: Sendable {
  /// Which sample of the set it is.
  public let index: Int
  /// a.
  public let permeability: Tensor<Double>
  /// f; nil when it is the same number everywhere.
  public let source: Tensor<Double>?
  /// u.
  public let pressure: Tensor<Double>
  /// How the solve ended.
  public let termination: Termination
  /// Iterations, true residual and trace of the solve.
  public let statistics: LinearStatistics
  /// The estimated relative L² error that the solve grid leaves in `pressure`; nil when there is no coarser grid to compare
  /// with. See ``DarcyGenerator``.
  public let labelError: Double?
}

/// Makes the samples of a ``DarcyRecipe``, each a function of the recipe and its index alone; safe from many threads.
///
/// The medium is drawn and the equation solved on the fine grid; every `oversample`-th vertex is kept. The error of the label
/// is estimated from a solve on every second vertex of the fine grid, where that grid has an even number of cells; see
/// ``RichardsonEstimate``.
public struct DarcyGenerator: Sendable {
  /// What is made.
  public let recipe: DarcyRecipe
  private let media: DarcyFamily.Sampler
  private let sources: SourceFamily.Sampler?
  private let workspaces: Workspaces

  /// - Throws: ``DarcyError`` when the grid is too small, or a source cannot be balanced.
  public init(_ recipe: DarcyRecipe) throws(DarcyError) {
    guard min(recipe.grid.rows, recipe.grid.columns) >= 3 else {
      throw .gridTooSmall(rows: recipe.grid.rows, columns: recipe.grid.columns)
    }
    self.recipe = recipe
    media = recipe.mediumSampler
    switch recipe.source {
    case .constant(let value):
      sources = nil
      // Whether such a source can be balanced does not depend on the medium: better to know it now than at the first sample.
      let uniform = Tensor<Double>(shape: [recipe.grid.rows, recipe.grid.columns], repeating: 1)
      _ = try DarcyFlow(permeability: uniform, source: .constant(value), setting: recipe.setting)
    case .gaussian:
      let grid = recipe.solveGrid
      sources = recipe.source.sampler(
        shape: (grid.rows, grid.columns), domain: recipe.setting.domain, joined: recipe.setting.boundary.joined)
    }
    workspaces = Workspaces()
  }

  /// Draws, solves and subsamples one problem; a solve that fails is a verdict in the sample.
  ///
  /// - Throws: ``DarcyError`` when the family yields a permeability that is not positive and finite, or a source that no
  ///   solution balances.
  public func sample(_ index: Int) throws(DarcyError) -> DarcySample {
    let medium = media.permeability(sample: index, seed: recipe.seed)
    let source = sources?.source(sample: index, seed: recipe.seed)
    let flow = try DarcyFlow(
      permeability: medium, source: source.map { .field($0) } ?? .constant(recipe.source.constant),
      setting: recipe.setting, sample: index)
    let fine = solve(flow)
    return DarcySample(
      index: index, permeability: medium.keepingEvery(recipe.oversample),
      source: source?.keepingEvery(recipe.oversample),
      pressure: fine.solution.keepingEvery(recipe.oversample), termination: fine.termination,
      statistics: fine.statistics, labelError: try labelError(of: fine, flow, index))
  }

  private func solve(_ flow: DarcyFlow) -> LinearSolution {
    var workspace = workspaces.take(for: flow)
    defer { workspaces.giveBack(workspace, for: flow) }
    return recipe.solver.solve(flow, in: &workspace)
  }

  private func labelError(of fine: LinearSolution, _ flow: DarcyFlow, _ index: Int) throws(DarcyError) -> Double? {
    guard fine.termination == .converged, let coarseFlow = try flow.coarsened(sample: index) else { return nil }
    let coarse = solve(coarseFlow)
    guard coarse.termination == .converged else { return nil }
    return RichardsonEstimate(order: recipe.family.discretisationOrder)
      .relativeError(of: fine.solution, coarse: coarse.solution, storedEvery: recipe.oversample)
  }
}

extension SourceFamily {
  /// The number that the source is everywhere; 0 for one that varies.
  fileprivate var constant: Double {
    switch self {
    case .constant(let value): value
    case .gaussian: 0
    }
  }
}

/// Memory of finished solves, lent to the next ones: as many sets as there were solves at the same time.
private final class Workspaces: Sendable {
  private struct Shape: Hashable {
    let rows: Int
    let columns: Int

    init(_ flow: DarcyFlow) { (rows, columns) = (flow.stencil.rows, flow.stencil.columns) }
  }

  private let idle = Mutex<[Shape: [DarcySolver.Workspace]]>([:])

  func take(for flow: DarcyFlow) -> DarcySolver.Workspace {
    idle.withLock { $0[Shape(flow)]?.popLast() } ?? DarcySolver.Workspace(flow)
  }

  func giveBack(_ workspace: DarcySolver.Workspace, for flow: DarcyFlow) {
    idle.withLock { $0[Shape(flow), default: []].append(workspace) }
  }
}
