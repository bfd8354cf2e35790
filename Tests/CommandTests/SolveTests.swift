import DatasetIO
import Foundation
import Tensors
import Testing

/// `pde solve`: one problem, its history, its file.
@Suite struct SolveTests {
  private struct Report: Decodable {
    struct Fact: Decodable {
      let name: String
      let value: Double
    }
    let outcome: String
    let iterations: Int
    let residual: Double
    let trace: [Double]
    let labelError: Double?
    let facts: [Fact]

    func fact(_ name: String) -> Double? { facts.first { $0.name == name }?.value }
  }

  private func report(_ outcome: Outcome) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test func poissonsEquationHasItsValueInTheMiddle() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("solve poisson --double --plot --json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(folder.contents().keys.sorted() == ["poisson.nc", "poisson.png"])
    let u = try folder.field("potential", of: "poisson.nc")[0]
    // Second order: 1/128² times about a tenth.
    #expect(abs(u[64 * 129 + 64] - 0.0736713532814) < 1e-5)
    let report = try report(outcome)
    #expect(report.outcome == "converged" && report.residual <= 1e-8)
    let file = try FieldFile(reading: folder.file("poisson.nc"))
    #expect(try file.integers("solver_iterations") == [report.iterations])
    #expect(try file.traces("residual_trace")[0] == report.trace)
    #expect(file.sampleCount == 1)
  }

  @Test func aFilesProblemIsSolvedToTheFilesSolution() throws {
    let folder = try Workspace()
    try folder.pde("gen darcy --samples 3 --grid 33 --oversample 1 --double --tolerance 1e-12 -o data.nc")
    for method in ["multigrid", "direct"] {
      let outcome = try folder.pde(
        "solve darcy --data data.nc --index 2 --double --tolerance 1e-12 --method \(method) -o \(method).nc")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("converged: the tolerance is met"))
      let difference =
        zip(
          try folder.field("pressure", of: "\(method).nc")[0], try folder.field("pressure", of: "data.nc")[2]
        ).map { abs($0 - $1) }.max() ?? 1
      #expect(difference < 1e-11)
    }
  }

  /// Layers across x with no flow through the other sides: u falls in proportion to the resistance.
  @Test func conditionsAreThoseThatWereTyped() throws {
    let folder = try Workspace()
    let line = "solve poisson --source 0 --grid 33x17 --width 2 --double -o line.nc"
    #expect(try folder.pde(line + " --west dirichlet=1 --south neumann=0 --north neumann=0").exitCode == 0)
    let u = try folder.field("potential", of: "line.nc")[0]
    for k in u.indices { #expect(abs(u[k] - (1 - Double(k % 33) / 32)) < 1e-7) }
    let axes = try FieldFile(reading: folder.file("line.nc")).axes()
    #expect(axes.x == GridAxis(count: 33, to: 2, kind: .vertex) && axes.y == GridAxis(count: 17, kind: .vertex))
  }

  @Test func theCavityIsThatOfThePublishedBenchmark() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("solve cavity --json --grid 33")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let report = try report(outcome)
    // Botella & Peyret 1998, Re 1000; half a percent is what the toolkit promises.
    for (name, value) in [
      ("u_min", -0.38857), ("u_min_y", 0.1717), ("v_max", 0.37694), ("v_max_x", 0.1578), ("v_min", -0.52708),
      ("v_min_x", 0.9092), ("vortex_psi", -0.11894), ("vortex_x", 0.5308), ("vortex_y", 0.5652),
    ] {
      let found = try #require(report.fact(name))
      #expect(abs(found / value - 1) < 0.005, "\(name): \(found), expected \(value)")
    }
    let file = try FieldFile(reading: folder.file("cavity.nc"))
    #expect(file.fieldNames == ["u", "v", "vorticity", "stream_function"])
    let u = try folder.field("u", of: "cavity.nc")[0]
    #expect(abs(u[32 * 33 + 16] - 1) < 1e-6 && abs(u[16]) < 1e-6)
  }

  @Test func aSolveThatDoesNotConvergeSaysSo() throws {
    let folder = try Workspace()
    let outcome = try folder.pde("solve darcy --max-iterations 1")
    #expect(outcome.exitCode == 10)
    #expect(
      outcome.output.contains("iteration_limit:") && outcome.errors.contains("did not converge (iteration_limit)"))
    #expect(try FieldFile(reading: folder.file("solution.nc")).outcomes() == [.iterationLimit])
  }

  @Test(arguments: [
    BadInput("solve darcy --west up=1", 64, "'up=1' is invalid for '--west"),
    BadInput("solve darcy --west periodic", 64, "--west and --east must both be periodic"),
    BadInput("solve darcy --grid 2", 64, "between 3 and 8193", "found 2"),
    BadInput("solve darcy --reaction -1", 64, "--reaction"),
    BadInput("solve darcy --data none.nc", 66, "'none.nc' does not exist"),
    BadInput("solve darcy --data darcy.nc --index 24", 64, "no sample at position 24", "it has 24"),
    BadInput("solve poisson --data darcy.nc", 65, "source"),
    BadInput(
      "solve poisson --west neumann=0 --east neumann=0 --south neumann=0 --north neumann=0", 65,
      "do not add up to zero"),
    BadInput("solve cavity --reynolds 0", 64, "--reynolds must be positive"),
    BadInput("solve cavity --degree 400", 64, "--degree must be between"),
  ])
  func badInputGetsOneSentence(_ input: BadInput) throws { try input.check() }
}
