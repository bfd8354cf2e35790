import DatasetIO
import Foundation
import Generation
import Problems
import Synchronization
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
    (recipe.samples, recipe.settings.grid, recipe.settings.oversample, recipe.isDouble) = (20, 11, 2, true)
    change(&recipe)
    return recipe
  }

  private func file(_ recipe: DarcyDatasetRecipe, _ name: String) throws -> FieldFile {
    let path = folder + "/" + name
    _ = try Dataset(recipe).write(to: path, provenance: provenance(recipe))
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
    let made = recipe { $0.settings.seed = 9 }
    let file = try file(made, "recipe.nc")
    #expect(try DarcyDatasetRecipe(of: file) == made)
    #expect(try file.outcomes()?.allSatisfy { $0 == .converged } == true)
    #expect(try file.reals("solver_residual").allSatisfy { $0 <= made.settings.tolerance })
    #expect(try file.reals("label_error").allSatisfy { $0 > 0 && $0 < 0.2 })
  }

  @Test func aGenerationInterruptedAtOnceLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: GenerationInterrupted.self) {
      _ = try Dataset(recipe()).write(
        to: folder + "/never.nc", provenance: try provenance(recipe()), observer: .init(shouldStop: { true }))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  /// 50 samples in batches of 16: stopped after one batch, then after two more, then run to the end, with every batch put
  /// aside as a part of its own.
  @Test(arguments: [0, 60.0])
  func anInterruptedGenerationContinuesToTheSameSamples(partSeconds: Double) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let recipe = recipe { $0.samples = 50 }
    let whole = try Dataset(recipe).write(to: folder + "/whole.nc", provenance: provenance(recipe))
    let path = folder + "/broken.nc"
    for stop in [17, 40] {
      let solved = Mutex(0)
      let error = #expect(throws: GenerationInterrupted.self) {
        _ = try Dataset(recipe, partSeconds: partSeconds).write(
          to: path, existing: .continued, provenance: try provenance(recipe),
          observer: .init(
            shouldStop: { solved.withLock { $0 } >= stop },
            solved: { done, _ in solved.withLock { $0 = max($0, done) } }))
      }
      #expect(error?.description.contains("\(stop / 16 * 16) of 50 samples of") == true, "\(error as Any)")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    #expect(throws: PartsError.self) { _ = try Dataset(recipe).write(to: path, provenance: try provenance(recipe)) }
    var other = recipe
    other.settings.seed = 1
    #expect(throws: PartsError.self) {
      _ = try Dataset(other).write(to: path, existing: .continued, provenance: try provenance(other))
    }
    let summary = try Dataset(recipe, partSeconds: partSeconds).write(
      to: path, existing: .continued, provenance: provenance(recipe))
    #expect(summary == whole)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["broken.nc", "whole.nc"])
    let files = try ["whole.nc", "broken.nc"].map { try FieldFile(reading: folder + "/" + $0) }
    #expect(try files[0].sampleIndices() == files[1].sampleIndices())
    for name in ["permeability", "pressure"] {
      let values: [Tensor<Double>] = try files.map { try $0.read(name) }
      #expect(values[0].elements == values[1].elements)
    }
    for name in ["solver_residual", "label_error"] { #expect(try files[0].reals(name) == files[1].reals(name)) }
    #expect(try files[0].outcomes() == files[1].outcomes())
  }

  @Test func aRecipeOfAnEarlierVersionHasDefaultsForWhatItDoesNotSay() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = recipe()
    let text = try CanonicalJSON.encode(made).replacing("\"faceMean\":\"harmonic\",", with: "")
    let path = folder + "/old.nc"
    _ = try Dataset(made).write(to: path, provenance: Provenance(program: "test", recipe: text, command: []))
    #expect(try DarcyDatasetRecipe(of: FieldFile(reading: path)) == made)
  }

  private func provenance(_ recipe: DarcyDatasetRecipe) throws -> Provenance {
    Provenance(program: "test", recipe: try CanonicalJSON.encode(recipe), command: ["test"])
  }

  @Test(
    arguments: [
      { (r: inout DarcyDatasetRecipe) in r.settings.grid = 2 }, { $0.samples = 0 },
      { $0.settings.width = .nan }, { $0.settings.tolerance = 1e-20 },
      { ($0.settings.grid, $0.settings.oversample) = (4000, 10) },
    ] as [@Sendable (inout DarcyDatasetRecipe) -> Void])
  func numbersOutOfRangeAreRefused(_ change: @Sendable (inout DarcyDatasetRecipe) -> Void) {
    #expect(throws: RecipeError.self) { try recipe(change).validate() }
  }

  @Test func aMediumThatCannotBeIsRefused() {
    #expect(throws: MediumError.self) {
      try recipe { $0.family.medium = .threshold(high: 12, low: 0) }.validate()
    }
  }
}
