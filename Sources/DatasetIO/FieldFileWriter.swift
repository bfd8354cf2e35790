import CNetCDF
import Tensors

/// Writes a file of fields, a few samples at a time; it gets its name when `finish()` succeeds.
///
/// ```swift
/// let writer = try FieldFileWriter(creating: "darcy.nc", layout: layout, provenance: provenance)
/// try writer.append(samples: 0..<4, [
///   .field("permeability", a), .field("pressure", u), .outcomes(outcomes),
/// ])
/// try writer.finish()
/// ```
///
/// Memory does not grow with the number of samples. Without `finish()`, and after any error, nothing is left behind.
public final class FieldFileWriter {
  /// The name the file will have.
  public let path: String
  /// How many samples have been written.
  public private(set) var sampleCount = 0

  private let layout: FieldFileLayout
  private let file: AtomicFile
  private let handle: NetCDFHandle
  private let definition: FieldFileDefinition
  private var lastSample: Int?

  /// Creates a temporary beside `path` and writes everything but the samples.
  ///
  /// - Throws: `FileError` when the file may not be created, `FieldFileError.library` when writing fails.
  public init(
    creating path: String, layout: FieldFileLayout, provenance: Provenance, overwrite: Bool = false
  ) throws {
    layout.checkNames()
    self.path = path
    self.layout = layout
    file = try AtomicFile(creating: path, overwrite: overwrite)
    handle = try NetCDFHandle(creatingAt: file.temporaryPath, named: path)
    definition = try FieldFileDefinition(layout, provenance, in: handle)
  }

  /// Writes the next samples.
  ///
  /// A sample of a field that holds a value that is not finite is stored as missing, all of it, if the outcome given for
  /// it says that the solver failed.
  ///
  /// - Parameters:
  ///   - samples: the index of each realisation, ascending within the file.
  ///   - columns: one for every variable of the layout, in any order.
  /// - Throws: `FieldFileError.unflaggedFailure` for a field that is not finite without such an outcome, `library` when
  ///   writing fails.
  /// - Precondition: the columns are those of the layout and fit the grid and the number of samples.
  public func append(samples: some Collection<Int>, _ columns: [SampleColumn]) throws {
    let samples = Array(samples)
    check(samples, columns)
    guard !samples.isEmpty else { return }
    do {
      try write(samples, columns)
    } catch {
      file.discard()
      throw error
    }
    sampleCount += samples.count
    lastSample = samples.last
  }

  /// Closes the file, flushes it to the disk and gives it its name.
  ///
  /// - Parameter other: a name to give instead, in the same file system.
  /// - Throws: `FieldFileError.library` or `FileError`; nothing is left under the name, or what was there before.
  public func finish(as other: String? = nil) throws {
    do {
      try handle.close()
    } catch {
      file.discard()
      throw error
    }
    if let other { try file.publish(as: other) } else { try file.publish() }
  }

  private func write(_ samples: [Int], _ columns: [SampleColumn]) throws {
    let outcomes = Self.outcomes(in: columns)
    for column in columns {
      guard let variable = definition.variables[column.name] else { continue }
      let rows = Rows(name: column.name, id: variable.id, first: sampleCount, indices: samples, outcomes: outcomes)
      switch (variable.role, column.values) {
      case (.field, .single(let values)): try put(values, rows) { nc_put_vara_float($0, $1, $2, $3, $4) }
      case (.field, .double(let values)): try put(values, rows) { nc_put_vara_double($0, $1, $2, $3, $4) }
      case (.perSample(let sampleVariable), .integers(let values)) where sampleVariable.kind != .real:
        try put(values.map(Int32.init), rows, width: 1) { nc_put_vara_int($0, $1, $2, $3, $4) }
      case (.perSample(let sampleVariable), .reals(let values)) where sampleVariable.kind == .real:
        try put(values.map { $0.isNaN ? realFill : $0 }, rows, width: 1) { nc_put_vara_double($0, $1, $2, $3, $4) }
      case (.trace(let length), .traces(let values)):
        try put(Self.padded(values, to: length), rows, width: length) { nc_put_vara_double($0, $1, $2, $3, $4) }
      default: preconditionFailure("the values given for '\(column.name)' are not of the kind its layout declares")
      }
    }
    let rows = Rows(name: "sample", id: definition.sampleVariable, first: sampleCount, indices: samples, outcomes: nil)
    try put(samples.map(Int32.init), rows, width: 1) { nc_put_vara_int($0, $1, $2, $3, $4) }
  }

