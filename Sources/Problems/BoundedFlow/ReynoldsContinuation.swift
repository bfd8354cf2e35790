import Solvers
import Tensors

/// The running state of a ``BoundedFlowSolver``: raises the Reynolds number in steps that adapt, and counts what it took.
struct ReynoldsContinuation {
  /// A point of the discrete space and the Reynolds number whose equations it solves; 0 for Stokes flow.
  struct Reached {
    var reynolds: Double
    var point: Tensor<Double>
  }

  /// How far a climb got.
  struct Climb {
    var reached: Reached
    /// The last iterate for the target itself, when a stage for it failed.
    var lastTry: Tensor<Double>?
    var termination: Termination
  }

  private let target: Double
  private let tolerance: Double
  private let iterationLimit: Int
  private(set) var iterations = 0
  private(set) var trace: [BoundedFlowStep] = []

  /// Newton's method converges from Stokes flow to this in a cavity, in four steps.
  private static let firstReynolds = 100.0
  /// Where a first step is given up when it fails and is shortened.
  private static let smallestReynolds = 1.0
  /// The factor in Re of a step, at first and at most; its growth after an easy stage, and where a climb is given up.
  private static let largestFactor = 2.5
  private static let growth = 1.3
  private static let smallestFactor = 1.1
  /// Up to here 24 polynomials a direction resolve a cavity well enough to start a finer space from.
  private static let coarseSummit = 5000.0
  /// See ``BoundedFlowStatistics/unresolvedShare``: in a cavity 0.13 goes with errors of 2 %, 0.2 with nothing right.
  private static let largestUnresolvedShare = 0.15
  /// Newton steps allowed in one stage; once it converges quadratically, a stage needs five or six.
  private static let stageLimit = 10
  private static let easyStage = 6
  /// The relative residual that suffices on the way.
  private static let stageTolerance = 1e-5
  /// Below this relative residual Newton's method squares it; a step without progress is rounding.
  private static let quadraticPhase = 1e-7

  init(target: Double, tolerance: Double, iterationLimit: Int) {
    self.target = target
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// Rises from a converged point to the target, or as far as it gets; in a space that is not the last one, to what is
  /// sure to be of use in the next.
  mutating func climb(_ equations: BoundedFlowDiscretization, from start: Reached, isLast: Bool) -> Climb {
    let summit = isLast ? target : min(target, Self.coarseSummit)
    var reached = start
    var first = min(summit, Self.firstReynolds)
    var factor = Self.largestFactor
    while true {
      let isStokes = reached.reynolds == 0
      if !isStokes, reached.reynolds == summit { return Climb(reached: reached, termination: .converged) }
      let goal = isStokes ? first : min(summit, reached.reynolds * factor)
      let before = iterations
      var stage = newton(equations, reynolds: goal, from: reached.point, isLast: isLast)
      // Galerkin's equations have solutions at any Reynolds number; what they do not resolve is no flow.
      if stage.ending == .converged, equations.unresolvedShare(of: stage.point) > Self.largestUnresolvedShare {
        stage.ending = .noProgress
      }
      let lastTry = goal == summit ? stage.point : nil
      switch stage.ending {
      case .converged:
        reached = Reached(reynolds: goal, point: stage.point)
        if goal == summit { return Climb(reached: reached, termination: .converged) }
        if iterations - before <= Self.easyStage { factor = min(factor * Self.growth, Self.largestFactor) }
      case .outOfBudget: return Climb(reached: reached, lastTry: lastTry, termination: .iterationLimit)
      case .rounding: return Climb(reached: reached, lastTry: lastTry, termination: .stagnated)
      case .noProgress, .nonfinite:
        if isStokes { first /= Self.largestFactor } else { factor = (goal / reached.reynolds).squareRoot() }
        if isStokes ? first < min(summit, Self.smallestReynolds) : factor < Self.smallestFactor {
          return Climb(
            reached: reached, lastTry: lastTry, termination: stage.ending == .nonfinite ? .nonfinite : .stagnated)
        }
      }
    }
  }

  /// The point a coarser space reached, converged on a finer one; nil when Newton's method does not get there.
  mutating func transfer(_ coarse: Reached, to equations: BoundedFlowDiscretization) -> Reached? {
    let start = coarse.point.embedded(in: equations.shape)
    guard coarse.reynolds > 0 else { return nil }
    let stage = newton(equations, reynolds: coarse.reynolds, from: start, isLast: true)
    return stage.ending == .converged ? Reached(reynolds: coarse.reynolds, point: stage.point) : nil
  }

  /// Whether steps are left.
  var hasBudget: Bool { iterations < iterationLimit }

  private enum Ending { case converged, rounding, noProgress, nonfinite, outOfBudget }

  /// Newton's method at one Reynolds number, to the full tolerance for the target in the last space.
  private mutating func newton(
    _ equations: BoundedFlowDiscretization, reynolds: Double, from start: Tensor<Double>, isLast: Bool
  ) -> (point: Tensor<Double>, ending: Ending) {
    let isTarget = reynolds == target
    let viscosity = isTarget ? equations.flow.viscosity : equations.flow.viscosity * (target / reynolds)
    let goal = isTarget && isLast ? tolerance : max(tolerance, Self.stageTolerance)
    var point = start
    var previous = Double.infinity
    for step in 0...Self.stageLimit {
      let residual = equations.relativeResidual(of: point, viscosity: viscosity)
      trace.append(BoundedFlowStep(reynolds: reynolds, degree: equations.degree, residual: residual))
      guard residual.isFinite else { return (point, .nonfinite) }
      if residual <= goal { return (point, .converged) }
      if residual < Self.quadraticPhase, residual >= previous { return (point, .rounding) }
      if step == Self.stageLimit { break }
      guard hasBudget else { return (point, .outOfBudget) }
      iterations += 1
      do {
        let factors = try LUFactorization(equations.jacobian(at: point, viscosity: viscosity))
        point.add(factors.solve(equations.residual(of: point, viscosity: viscosity)), scaledBy: -1)
      } catch {
        return (point, error == .nonfinite ? .nonfinite : .noProgress)
      }
      previous = residual
    }
    return (point, .noProgress)
  }
}

extension Tensor where Scalar == Double {
  /// The coefficients of the same function in a larger space, [rows, columns].
  fileprivate func embedded(in shape: [Int]) -> Tensor {
    var result = Tensor.zeros(shape)
    for i in 0..<Swift.min(shape[0], self.shape[0]) {
      for j in 0..<Swift.min(shape[1], self.shape[1]) { result[i, j] = self[i, j] }
    }
    return result
  }
}
