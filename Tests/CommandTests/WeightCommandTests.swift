import Foundation
import Testing

@Suite struct WeightCommandTests {
  @Test func importedWeightsPredictAndAreEvaluatedOnAnyGrid() throws {
    let workspace = try Prepared.workspace()
    try workspace.pde("gen darcy --samples 3 --grid 17 --oversample 2 --quiet -o finer.nc")
    let line = "import-weights \(fixture("Torch/square.pt")) --layout fourier2d --padding 9 -o theirs"
    let outcome = try workspace.pde(line)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("4 Fourier layers of width 4, 3 × 3 modes"))
    for data in ["darcy.nc", "finer.nc"] {
      let prediction = try workspace.pde("predict theirs --data \(data) -o from-\(data)")
      #expect(prediction.exitCode == 0, "\(prediction.errors)")
      let evaluation = try workspace.pde("eval theirs --data \(data)")
      #expect(evaluation.exitCode == 0, "\(evaluation.errors)")
    }
    // The predictions are the model's, not the mean or the truth.
    let (theirs, truth) = (
      try workspace.field("pressure", of: "from-finer.nc"), try workspace.field("pressure", of: "finer.nc")
    )
    #expect(theirs.count == 3 && theirs[0] != theirs[1] && theirs != truth)
    #expect(try workspace.pde(line).exitCode == 73)
    #expect(try workspace.pde(line + " --force").exitCode == 0)
  }

  @Test(arguments: [
    ("function.pt --layout fourier2d --padding 0", 65, "posix.system"),
    ("types.pt --layout fourier2d --padding 0", 65, "fc0"),
    ("channels.pt --layout fourier2d --padding 2 --inputs a", 64, "input channels"),
    ("square.pt --layout fourier2d", 64, "--padding"), ("square.pt --layout other --padding 0", 64, "--layout"),
    ("nothing.pt --layout fourier2d --padding 0", 66, "does not exist"),
    ("make.py --layout fourier2d --padding 0", 65, "zip"),
  ])
  func whatCannotBeImportedIsSaidAndLeavesNothing(line: String, code: Int, words: String) throws {
    let workspace = try Workspace()
    let outcome = try workspace.pde("import-weights \(fixture("Torch/\(line)")) -o theirs")
    #expect(outcome.exitCode == Int32(code) && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(workspace.contents().isEmpty)
  }
}
