/// Which axes of an array are samples, rows and points within a row.
struct ForeignOrder {
  /// Samples.
  let samples: Int
  /// Points along y and x.
  let grid: [Int]
  /// Whether the array has x before y.
  let isXFirst: Bool
  /// What was done to the axes, to follow the array's name; nil for nothing.
  let note: String?
  private let sampleAxis: Int?
  /// The axes of y and x.
  private let spatial: [Int]

  /// From the array's own names of its axes, else by its shape: one field, or fields whose samples come first, or last where
  /// only the first two extents agree; axes of length 1 are passed over.
  ///
  /// - Throws: `FieldFileError.unsupported`.
  init(of array: ForeignArray, isXFirst: Bool, path: String) throws {
    let shape = array.shape
    var axes = shape.indices.filter { shape[$0] != 1 || $0 == 0 }
    if axes.count > 3 || axes.count < 2 { axes = Array(shape.indices) }
    guard axes.count == 2 || axes.count == 3, !shape.contains(0) else {
      throw FieldFileError.unsupported(
        path: path, what: "'\(array.name)' of shape \(shape); expected (sample, y, x), (y, x) or their transposes")
    }
    let names = array.dimensions.map { names in axes.map { names[$0].lowercased() } }
    let namesXFirst = names?.firstIndex(of: "x").flatMap { x in names?.firstIndex(of: "y").map { x < $0 } }
    let isXFirst = namesXFirst ?? isXFirst
    var rest = axes
    if axes.count == 3 {
      let named = names?.firstIndex { $0 != "x" && $0 != "y" }
      let isLast = named.map { $0 == 2 } ?? (shape[axes[0]] == shape[axes[1]] && shape[axes[1]] != shape[axes[2]])
      sampleAxis = rest.remove(at: isLast ? 2 : named ?? 0)
    } else {
      sampleAxis = nil
    }
    samples = sampleAxis.map { shape[$0] } ?? 1
    spatial = isXFirst ? rest.reversed() : rest
    grid = spatial.map { shape[$0] }
    self.isXFirst = isXFirst
    var notes: [String] = []
    if isXFirst { notes.append("is indexed (x, y) and was transposed to (y, x)") }
    if let sampleAxis, sampleAxis != axes[0] { notes.append("has its samples last; they were moved to the front") }
    note = notes.isEmpty ? nil : notes.joined(separator: " and ")
  }

  /// Some samples, [samples, y, x] row after row.
  func read(_ array: ForeignArray, _ range: Range<Int>, from source: any ArraySource) throws -> [Double] {
    var (start, count) = ([Int](repeating: 0, count: array.shape.count), array.shape)
    if let sampleAxis { (start[sampleAxis], count[sampleAxis]) = (range.lowerBound, range.count) }
    let values = try source.read(array, from: start, count)
    let others = array.shape.indices.filter { $0 != sampleAxis && !spatial.contains($0) }
    return values.permutingAxes(count, others + (sampleAxis.map { [$0] } ?? []) + spatial)
  }
}
