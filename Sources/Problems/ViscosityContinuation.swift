import Foundation
public import Solvers
import Tensors

/// Follows a steady flow from a viscosity at which Newton's method finds it to the one that is asked for.
///
/// The viscosity is raised by a factor ``rise`` until Newton's method converges from rest, then lowered by factors that
/// adapt: a step that converged is followed by one twice as long in log ν, one that failed is tried half as long. The
/// start of a step is the line through the last two solutions, in log ν. Only the last solve, at the viscosity asked for,
/// needs the full tolerance.
public struct ViscosityContinuation: Hashable, Sendable {
  /// The factor by which the viscosity is raised in search of a start.
  public static let rise = 2.0
  /// The relative residual of the solves on the way.
  public static let tolerance = 1e-4
  /// The least step in log ν, below which the path is taken to turn back or end.
  public static let shortest = 0.02
  /// The most solves.
  public let solveLimit: Int
  /// How each is solved.
  public let newton: NewtonKrylov

  /// At most `solveLimit` solves by `newton`.
  public init(newton: NewtonKrylov, solveLimit: Int = 25) {
    precondition(solveLimit >= 1, "a path needs at least one solve, found a limit of \(solveLimit)")
    self.newton = newton
    self.solveLimit = solveLimit
  }

  /// The solution at the viscosity of `flow`, or what came nearest to it; `record` is told of every solve.
  public func solve(
    _ flow: SteadyNavierStokes, record: (_ viscosity: Double, _ solution: NonlinearSolution) -> Void
  ) -> NonlinearSolution? {
    var solves = 0
    func solve(_ height: Double, _ start: Tensor<Double>) -> NonlinearSolution {
      solves += 1
      let method =
        height == 0
        ? newton
        : NewtonKrylov(
          tolerance: Tolerance(relative: Self.tolerance), stepLimit: newton.stepLimit, forcing: newton.forcing,
          restart: newton.restart, linearIterationLimit: newton.linearIterationLimit,
          backtrackLimit: newton.backtrackLimit)
      let viscosity = flow.viscosity * exp(height)
      let solution = method.solve(flow.with(viscosity: viscosity), from: start)
      record(viscosity, solution)
      return solution
    }
    // Heights are log ν above the one that is asked for.
    var height = 0.0
    var path: [(height: Double, point: Tensor<Double>)] = []
    while path.isEmpty && solves < solveLimit {
      height += log(Self.rise)
      let solution = solve(height, .zeros(flow.modes.shape))
      if solution.termination == .converged { path.append((height, solution.point)) }
    }
    var step = log(Self.rise) / 2
    while let last = path.last, solves < solveLimit, step >= Self.shortest {
      let next = max(0, last.height - step)
      let solution = solve(next, Self.predict(path, at: next))
      if solution.termination == .converged {
        if next == 0 { return solution }
        path = path.suffix(1) + [(next, solution.point)]
        step *= 2
      } else {
        step = (last.height - next) / 2
      }
    }
    return nil
  }

  /// The line through the last two points.
  private static func predict(_ path: [(height: Double, point: Tensor<Double>)], at height: Double) -> Tensor<Double> {
    guard let last = path.last, path.count > 1 else { return path[0].point }
    let before = path[path.count - 2]
    let share = (height - last.height) / (last.height - before.height)
    return last.point.scaled(by: 1 + share) - before.point.scaled(by: share)
  }
}
