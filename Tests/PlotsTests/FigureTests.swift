import Foundation
import Plots
import Tensors
import Testing

@Suite struct FigureTests {
  @Test(arguments: Gallery.figures.map(\.name)) func textsOverlapNothingAndStayInThePicture(_ name: String) throws {
    let figure = try #require(Gallery.figures.first { $0.name == name }).figure
    let geometry = try figure.drawn().geometry
    let page = Rect(x: 0, y: 0, width: geometry.size.width, height: geometry.size.height)
    for (i, text) in geometry.texts.enumerated() {
      #expect(page.contains(text.box.expanded(by: 4)), "\(name): “\(text.text)” is cut off")
      for other in geometry.texts[..<i] {
        #expect(text.box.overlap(other.box) == 0, "\(name): “\(text.text)” lies on “\(other.text)”")
      }
      for plot in geometry.plots {
        #expect(
          plot.overlap(text.box) == 0 || plot.contains(text.box), "\(name): “\(text.text)” runs into a plot")
      }
    }
  }

  @Test func theRimOfThePictureStaysWhite() throws {
    for (name, figure) in Gallery.figures {
      let picture = Picture(png: try figure.png())
      let rim =
        (0..<picture.width).flatMap { x in [0, 7, picture.height - 8, picture.height - 1].map { picture[x, $0] } }
        + (0..<picture.height).flatMap { y in [0, 7, picture.width - 8, picture.width - 1].map { picture[$0, y] } }
      #expect(rim.allSatisfy { $0 == 0xFFFFFF }, "\(name) is cut off at an edge")
    }
  }

  @Test func plotsOfAGridLineUp() throws {
    let plots = try Gallery.fields.drawn().geometry.plots
    #expect(plots.count == 12)
    for i in 0..<12 {
      #expect(plots[i].x == plots[i % 4].x, "column \(i % 4)")
      #expect(plots[i].y == plots[i / 4 * 4].y, "row \(i / 4)")
    }
  }

  @Test func aLongTitleIsBrokenInsteadOfCut() throws {
    let title = "A title that is a good deal longer than the only and rather narrow panel of its figure is wide"
    let map = HeatMap(Tensor<Double>.zeros([2, 2]), title: "averyveryverylongwordthatnobodycouldbreakatspaces")
    let geometry = try Figure(title: title, panels: [[.heatMap(map)]]).drawn().geometry
    let lines = geometry.texts.filter { title.contains($0.text) && $0.text.count > 5 }
    #expect(lines.count > 1 && lines.map(\.text).joined(separator: " ") == title)
    #expect(geometry.texts.allSatisfy { $0.box.maxX < geometry.size.width - 4 && $0.box.x > 4 })
  }

  @Test func theResolutionScalesThePicture() throws {
    let figure = Figure(panels: [[.heatMap(HeatMap(Tensor<Double>.zeros([2, 2])))]])
    let (one, three) = (
      Picture(png: try figure.png(pixelsPerPoint: 1)), Picture(png: try figure.png(pixelsPerPoint: 3))
    )
    #expect(three.width == 3 * one.width && three.height == 3 * one.height)
  }

  @Test func aPictureBeyondCairosLimitIsRefusedInWords() {
    let row: [Panel] = [.heatMap(HeatMap(Tensor<Double>.zeros([2, 2])))]
    let figure = Figure(panels: Array(repeating: row, count: 200))
    #expect {
      try figure.png()
    } throws: { error in
      guard let error = error as? PlotError, case .pictureTooLarge(_, let height) = error else { return false }
      return height > PlotError.longestSide && error.description.contains("draw fewer panels")
    }
  }

  @Test func aFigureWithoutPanelsIsStillAPicture() throws {
    #expect(Picture(png: try Figure(title: "nothing", panels: []).png()).width > 100)
  }
}

@Suite struct StandardFiguresTests {
  @Test func truthAndPredictionOfARowShareTheirColours() throws {
    let truth = Tensor<Double>(shape: [2, 2], elements: [0, 1, 0.5, 0.25])
    let prediction = Tensor<Double>(shape: [2, 2], elements: [2, 1, 0.5, 0.25])
    let comparison = FieldComparison(
      input: .init("a"), output: .init("u"),
      samples: [.init("sample 0", input: truth, truth: truth, prediction: prediction)])
    let (png, geometry) = try comparison.figure(title: "t").drawn()
    let picture = Picture(png: png)
    let (left, right, error) = (geometry.plots[1], geometry.plots[2], geometry.plots[3])
    func lowerRight(_ plot: Rect) -> UInt32 { picture[Point(plot.maxX - 20, plot.maxY - 20)] }
    func lowerLeft(_ plot: Rect) -> UInt32 { picture[Point(plot.x + 20, plot.maxY - 20)] }
    #expect(lowerRight(left) == ColourMap.blueGreenYellow.packed(at: 0.5))
    #expect(lowerRight(right) == lowerRight(left))
    // Prediction − truth is 2 and red where the prediction is too large, 0 and neutral elsewhere.
    #expect(lowerLeft(error) == ColourMap.blueWhiteRed.packed(at: 1))
    #expect(lowerRight(error) == ColourMap.blueWhiteRed.packed(at: 0.5))
  }

  @Test func signedQuantitiesAreNeutralAtZero() throws {
    let field = Tensor<Double>(shape: [2, 2], elements: [0, 1, 3, 2])
    let comparison = FieldComparison(
      input: .init("f", sign: .signed), output: .init("ω", sign: .signed),
      samples: [.init("", input: field, truth: field)])
    let (png, geometry) = try comparison.figure(title: "t").drawn()
    #expect(geometry.plots.count == 2)
    for plot in geometry.plots {
      let colour = Picture(png: png)[Point(plot.x + 20, plot.maxY - 20)]
      #expect(colour == ColourMap.blueWhiteRed.packed(at: 0.5))
    }
  }

  @Test func theMedianKeepsFinishedSamples() {
    let group = ResidualTraces.Group("a", traces: [[1, 0.1], [1, 0.5, 0.2], [1, 0.4, 0.3, 0.25], []])
    #expect(group.median == [1, 0.4, 0.2, 0.2])
    #expect(ResidualTraces.Group("b", traces: [[1], [3, 2]]).median == [2, 1.5])
  }

  @Test func theLegendOfTracesCountsWhatReachedTheTolerance() throws {
    let traces = ResidualTraces(groups: [.init("Picard", traces: [[1, 0.01], [1, 0.5], [0.1]])], tolerance: 0.1)
    let texts = try traces.figure(title: "t").drawn().geometry.texts.map(\.text)
    #expect(texts.contains("Picard: median, 2 of 3 within tolerance"))
    #expect(texts.contains("tolerance 0.1"))
  }

  @Test func theBestValidationLossIsNamed() throws {
    let curves = TrainingCurves(
      losses: [.init("validation", epochs: [1, 2, 3, 4], values: [0.5, 0.12, .nan, 0.2])], bestOf: 0)
    #expect(try curves.figure(title: "t").drawn().geometry.texts.contains { $0.text == "best 0.12 at epoch 2" })
  }

  @Test func everyMeasurementIsNamedInTheErrorAgainstTimePicture() throws {
    let texts = try Gallery.errorAgainstTime.drawn().geometry.texts.map(\.text)
    #expect(texts.count { $0 == "10⁻⁶" } == 3)
    for name in ["fno-deq, Anderson 12 evaluations", "fno, 4 layers", "error of the labels"] {
      #expect(texts.contains(name))
    }
  }
}
