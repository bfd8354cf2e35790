public import DatasetIO
public import Tensors

/// What a model was trained on: enough to read matching data and to know which samples it has seen.
public struct DataDescription: Codable, Hashable, Sendable {
  /// The `id` of the file (the hash of its recipe); nil for files without one.
  public var identifier: String?
  /// Variables that are mapped to each other.
  public var map: FieldMap
  /// Points along (y, x); empty for imported weights, which are used on any grid.
  public var grid: [Int]
  /// Samples in the file.
  public var sampleCount: Int
  /// Units of every mapped variable, by name.
  public var units: [String: String]
  /// Positions in the file.
  public var split: DataSplit

  /// The description of weights that come from elsewhere: names of variables, and nothing about the data.
  public init(imported map: FieldMap) {
    self.init(identifier: nil, map: map, grid: [], sampleCount: 0, units: [:], split: .none)
  }

  /// A description from its parts.
  public init(
    identifier: String?, map: FieldMap, grid: [Int], sampleCount: Int, units: [String: String], split: DataSplit
  ) {
    self.identifier = identifier
    self.map = map
    self.grid = grid
    self.sampleCount = sampleCount
    self.units = units
    self.split = split
  }

  /// Positions of a file's samples in one part of the split, if this is the file the model was trained on.
  ///
  /// - Throws: `DataMismatch.otherSamples` for what seems to be a part of that file.
  public func positions(of part: SplitPart, in file: FieldFile) throws -> [Int]? {
    guard let identifier, try file.attribute("id") == identifier else { return nil }
    guard file.sampleCount == sampleCount else {
      throw DataMismatch.otherSamples(path: file.path, found: file.sampleCount, expected: sampleCount)
    }
    switch part {
    case .test: return split.test
    case .validation: return split.validation
    case .train: return split.train
    case .all: return (split.train + split.validation + split.test).sorted()
    }
  }

  /// Checks that a file holds what the model was trained on: the variables, their units and, unless told otherwise, the
  /// grid; and that its samples are numbered as files of this program number them.
  ///
  /// - Throws: `DataMismatch`, `FieldFileError`.
  public func check(_ file: FieldFile, needsOutputs: Bool, needsGrid: Bool = true) throws {
    for name in map.inputs + (needsOutputs ? map.outputs : []) {
      let found = try file.fieldGrid(name)
      guard !needsGrid || grid.isEmpty || found == grid else {
        throw DataMismatch.grid(path: file.path, found: found, expected: grid)
      }
      let units = try file.attribute("units", of: name) ?? "1"
      if let expected = self.units[name], units != expected {
        throw DataMismatch.units(path: file.path, variable: name, found: units, expected: expected)
      }
    }
    let indices = try file.sampleIndices()
    if let (before, after) = zip([-1] + indices, indices).first(where: { $0 >= $1 }) {
      throw DataMismatch.order(path: file.path, before: before, after: after)
    }
  }

  /// What a file's loaded samples are, split by their order among the loaded ones.
  init(_ file: FieldFile, _ loaded: LoadedPairs, _ split: DataSplit) throws {
    identifier = try file.attribute("id")
    map = loaded.map
    grid = loaded.pairs.grid
    sampleCount = file.sampleCount
    let names = map.inputs + map.outputs
    units = try Dictionary(uniqueKeysWithValues: names.map { ($0, try file.attribute("units", of: $0) ?? "1") })
    self.split = split.mapped { loaded.positions[$0] }
  }
}

/// A part of a file's samples.
public enum SplitPart: String, Codable, Sendable, CaseIterable {
  case test, validation, train, all
}

/// Data that do not fit a model.
public enum DataMismatch: ClassifiedError {
  case grid(path: String, found: [Int], expected: [Int])
  case units(path: String, variable: String, found: String, expected: String)
  case otherSamples(path: String, found: Int, expected: Int)
  case order(path: String, before: Int, after: Int)
  case vanishing(path: String, variable: String, sample: Int)
  case noSamples(path: String)

