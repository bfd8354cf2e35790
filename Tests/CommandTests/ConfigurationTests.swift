import DatasetIO
import Foundation
import Testing

/// Settings from a file and from `--set`.
@Suite struct ConfigurationTests {
  private static let settings = """
    # A short run.
    epochs = 3
    lr = 1e-3
    batch = 8
    width = 4
    modes = 3
    validation = 4
    test = 4
    padding = "10%"
    warm-start = true
    inputs = ["permeability"]
    """

  @Test func optionsWinOverSetAndSetOverTheFile() throws {
    let folder = try Prepared.workspace()
    try folder.write(Data(Self.settings.utf8), to: "run.toml")
    let configured = try folder.pde(
      "train fno-deq -o a --config run.toml --set epochs=2 --set=batch=6 --set warm-start=false --batch 4")
    #expect(configured.exitCode == 0, "\(configured.errors)")
    let typed = try folder.pde(
      """
      train fno-deq -o b --epochs 2 --batch 4 --lr 1e-3 --width 4 --modes 3 --validation 4 --test 4 --padding 10% \
      --inputs permeability
      """)
    #expect(typed.exitCode == 0, "\(typed.errors)")
    try expectSameRun("a", "b", in: folder)
    // The file alone: what was overridden above.
    #expect(try folder.pde("train fno-deq -o c --config=run.toml").exitCode == 0)
    let stored = try folder.text("c/config.json")
    for part in ["\"epochs\":3", "\"batch\":8", "\"warmStart\":true", "\"learningRate\":0.001"] {
      #expect(stored.contains(part), "\(part) in \(stored)")
    }
  }

  private static func input(_ text: String, _ line: String, _ code: Int32, _ words: String...) -> BadInput {
    BadInput(line, code, words[0], words.last ?? "") { try $0.write(Data(text.utf8), to: "run.toml") }
  }

  @Test(arguments: [
    input(
      "\nepoch = 3", "train fno --config run.toml", 78, "'run.toml', line 2: there is no setting 'epoch'", "'epochs'"),
    input("epochs = ", "train fno --config run.toml", 78, "'run.toml', line 1: a value is missing"),
    input("[model]\nwidth = 4", "train fno --config run.toml", 78, "line 2: there is no setting 'model.width'"),
    input("warm-start = 1", "train fno --config run.toml", 78, "line 1: 'warm-start' is true or false"),
    input("width = true", "train fno --config run.toml", 78, "line 1: 'width' takes a number or a text"),
    input("force = true", "train fno --config run.toml", 78, "there is no setting 'force'"),
    input("", "train fno --config run.toml", 66, "'run.toml' is empty"),
    input("epochs = 1", "train fno --config none.toml", 66, "'none.toml' does not exist"),
    input("epochs = 0", "train fno --config run.toml", 64, "--epochs", "found 0"),
    input("", "train fno --set epoch=3", 64, "--set epoch=3: there is no setting 'epoch'", "did you mean 'epochs'?"),
    input("", "train fno --set learning-rate=3", 64, "there is no setting 'learning-rate'"),
    input("", "train fno --set epochs", 64, "--set takes key=value, found 'epochs'"),
    input("", "train fno --set warm-start=yes", 64, "'warm-start' is true or false"),
    input("", "train fno --set epochs=many", 64, "'many'", "--epochs"),
  ])
  func whatIsNoSettingIsRefused(_ input: BadInput) throws { try input.check() }
}
