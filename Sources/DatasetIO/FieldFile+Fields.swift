import CNetCDF
public import Tensors

extension FieldFile {
  /// What to do about samples without values, those whose solver failed.
  public enum MissingValues: Sendable {
    /// Refuse the read and say where the first one is.
    case refused
    /// Return NaN in their place.
    case asNaN
  }

  /// Reads a field for some samples, [samples, y, x], converted to `Scalar` from whatever precision is stored.
  ///
  /// - Parameters:
  ///   - name: a variable with the dimensions (sample, y, x).
  ///   - samples: positions along the sample dimension; all of them unless told otherwise.
  ///   - units: the units the caller relies on; not looked at when nil.
  ///   - missing: what to do about values that are not there. NaN and infinities that are stored are always refused.
  ///   - type: the precision of the result.
  /// - Throws: `FieldFileError` when the variable is absent, has other dimensions, another type or other units, is too
  ///   large for the file or the memory limit, or holds a value that may not be used; all `badData`.
  /// - Precondition: `samples` lies within `0..<sampleCount`.
  public func read<Scalar: TensorScalar>(
    _ name: String, samples: Range<Int>? = nil, units: String? = nil, missing: MissingValues = .refused,
    as type: Scalar.Type = Scalar.self
  ) throws -> Tensor<Scalar> {
    let variable = try variable(name)
    let expected = ["sample", "y", "x"]
    guard variable.dimensions.map(\.name) == expected else {
      throw FieldFileError.wrongDimensions(
        path: path, variable: name, found: variable.dimensions.map(\.name), expected: expected)
    }
    if let units { try check(units, of: variable) }
    let samples = samples ?? 0..<sampleCount
    precondition(
      samples.lowerBound >= 0 && samples.upperBound <= sampleCount,
      "'\(path)' has \(sampleCount) samples, not \(samples)")
    let shape = [samples.count] + variable.dimensions.dropFirst().map(\.length)
    let fill = try fillValue(of: variable)
    let start = [samples.lowerBound, 0, 0]
    guard var values = try readUnlessOutOfRange(variable, from: start, shape, as: Scalar.self) else {
      return try narrowed(read(name, samples: samples, missing: missing, as: Double.self), of: variable)
    }
    try check(&values, of: variable, first: samples.lowerBound, fill: fill, missing: missing)
    return values
  }

  /// Reads a block of a real variable after checking its size.
  func read(_ variable: Variable, from start: [Int], _ shape: [Int]) throws -> Tensor<Double> {
    guard let values = try readUnlessOutOfRange(variable, from: start, shape, as: Double.self) else {
      throw FieldFileError.wrongValue(
        path: path, variable: variable.name, reason: "holds a number that does not fit double precision")
    }
    return values
  }

  /// Reads a block, or returns nil when a stored value, an infinity for instance, does not fit `Scalar`.
  private func readUnlessOutOfRange<Scalar: TensorScalar>(
    _ variable: Variable, from start: [Int], _ shape: [Int], as type: Scalar.Type
  ) throws -> Tensor<Scalar>? {
    guard variable.isReal else {
      throw FieldFileError.wrongType(
        path: path, variable: variable.name, found: "whole numbers or text", expected: "float or double")
    }
    try checkSize(of: variable, shape, stride: MemoryLayout<Scalar>.stride)
    var fits = true
    let values = try Tensor<Scalar>(shape: shape) { out in
      guard let base = out.baseAddress, !out.isEmpty else { return }
      try handle.call("reading '\(variable.name)'") { id in
        let status = Self.get(id, variable.id, start, shape, base)
        fits = status != NC_ERANGE
        return fits ? status : NC_NOERR
      }
    }
    return fits ? values : nil
  }