  /// All of these are unusable data.
  public var failureClass: FailureClass { .badData }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .grid(let path, let found, let expected):
      "'\(path)' has \(found.map(String.init).joined(separator: " × ")) points; the model was trained on "
        + "\(expected.map(String.init).joined(separator: " × ")): generate data on that grid, or train on this one"
    case .units(let path, let variable, let found, let expected):
      "'\(variable)' of '\(path)' has units '\(found)'; the model was trained on '\(expected)'"
    case .otherSamples(let path, let found, let expected):
      "'\(path)' has the id of the data the model was trained on but \(found) samples instead of \(expected), so it does "
        + "not say which of them the model has seen; use the whole file or generate another one"
    case .order(let path, let before, let after):
      before < 0
        ? "'\(path)': variable 'sample' begins with \(after); expected indices from 0 on"
        : "'\(path)': variable 'sample' has \(after) after \(before); expected indices that ascend, sort the samples"
    case .vanishing(let path, let variable, let sample):
      "'\(path)': variable '\(variable)' is zero everywhere in sample \(sample), so that no error is relative to it; "
        + "leave that sample out"
    case .noSamples(let path): "'\(path)' has no sample to work on; all failed or the chosen part is empty"
    }
  }
}

/// Pairs of fields read from a file, with the positions they had in it.
public struct LoadedPairs: Sendable {
  /// Which variables were read.
  public let map: FieldMap
  /// The fields, in physical units.
  public let pairs: FieldPairs<Float>
  /// The position of every pair along the file's sample dimension.
  public let positions: [Int]
  /// Samples left out because their solver had not converged.
  public let leftOut: Int

  /// Reads the mapped variables of every usable sample.
  ///
  /// - Throws: `FieldFileError` for variables that are missing, of other dimensions or not finite; `DataMismatch` for a
  ///   target that vanishes.
  public init(reading file: FieldFile, _ map: FieldMap) throws {
    let usable = try file.convergedSamples()
    pairs = try FieldPairs(reading: file, map, samples: usable)
    self.map = map
    positions = usable
    leftOut = file.sampleCount - usable.count
  }
}

extension FieldPairs where Scalar == Float {
  /// Reads the mapped variables of some samples, given by ascending positions.
  ///
  /// - Throws: `FieldFileError` for variables that are missing, of other dimensions or not finite; `DataMismatch` for a
  ///   target that vanishes.
  public init(reading file: FieldFile, _ map: FieldMap, samples: [Int]) throws {
    self.init(
      inputs: try file.channels(map.inputs, samples: samples), targets: try file.channels(map.outputs, samples: samples)
    )
    let stride = targets.sampleStride
    let zero = targets.withUnsafeBuffer { values in
      samples.indices.first { row in values[row * stride..<(row + 1) * stride].allSatisfy { $0 == 0 } }
    }
    if let zero {
      throw DataMismatch.vanishing(
        path: file.path, variable: map.outputs.joined(separator: ", "), sample: samples[zero])
    }
  }
}

extension FieldFile {
  /// Variables as the channels of one tensor (sample, channel, y, x), for samples given by ascending positions.
  ///
  /// - Throws: `FieldFileError` for variables that are missing, of other dimensions, or not finite at one of the samples.
  public func channels(_ names: [String], samples: [Int]) throws -> Tensor<Float> {
    let fields = try names.map { name -> Tensor<Float> in
      guard let first = samples.first, let last = samples.last else {
        return Tensor.zeros([0, 1] + (try fieldGrid(name)))
      }
      // A range that holds samples without values is read with NaN in their place; those rows are not used.
      let isWhole = samples.count == last + 1 - first
      let block: Tensor<Float> = try read(name, samples: first..<last + 1, missing: isWhole ? .refused : .asNaN)
      let rows = isWhole ? block : block.gathering(samples: samples.map { $0 - first })
      if !rows.isFinite {
        // One of the samples that are used has no value: the strict read says where.
        for sample in samples { let _: Tensor<Float> = try read(name, samples: sample..<sample + 1) }
      }
      return rows.reshaped(to: [rows.shape[0], 1] + rows.shape.dropFirst())
    }
    return fields.count == 1 ? fields[0] : Tensor(concatenatingChannels: fields)
  }

  /// Points of a field along (y, x).
  ///
  /// - Throws: `FieldFileError` for a variable that is missing or of other dimensions.
  func fieldGrid(_ name: String) throws -> [Int] {
    let dimensions = try variable(name).dimensions
    let expected = ["sample", "y", "x"]
    guard dimensions.map(\.name) == expected else {
      throw FieldFileError.wrongDimensions(
        path: path, variable: name, found: dimensions.map(\.name), expected: expected)
    }
    return dimensions.dropFirst().map(\.length)
  }
}
