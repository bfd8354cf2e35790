import Foundation
import Plots
import Testing

@Suite struct GalleryTests {
  /// `PDE_GALLERY=folder swift test --filter Gallery` writes the pictures there.
  @Test func everyFigureBecomesTheSameBytesTwice() throws {
    for (name, figure) in Gallery.figures {
      let png = try figure.png()
      #expect(try figure.png() == png, "\(name) differs from one run to the next")
      if let folder = ProcessInfo.processInfo.environment["PDE_GALLERY"] {
        try Data(png).write(to: URL(fileURLWithPath: folder).appendingPathComponent("\(name).png"))
      }
    }
  }
}
