import Plots
import Tensors
import Testing

@Suite struct HeatMapTests {
  /// The picture of one heat map and the place of its plot.
  private func drawn(_ map: HeatMap) throws -> (picture: Picture, plot: Rect, texts: [String]) {
    let (png, geometry) = try Figure(panels: [[.heatMap(map)]]).drawn()
    return (Picture(png: png), geometry.plots[0], geometry.texts.map(\.text))
  }

  /// The middle of cell (row, column) of an n×m field stored by cells.
  private func centre(_ row: Int, _ column: Int, _ rows: Int, _ columns: Int, _ plot: Rect) -> Point {
    Point(
      plot.x + (Double(column) + 0.5) / Double(columns) * plot.width,
      plot.maxY - (Double(row) + 0.5) / Double(rows) * plot.height)
  }

  private let cells = FieldDomain(x: 0...1, y: 0...1, placement: .cells)

  @Test func everyCellHasItsColourWithTheFirstRowAtTheBottom() throws {
    let field = Tensor<Float>(shape: [3, 5], elements: (0..<15).map { Float($0) })
    let (picture, plot, _) = try drawn(HeatMap(field, domain: cells))
    for row in 0..<3 {
      for column in 0..<5 {
        let expected = ColourMap.blueGreenYellow.packed(at: Double(row * 5 + column) / 14)
        #expect(picture[centre(row, column, 3, 5, plot)] == expected, "cell \(row), \(column)")
      }
    }
  }

  @Test func nodesOnTheRimHaveHalfTheWidth() throws {
    // Nodes at 0, ½, 1: the cells meet at ¼ and ¾.
    let field = Tensor<Double>(shape: [1, 3], elements: [0, 1, 2])
    let (picture, plot, _) = try drawn(HeatMap(field))
    let colours = (0...2).map { ColourMap.blueGreenYellow.packed(at: Double($0) / 2) }
    for (x, node) in [(0.05, 0), (0.23, 0), (0.27, 1), (0.73, 1), (0.77, 2), (0.95, 2)] {
      #expect(picture[Point(plot.x + x * plot.width, plot.centre.y)] == colours[node], "x = \(x)")
    }
  }

  @Test func zeroIsNeutralAndTheSignsAreEquallyStrong() throws {
    let field = Tensor<Double>(shape: [1, 4], elements: [-2, 0, 1, 2])
    let map = HeatMap(field, colours: .diverging(), domain: cells)
    #expect(map.range == -2...2)
    let (picture, plot, _) = try drawn(map)
    func colour(_ column: Int) -> Oklab { Oklab(Colour(hex: picture[centre(0, column, 1, 4, plot)])) }
    #expect(abs(colour(1).a) < 0.002 && abs(colour(1).b) < 0.002)
    // Eight-bit rounding moves the lightness by less than 0.003.
    #expect(abs(colour(0).lightness - colour(3).lightness) < 0.003)
    #expect(colour(0).b < -0.1 && colour(3).a > 0.1)
    #expect(abs(colour(2).lightness - (colour(1).lightness + colour(3).lightness) / 2) < 0.003)
  }

  @Test func theRangeIsTheDatasUnlessGivenAndSymmetricWhenSigned() {
    let field = Tensor<Double>(shape: [1, 3], elements: [-1, .infinity, 3])
    #expect(HeatMap(field).range == -1...3)
    #expect(HeatMap(field, colours: .sequential(0...10)).range == 0...10)
    #expect(HeatMap(field, colours: .diverging()).range == -3...3)
    #expect(HeatMap(field, colours: .diverging(5)).range == -5...5)
  }

  @Test func missingValuesAreGreyAndCounted() throws {
    var field = Tensor<Double>(shape: [4, 4], elements: (0..<16).map(Double.init))
    field[1, 2] = .nan
    field[3, 0] = .nan
    let (picture, plot, texts) = try drawn(HeatMap(field, domain: cells))
    #expect(picture[centre(1, 2, 4, 4, plot)] == Colour.missing.packed)
    #expect(picture[centre(1, 1, 4, 4, plot)] == ColourMap.blueGreenYellow.packed(at: 5.0 / 15))
    #expect(texts.contains("NaN (2)"))
    field[0, 0] = .infinity
    #expect(try drawn(HeatMap(field)).texts.contains("NaN, ±∞ (3)"))
  }

  @Test func aFieldWithoutFiniteValuesSaysSo() throws {
    let (picture, plot, texts) = try drawn(HeatMap(Tensor<Double>(shape: [5, 5], repeating: .nan)))
    #expect(picture[Point(plot.x + 5, plot.y + 5)] == Colour.missing.packed)
    #expect(texts.contains("no finite values"))
    #expect(try drawn(HeatMap(Tensor<Double>.zeros([0, 0]))).texts.contains("no data"))
  }

  @Test func aConstantFieldIsOneColourWithItsValueAsKey() throws {
    let (picture, plot, texts) = try drawn(HeatMap(Tensor<Double>(shape: [5, 5], repeating: 3.25)))
    #expect(picture[plot.centre] == ColourMap.blueGreenYellow.packed(at: 0.5))
    #expect(texts.contains("3.25"))
    let zero = try drawn(HeatMap(Tensor<Double>.zeros([5, 5]), colours: .diverging()))
    #expect(zero.picture[zero.plot.centre] == ColourMap.blueWhiteRed.packed(at: 0.5))
    #expect(zero.texts.contains("0"))
  }

  @Test func aFieldOfTwoValuesIsKeyedByThem() throws {
    let field = Tensor<Float>(shape: [2, 2], elements: [3, 12, 12, 3])
    let texts = try drawn(HeatMap(field, colours: .sequential(map: .sandBrown))).texts
    #expect(texts.contains("3") && texts.contains("12") && !texts.contains("6"))
  }

  @Test func cellsSmallerThanPixelsAreAveragedNotSkipped() throws {
    // Stripes one cell wide alias when cells are picked; their mean is the middle of the range everywhere.
    let n = 1320
    let field = Tensor<Double>(shape: [1, n], elements: (0..<n).map { Double($0 % 2) })
    var map = HeatMap(field, colours: .sequential(0...1), domain: cells)
    map.side = 165
    let (picture, plot, _) = try drawn(map)
    for x in stride(from: 4.0, to: 160, by: 1.5) {
      #expect(picture[Point(plot.x + x, plot.centre.y)] == ColourMap.blueGreenYellow.packed(at: 0.5))
    }
  }

  @Test func theColourBarRunsFromTheLowestToTheHighestColour() throws {
    let field = Tensor<Double>(shape: [1, 64], elements: (0..<64).map(Double.init))
    let (picture, plot, _) = try drawn(HeatMap(field))
    let x = plot.maxX + 8 + 4.5
    for f in [0.1, 0.35, 0.5, 0.8] {
      let seen = Oklab(Colour(hex: picture[Point(x, plot.maxY - f * plot.height)]))
      // One pixel of the bar is 1/330 of the range.
      #expect(seen.distance(to: Oklab(ColourMap.blueGreenYellow.colour(at: f))) < 0.01, "at \(f)")
    }
  }
}
