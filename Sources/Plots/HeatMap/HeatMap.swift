public import Tensors

/// A field over a rectangle as colours, x to the right and y upwards.
///
/// Every value is one flat cell, nothing is interpolated; when a pixel covers several cells it shows their mean, or the
/// colour of missing values when one of them is not finite.
public struct HeatMap: Sendable {
  /// Axes that carry numbers and labels.
  public struct Labelled: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// From bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The horizontal axis.
    public static let x = Labelled(rawValue: 1)
    /// The vertical axis.
    public static let y = Labelled(rawValue: 2)
  }

  /// The heading above the plot.
  public var title: String
  /// Colours and their range.
  public var colours: ColourScale
  /// Quantity and unit beside the colour bar; the bar is left out when nil.
  public var barLabel: String? = ""
  /// Edges, axis labels and the meaning of the grid.
  public var domain: FieldDomain
  /// Axes with numbers; the others keep their ticks.
  public var labelled: Labelled = [.x, .y]
  /// The longer side of the plot in points.
  public var side = 165.0

  let grid: FieldGrid

  /// A picture of a field of shape [ny, nx], row 0 at the lower edge.
  public init<Scalar: TensorScalar>(
    _ field: Tensor<Scalar>, title: String = "", colours: ColourScale = .sequential(),
    domain: FieldDomain = .unitSquare, barLabel: String? = ""
  ) {
    precondition(field.shape.count == 2, "a heat map shows a field with axes (y, x), found shape \(field.shape)")
    self.title = title
    self.colours = colours
    self.domain = domain
    self.barLabel = barLabel
    grid = FieldGrid(values: field.elements.map(Double.init), rows: field.shape[0], columns: field.shape[1])
  }

  /// What is drawn, in numbers: the range of the colours; nil when no value is finite and none was given.
  package var range: ClosedRange<Double>? { colours.range(of: grid.values) }
}

/// The values of a field, row 0 lowest.
struct FieldGrid: Sendable {
  let values: [Double]
  let rows: Int
  let columns: Int

  var isEmpty: Bool { values.isEmpty }
  var missing: Int { values.count { !$0.isFinite } }

  /// What is missing and how often, such as "NaN (12)"; nil when every value is finite.
  var missingLabel: String? {
    let missing = missing
    guard missing > 0 else { return nil }
    let nans = values.count { $0.isNaN }
    let name = nans == missing ? "NaN" : nans == 0 ? "±∞" : "NaN, ±∞"
    return missing == values.count ? name : "\(name) (\(missing))"
  }

  /// The distinct finite values in rising order, nil when there are more than `limit`.
  func distinctValues(atMost limit: Int) -> [Double]? {
    var found: Set<Double> = []
    for value in values where value.isFinite {
      found.insert(value)
      if found.count > limit { return nil }
    }
    return found.sorted()
  }

  /// The value each pixel of a picture shows, from the top row down.
  func resampled(columns width: Int, rows height: Int, _ placement: FieldDomain.Placement) -> [Double] {
    let across = Self.coverage(cells: columns, pixels: width, placement)
    let up = Self.coverage(cells: rows, pixels: height, placement)
    var result = [Double](repeating: 0, count: width * height)
    for row in 0..<height {
      let vertical = up[height - 1 - row]
      for column in 0..<width { result[row * width + column] = mean(vertical, across[column]) }
    }
    return result
  }

  private func mean(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) -> Double {
    var sum = 0.0
    for row in rows {
      for column in columns {
        let value = values[row * self.columns + column]
        guard value.isFinite else { return .nan }
        sum += value
      }
    }
    return sum / Double(rows.count * columns.count)
  }

  /// The cells a pixel shows: the one at its centre, or all it touches when cells are smaller than pixels.
  private static func coverage(
    cells: Int, pixels: Int, _ placement: FieldDomain.Placement
  ) -> [ClosedRange<Int>] {
    // In whole numbers, since a rounded edge would touch a neighbour. Node i of n covers i ± ½ of the n − 1 intervals
    // between nodes; everything is doubled to keep the halves whole.
    let (stretch, shift) = placement == .cells ? (2 * cells, 0) : (2 * (cells - 1), pixels)
    func clamped(_ index: Int) -> Int { min(max(index, 0), cells - 1) }
    return (0..<pixels).map { pixel in
      guard cells > pixels else {
        let centre = clamped(((2 * pixel + 1) * stretch / 2 + shift) / (2 * pixels))
        return centre...centre
      }
      let first = clamped((pixel * stretch + shift) / (2 * pixels))
      // The right edge belongs to the next pixel.
      let last = clamped(((pixel + 1) * stretch + shift - 1) / (2 * pixels))
      return first...max(first, last)
    }
  }
}
