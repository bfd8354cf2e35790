import DatasetIO
import Foundation
import Generation
import Tensors
import Testing

@Suite struct DarcyDatasetTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "pde-gen-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func recipe(_ change: (inout DarcyDatasetRecipe) -> Void = { _ in }) -> DarcyDatasetRecipe {
    var recipe = DarcyDatasetRecipe()
    (recipe.samples, recipe.grid, recipe.oversample, recipe.isDouble) = (20, 11, 2, true)
    change(&recipe)
    return recipe
  }

  private func file(_ recipe: DarcyDatasetRecipe, _ name: String) throws -> FieldFile {
    let path = folder + "/" + name
    let provenance = Provenance(program: "test", recipe: try CanonicalJSON.encode(recipe), command: ["test"])
    _ = try DarcyDataset(recipe).write(to: path, overwrite: false, provenance: provenance)
    return try FieldFile(reading: path)
  }

  private func pressures(_ file: FieldFile) throws -> Tensor<Double> { try file.read("pressure") }

  /// More samples than one batch, so that the cut between batches is crossed.
  @Test func aPartOfASetIsMadeAloneBitForBit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try file(recipe(), "whole.nc")
    let part = try file(recipe { ($0.first, $0.samples) = (15, 3) }, "part.nc")
    #expect(try part.sampleIndices() == [15, 16, 17])
    #expect(try pressures(part).elements == pressures(whole).gathering(samples: 15..<18).elements)
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    let fields = try [1, 3].map { count -> [Double] in
      Parallel.threads = count
      return try pressures(file(recipe(), "threads\(count).nc")).elements
    }
    #expect(fields[0] == fields[1])
  }

  @Test func theFileSaysHowItWasMadeAndThatItIsSolved() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = recipe { $0.seed = 9 }
    let file = try file(made, "recipe.nc")
    #expect(try DarcyDatasetRecipe(of: file) == made)
    #expect(try file.outcomes()?.allSatisfy { $0 == .converged } == true)
    #expect(try file.reals("solver_residual").allSatisfy { $0 <= made.tolerance })
    #expect(try file.reals("label_error").allSatisfy { $0 > 0 && $0 < 0.2 })
  }

  @Test func anInterruptedGenerationLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let provenance = Provenance(program: "test", recipe: "{}", command: [])
    #expect(throws: GenerationInterrupted.self) {
      _ = try DarcyDataset(recipe()).write(
        to: folder + "/never.nc", overwrite: false, provenance: provenance, shouldStop: { true })
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test(
    arguments: [
      { (r: inout DarcyDatasetRecipe) in r.grid = 2 }, { $0.samples = 0 }, { $0.low = 0 }, { $0.tau = .nan },
      { $0.tolerance = 1e-20 }, { ($0.grid, $0.oversample) = (4000, 10) },
    ] as [@Sendable (inout DarcyDatasetRecipe) -> Void])
  func numbersOutOfRangeAreRefused(_ change: @Sendable (inout DarcyDatasetRecipe) -> Void) {
    #expect(throws: RecipeError.self) { try recipe(change).validate() }
  }
}
