import Solvers
import Tensors
import Testing

@Suite struct GrowthGuardTests {
  /// The verdicts on a sequence of residuals; `accelerated[k]` tells how the step after residual k was taken.
  private func verdicts(_ residuals: [Double], accelerated: [Bool], limit: Double) -> [Bool] {
    var safeguard = GrowthGuard(limit: limit)
    return zip(residuals, accelerated).map { residual, next in
      let verdict = safeguard.rejects(residual: residual)
      safeguard.proposes(accelerated: next)
      return verdict
    }
  }

  @Test func aHistoryIsForgottenWhenItsStepRaisesTheResidual() {
    // The first residual after a restart is the new reference.
    let residuals = [1, 0.5, 0.6, 0.55]
    #expect(
      verdicts(residuals, accelerated: [true, true, false, true], limit: 1) == [false, false, true, false])
    #expect(verdicts(residuals, accelerated: [true, true, true, true], limit: 1.3).allSatisfy { !$0 })
  }

  @Test func plainStepsMayRiseMildlyWithoutAHistoryAndSteeplyWithOne() {
    #expect(
      verdicts([1, 1.5, 2.9, 6], accelerated: [false, false, false, false], limit: 1) == [false, true, true, false])
  }

  @Test func accelerationSurvivesATransientThatPicardSurvives() {
    // The residual of Picard rises above its first value and needs 133 evaluations to fall below it again.
    let problem = FixedPointProblem.nonNormal("transient", radius: 0.9, coupling: 0.2, dimension: 200)
    func solution(_ method: any FixedPointMethod) -> FixedPointSolution<Double> {
      FixedPointSolver(
        method: method, tolerance: Tolerance(absolute: 1e-10), evaluationLimit: 1000,
        failure: FailureCriteria(stagnationWindow: 300)
      ).solve(from: problem.startingPoint()) { points, _ in problem(points) }
    }
    let picard = solution(Picard())
    #expect(picard.allConverged && (picard.statistics[0].trace.max() ?? 0) > 1.5 * picard.statistics[0].trace[0])
    for method in fixedPointMethods {
      let accelerated = solution(method)
      #expect(accelerated.allConverged && accelerated.totalEvaluations <= picard.totalEvaluations, "\(method)")
    }
  }

  @Test(arguments: [Anderson(), Anderson(memory: 10), Broyden()] as [any FixedPointMethod])
  func accelerationSolvesMapsThatExpand(method: any FixedPointMethod) {
    // Eigenvalues down to −3: Picard diverges at once.
    let problem = FixedPointProblem.symmetric("expanding", FixedPointProblem.even(-3, 0.5, 50))
    #expect(FixedPointTableTests.solve(problem, Picard(), in: Double.self).terminations == [.diverged])
    let solution: FixedPointSolution<Double> = FixedPointTableTests.solve(problem, method, in: Double.self)
    #expect(solution.allConverged, "\(solution.statistics[0].trace)")
  }
}
