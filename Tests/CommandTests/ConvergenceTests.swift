import DatasetIO
import Testing

/// An equilibrium that is not reached is counted, flagged and told by the exit code.
@Suite struct ConvergenceTests {
  private static let impossible = "--max-evaluations 2 --tolerance 1e-9"

  @Test func predictionsFlagEverySampleThatDidNotConverge() throws {
    let folder = try Prepared.workspace()
    let outcome = try folder.pde("predict runs/fno-deq --json --quiet \(Self.impossible)")
    #expect(outcome.exitCode == 10)
    #expect(outcome.firstError.hasPrefix("Warning: 24 equilibria did not reach the tolerance"))
    #expect(try object(outcome).number("unconverged") == 24)
    let file = try FieldFile(reading: folder.file("prediction.nc"))
    #expect(try file.outcomes() == Array(repeating: .iterationLimit, count: 24))
    #expect(try file.integers("solver_iterations") == Array(repeating: 2, count: 24))
    #expect(try file.reals("solver_residual").allSatisfy { $0 > 1e-9 })
    // The fields are there all the same.
    #expect(try folder.field("pressure", of: "prediction.nc").count == 24)
  }

  @Test func evaluationsCountWhatDidNotConverge() throws {
    let outcome = try Prepared.workspace().pde("eval runs/fno-deq --json --quiet \(Self.impossible)")
    #expect(outcome.exitCode == 10)
    #expect(outcome.firstError.hasPrefix("Warning: 4 equilibria did not reach the tolerance"))
    #expect(try object(outcome).number("unconverged") == 4)
    #expect(try object(outcome).number("evaluations") == 2)
  }

  @Test func trainingsAndComparisonsDoSoToo() throws {
    let folder = try Prepared.workspace()
    let training = try folder.pde("train fno-deq \(Prepared.tiny) --quiet -o run \(Self.impossible)")
    #expect(training.exitCode == 10)
    #expect(training.firstError.hasPrefix("Warning: 16 training samples of the last epoch did not reach"))
    #expect(try Log(folder.text("run/log.csv")).column("unconverged") == [16, 16])
    let comparison = try folder.pde("compare run --threads 1 --quiet")
    #expect(comparison.exitCode == 10)
    #expect(comparison.firstError.hasPrefix("Warning: 4 solves did not converge; they are flagged in compare.nc"))
    let outcomes = try FieldFile(reading: folder.file("compare.nc")).integers("outcome_run")
    #expect(outcomes == Array(repeating: SampleOutcome.iterationLimit.rawValue, count: 4))
  }

  @Test func aToleranceGivenLaterReplacesAFixedNumberOfEvaluations() throws {
    let folder = try Prepared.workspace()
    try folder.pde("train fno-deq --iterations 3 -o run \(Prepared.tiny)")
    #expect(try object(folder.pde("eval run --json")).number("evaluations") == 3)
    let exact = try object(folder.pde("eval run --json --tolerance 1e-6")).number("evaluations")
    let coarse = try object(folder.pde("eval run --json --tolerance 0.5")).number("evaluations")
    #expect(exact > 3 && coarse < 3)
  }

  @Test func aFailedClassicalSolveIsFlaggedInTheData() throws {
    let folder = try Workspace()
    // Beyond what rounding allows on this grid.
    let outcome = try folder.pde("gen darcy --samples 3 --grid 33 --oversample 8 --tolerance 1e-13 --quiet")
    let file = try FieldFile(reading: folder.file("darcy.nc"))
    let failed = try #require(try file.outcomes()).count { $0 != .converged }
    let residuals = try file.reals("solver_residual")
    #expect(outcome.exitCode == (failed == 0 ? 0 : 10))
    #expect(outcome.errors.contains("\(failed) samples did not converge") == (failed > 0))
    #expect(
      try #require(try file.outcomes()).indices.allSatisfy {
        (try? file.outcomes()?[$0]) == .converged || residuals[$0] > 1e-13
      })
  }
}