  private func check(_ samples: [Int], _ columns: [SampleColumn]) {
    precondition(
      zip([lastSample ?? -1] + samples, samples).allSatisfy { $0 < $1 },
      "sample indices must not be negative and must ascend, found \(samples) after \(lastSample ?? -1)")
    precondition(
      columns.map(\.name).sorted() == definition.variables.keys.sorted(),
      "append needs each of \(definition.variables.keys.sorted()) once, found \(columns.map(\.name))")
  }

  /// The values of `solver_outcome`, where they are given.
  private static func outcomes(in columns: [SampleColumn]) -> [Int]? {
    for column in columns where column.name == SampleVariable.solverOutcome.name {
      if case .integers(let values) = column.values { return values }
    }
    return nil
  }

  private static func padded(_ traces: [[Double]], to length: Int) -> [Double] {
    traces.flatMap { trace in
      precondition(trace.count <= length, "a trace of \(trace.count) entries does not fit \(length)")
      return trace.map { $0.isNaN ? realFill : $0 } + Array(repeating: realFill, count: length - trace.count)
    }
  }

  /// The rows of one variable that an `append` fills.
  private struct Rows {
    let name: String
    let id: Int32
    let first: Int
    let indices: [Int]
    let outcomes: [Int]?
  }

  private typealias Put<Value> = (Int32, Int32, [Int], [Int], UnsafePointer<Value>?) -> Int32

  /// Writes `width` values a sample.
  private func put<Value>(_ values: [Value], _ rows: Rows, width: Int, _ body: Put<Value>) throws {
    precondition(
      values.count == rows.indices.count * width, "'\(rows.name)' needs \(rows.indices.count) rows of \(width) values")
    try handle.call("writing '\(rows.name)'") { id in
      values.withUnsafeBufferPointer {
        body(id, rows.id, [rows.first, 0], [rows.indices.count, width], $0.baseAddress)
      }
    }
  }

  /// Writes a field, samples that failed as missing.
  private func put<Scalar: TensorScalar>(_ values: Tensor<Scalar>, _ rows: Rows, _ body: Put<Scalar>) throws {
    let extents = [layout.grid.y.count, layout.grid.x.count]
    let count = rows.indices.count
    precondition(
      values.shape.first == count && Array(values.shape.suffix(2)) == extents
        && values.count == count * extents[0] * extents[1],
      "'\(rows.name)' has shape \(values.shape); expected \([count] + extents)")
    let stored = values.isFinite ? values : try withFailuresMissing(values, rows)
    try handle.call("writing '\(rows.name)'") { id in
      stored.withUnsafeBuffer { body(id, rows.id, [rows.first, 0, 0], [count] + extents, $0.baseAddress) }
    }
  }

  private func withFailuresMissing<Scalar: TensorScalar>(
    _ values: Tensor<Scalar>, _ rows: Rows
  ) throws -> Tensor<Scalar> {
    var result = values
    let size = values.count / rows.indices.count
    for (row, sample) in rows.indices.enumerated() {
      let isFinite = values.withUnsafeBuffer { all in all[row * size..<(row + 1) * size].allSatisfy(\.isFinite) }
      guard !isFinite else { continue }
      guard let outcome = rows.outcomes?[row], outcome != SampleOutcome.converged.rawValue else {
        throw FieldFileError.unflaggedFailure(path: path, variable: rows.name, sample: sample)
      }
      result.withUnsafeMutableBuffer { $0[row * size..<(row + 1) * size].update(repeating: Scalar(realFill)) }
    }
    return result
  }
}
