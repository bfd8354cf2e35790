import Foundation
public import Solvers
import Synchronization
public import Tensors

/// How a data set of Darcy problems is made.
public struct DarcyRecipe: Hashable, Sendable {
  /// The media.
  public var family: DarcyFamily
  /// Vertices a side that are stored, at least 3.
  public var grid: Int
  /// Cells of the solve grid along one cell of the stored grid: the solve has `(grid − 1)·oversample + 1` vertices a side.
  public var oversample: Int
  /// The seed of the whole set.
  public var seed: UInt64
  /// Mean on faces, domain and conditions.
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
    self.grid = grid
    self.oversample = oversample
    self.seed = seed
    self.setting = setting
    self.solver = solver
  }

  /// Vertices a side of the solve grid.
  public var solveGrid: Int { (grid - 1) * oversample + 1 }
}

/// One problem with its solution at the vertices of the stored grid, axes (y, x).
public struct DarcySample: Sendable {
  /// Which sample of the set it is.
  public let index: Int
  /// a.
  public let permeability: Tensor<Double>
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
/// The medium is drawn and the equation solved on the fine grid; every `oversample`-th vertex is kept.
///
/// **Label error.** The problem is solved again with every second vertex of the fine grid, where that grid has an even
/// number of cells. With an error of order p in the spacing, Richardson's estimate of the fine solution's error is
/// `‖u_h − u_2h‖ / ((2ᵖ − 1) ‖u_h‖)`, here over the stored vertices that the coarser grid has too. p belongs to the
/// family: 1 for media with jumps, 2 for smooth ones.
public struct DarcyGenerator: Sendable {
  /// What is made.
  public let recipe: DarcyRecipe
  private let sampler: DarcyFamily.Sampler
  private let workspaces: Workspaces

  /// - Throws: ``DarcyError`` when the grid is too small.
  public init(_ recipe: DarcyRecipe) throws(DarcyError) {
    guard recipe.grid >= 3 else {
      throw .gridTooSmall(rows: recipe.grid, columns: recipe.grid)
    }
    self.recipe = recipe
    sampler = recipe.family.sampler(shape: (recipe.solveGrid, recipe.solveGrid))
    workspaces = Workspaces()
  }

  /// Draws, solves and subsamples one problem; a solve that fails is a verdict in the sample.
  ///
  /// - Throws: ``DarcyError`` when the family yields a permeability that is not positive and finite.
  public func sample(_ index: Int) throws(DarcyError) -> DarcySample {
    let medium = sampler.permeability(sample: index, seed: recipe.seed)
    let fine = try solve(medium, index)
    return DarcySample(
      index: index, permeability: medium.keepingEvery(recipe.oversample),
      pressure: fine.solution.keepingEvery(recipe.oversample), termination: fine.termination,
      statistics: fine.statistics, labelError: try labelError(of: fine, in: medium, index))
  }

  private func solve(_ medium: Tensor<Double>, _ index: Int) throws(DarcyError) -> LinearSolution {
    let flow = try DarcyFlow(permeability: medium, setting: recipe.setting, sample: index)
    var workspace = workspaces.take(rows: flow.stencil.rows, columns: flow.stencil.columns)
    defer { workspaces.giveBack(workspace, rows: flow.stencil.rows, columns: flow.stencil.columns) }
    return recipe.solver.solve(flow, in: &workspace)
  }

  private func labelError(
    of fine: LinearSolution, in medium: Tensor<Double>, _ index: Int
  ) throws(DarcyError) -> Double? {
    let cells = recipe.solveGrid - 1
    guard cells % 2 == 0, cells >= 4, fine.termination == .converged else { return nil }
    let coarse = try solve(medium.keepingEvery(2), index)
    guard coarse.termination == .converged else { return nil }
    // Stored vertices of the coarser grid: all of them when the oversampling is even, else every second one.
    let step = recipe.oversample % 2 == 0 ? recipe.oversample : 2 * recipe.oversample
    let reference = fine.solution.keepingEvery(step)
    let difference = (reference - coarse.solution.keepingEvery(step / 2)).norm
    let factor = pow(2, Double(recipe.family.discretisationOrder)) - 1
    return reference.norm > 0 ? difference / (factor * reference.norm) : nil
  }
}

/// Memory of finished solves, lent to the next ones: as many sets as there were solves at the same time.
private final class Workspaces: Sendable {
  private struct Shape: Hashable {
    let rows: Int
    let columns: Int
  }

  private let idle = Mutex<[Shape: [DarcySolver.Workspace]]>([:])

  func take(rows: Int, columns: Int) -> DarcySolver.Workspace {
    idle.withLock { $0[Shape(rows: rows, columns: columns)]?.popLast() }
      ?? DarcySolver.Workspace(rows: rows, columns: columns)
  }

  func giveBack(_ workspace: DarcySolver.Workspace, rows: Int, columns: Int) {
    idle.withLock { $0[Shape(rows: rows, columns: columns), default: []].append(workspace) }
  }
}
