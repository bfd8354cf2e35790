import CNetCDF
import Tensors

/// The variables that go along with the samples.
extension FieldFile {
  /// Reads one real number a sample, such as `label_error`; NaN where the file has none.
  ///
  /// - Throws: `FieldFileError` (`badData`).
  public func reals(_ name: String) throws -> [Double] {
    let variable = try perSample(name)
    let fill = try fillValue(of: variable)
    return try read(variable, from: [0], [sampleCount]).elements.map { $0 == fill ? .nan : $0 }
  }

  /// Reads one whole number a sample, such as `solver_iterations`.
  ///
  /// - Throws: `FieldFileError` (`badData`).
  public func integers(_ name: String) throws -> [Int] {
    let variable = try perSample(name)
    guard [NC_BYTE, NC_SHORT, NC_INT].contains(variable.type) else {
      throw FieldFileError.wrongType(
        path: path, variable: name, found: "real numbers or text", expected: "whole numbers")
    }
    try checkSize(of: variable, [sampleCount], stride: MemoryLayout<Int>.stride)
    var values = [Int32](repeating: 0, count: sampleCount)
    guard !values.isEmpty else { return [] }
    try handle.call("reading '\(name)'") { nc_get_vara_int($0, variable.id, [0], [values.count], &values) }
    return values.map(Int.init)
  }

  /// The index of each realisation; 0, 1, … where the file does not say.
  public func sampleIndices() throws -> [Int] {
    guard has("sample") else { return Array(0..<sampleCount) }
    return try integers("sample")
  }

  /// How the solver of each sample ended, or nil where the file does not say.
  ///
  /// - Throws: `FieldFileError.wrongValue` for a number without meaning.
  public func outcomes() throws -> [SampleOutcome]? {
    let name = SampleVariable.solverOutcome.name
    guard has(name) else { return nil }
    return try integers(name).enumerated().map { sample, value in
      guard let outcome = SampleOutcome(rawValue: value) else {
        throw FieldFileError.wrongValue(
          path: path, variable: name, reason: "is \(value) for sample \(sample); expected 0 to 4")
      }
      return outcome
    }
  }

  /// The positions of the samples whose solver converged; all of them where the file does not say.
  public func convergedSamples() throws -> [Int] {
    guard let outcomes = try outcomes() else { return Array(0..<sampleCount) }
    return outcomes.indices.filter { outcomes[$0] == .converged }
  }

  /// Reads a history a sample, each as long as what happened.
  ///
  /// - Throws: `FieldFileError` (`badData`).
  public func traces(_ name: String) throws -> [[Double]] {
    let variable = try variable(name)
    let expected = ["sample", "iteration"]
    guard variable.dimensions.map(\.name) == expected else {
      throw FieldFileError.wrongDimensions(
        path: path, variable: name, found: variable.dimensions.map(\.name), expected: expected)
    }
    let length = variable.dimensions[1].length
    let fill = try fillValue(of: variable)
    let all = try read(variable, from: [0, 0], [sampleCount, length]).elements
    return (0..<sampleCount).map { sample in
      let row = all[sample * length..<(sample + 1) * length]
      return row.lastIndex { $0 != fill }.map { row[...$0].map { $0 == fill ? .nan : $0 } } ?? []
    }
  }

  private func perSample(_ name: String) throws -> Variable {
    let variable = try variable(name)
    guard variable.dimensions.map(\.name) == ["sample"] else {
      throw FieldFileError.wrongDimensions(
        path: path, variable: name, found: variable.dimensions.map(\.name), expected: ["sample"])
    }
    return variable
  }
}
