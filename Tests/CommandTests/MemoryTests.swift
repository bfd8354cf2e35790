import Foundation
import Testing

/// What training needs in memory. An equilibrium keeps no history of its iterations, an unrolled network all of it.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "needs /proc"))
struct MemoryTests {
  private func peak(_ model: String, iterations: Int, in folder: Workspace) throws -> Int {
    let outcome = try folder.pde(
      "train \(model) --iterations \(iterations) -o \(model)-\(iterations) --data data.nc --width 16 --modes 4 --epochs 1 "
        + "--batch 8 --validation 2 --test 0 --threads 1")
    #expect(outcome.exitCode == 0 || outcome.exitCode == 10, "\(outcome.errors)")
    #expect(outcome.peakMemory > 10_000, "kB; less than the program itself")
    return outcome.peakMemory
  }

  @Test func trainingAnEquilibriumNeedsNoMoreMemoryForMoreIterations() throws {
    let folder = try Workspace()
    try folder.pde("gen darcy --samples 10 --grid 31 --oversample 1 -o data.nc")
    let equilibrium = try [8, 64].map { try peak("fno-deq", iterations: $0, in: folder) }
    // 5 % is what the toolkit promises.
    #expect(abs(Double(equilibrium[1]) / Double(equilibrium[0]) - 1) < 0.05, "\(equilibrium) kB")
    // The same depth unrolled, for comparison: the test can see what an iteration keeps.
    let unrolled = try [8, 64].map { try peak("fno-wt", iterations: $0, in: folder) }
    #expect(Double(unrolled[1]) / Double(unrolled[0]) > 1.5, "\(unrolled) kB")
  }
}