  /// The slow way for the rare case: the values are sound, so one of them may be too large for `Scalar`.
  private func narrowed<Scalar: TensorScalar>(_ exact: Tensor<Double>, of variable: Variable) throws -> Tensor<Scalar> {
    let values = Tensor<Scalar>(converting: exact)
    guard let index = values.elements.firstIndex(where: \.isInfinite) else { return values }
    throw FieldFileError.wrongValue(
      path: path, variable: variable.name,
      reason: "holds \(exact.elements[index]), which does not fit single precision; expected less than 3.4e38")
  }

  /// The library converts from the stored precision; the two calls are all that tells the scalar types apart.
  private static func get<Scalar: TensorScalar>(
    _ file: Int32, _ variable: Int32, _ start: [Int], _ count: [Int], _ out: UnsafeMutablePointer<Scalar>
  ) -> Int32 {
    let raw = UnsafeMutableRawPointer(out)
    if Scalar.self == Float.self {
      return nc_get_vara_float(file, variable, start, count, raw.assumingMemoryBound(to: Float.self))
    }
    precondition(Scalar.self == Double.self, "netCDF reads Float or Double, not \(Scalar.self)")
    return nc_get_vara_double(file, variable, start, count, raw.assumingMemoryBound(to: Double.self))
  }

  /// Refuses a read that cannot be served from this file or does not fit the memory limit.
  func checkSize(of variable: Variable, _ shape: [Int], stride: Int) throws {
    let size = ClaimedSize(path: path, name: variable.name, byteCount: byteCount)
    let stored = variable.type == NC_DOUBLE ? 8 : variable.type == NC_FLOAT || variable.type == NC_INT ? 4 : 1
    try size.checkPossible(variable.dimensions.map(\.length), stored)
    try size.checkFits(
      shape, stride, limit: memoryLimit, "the limit for one read is \(memoryLimit); read fewer samples at a time")
    // The library expands one whole chunk even for a single value.
    try size.checkFits(
      try handle.chunkElements(of: variable), stored, limit: max(memoryLimit, 1),
      "its chunks exceed the limit of \(memoryLimit) for one read")
  }

  func fillValue(of variable: Variable) throws -> Double {
    try handle.realAttribute("_FillValue", of: variable) ?? handle.realAttribute("missing_value", of: variable)
      ?? realFill
  }

  private func check(_ units: String, of variable: Variable) throws {
    let found = try attribute("units", of: variable.name)
    guard found == units else {
      throw FieldFileError.wrongUnits(path: path, variable: variable.name, found: found, expected: units)
    }
  }

  private func check<Scalar: TensorScalar>(
    _ values: inout Tensor<Scalar>, of variable: Variable, first: Int, fill: Double, missing: MissingValues
  ) throws {
    let fill = Scalar(fill)
    let (rows, columns) = (values.shape[1], values.shape[2])
    func point(_ index: Int) -> SamplePoint {
      SamplePoint(
        sample: first + index / (rows * columns), point: [index / columns % rows, index % columns])
    }
    // One fast pass decides for nearly every file; the slow ones only look for the culprit.
    let mayHoldFill = fill.isNaN || values.maxAbs >= fill.magnitude
    if values.isFinite && !mayHoldFill { return }
    let found: (missing: Int?, broken: Int?) = values.withUnsafeBuffer { buffer in
      (
        buffer.firstIndex { $0 == fill || $0.isNaN && fill.isNaN },
        buffer.firstIndex { !$0.isFinite && !($0.isNaN && fill.isNaN) }
      )
    }
    if let index = found.broken {
      throw FieldFileError.notFinite(
        path: path, variable: variable.name, at: point(index), value: values.withUnsafeBuffer { Double($0[index]) })
    }
    guard let index = found.missing else { return }
    guard missing == .asNaN else {
      throw FieldFileError.missingValue(path: path, variable: variable.name, at: point(index))
    }
    values.withUnsafeMutableBuffer { buffer in
      for i in index..<buffer.count where buffer[i] == fill { buffer[i] = .nan }
    }
  }
}
