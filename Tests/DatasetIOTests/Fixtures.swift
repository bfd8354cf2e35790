import DatasetIO
import Foundation
import Tensors

/// A folder of its own for a test, removed with everything in it afterwards.
final class Scratch {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "pde-datasetio-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Everything in the folder, hidden files too.
  var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  /// Writes a file without flushing it to the disk, which Foundation does and which takes milliseconds a file.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let bytes = Array(bytes)
    unlink(path(name))
    let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    defer { close(descriptor) }
    guard descriptor >= 0, Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw CocoaError(.fileWriteUnknown)
    }
    return path(name)
  }

  func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name)))) }
}

/// A layout with one field in each precision and everything else a file can hold.
func sampleLayout(y: Int, x: Int, kind: GridKind = .vertex) -> FieldFileLayout {
  FieldFileLayout(
    grid: GridAxes(y: GridAxis(count: y, to: 2, kind: kind), x: GridAxis(count: x, kind: kind)),
    fields: [
      FieldVariable("permeability", "permeability", units: "m2"),
      FieldVariable("pressure", "pressure", precision: .double, ancillary: ["solver_outcome", "label_error"]),
    ],
    perSample: [.solverOutcome, .solverIterations, .solverResidual, .labelError],
    traces: [TraceVariable("residual_trace", "relative residual after each iteration", length: 5)],
    description: FileDescription(title: "Test fields", references: "none", comment: "Made by a test."))
}

let sampleProvenance = Provenance(
  program: "pde 0.0", recipe: #"{"grid":43,"seed":0}"#, command: ["pde", "gen", "darcy", "-o", "two words.nc"],
  date: Date(timeIntervalSince1970: 1_700_000_000))

/// The columns of `sampleLayout` for a number of samples.
func sampleColumns(
  _ permeability: Tensor<Float>, _ pressure: Tensor<Double>, outcomes: [SampleOutcome]? = nil
) -> [SampleColumn] {
  let n = permeability.shape[0]
  return [
    .field("permeability", permeability),
    .field("pressure", pressure),
    .outcomes(outcomes ?? Array(repeating: .converged, count: n)),
    .integers("solver_iterations", (0..<n).map { 10 + $0 }),
    .reals("solver_residual", (0..<n).map { 1e-9 * Double($0 + 1) }),
    .reals("label_error", (0..<n).map { $0 == 0 ? .nan : 1 / Double($0) }),
    .traces("residual_trace", (0..<n).map { sample in (0..<min(sample, 5)).map { pow(0.1, Double($0)) } }),
  ]
}

/// Whether two arrays hold the same bits.
func sameBits<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Bool {
  guard a.shape == b.shape else { return false }
  return a.withUnsafeBuffer { x in
    b.withUnsafeBuffer { y in UnsafeRawBufferPointer(x).elementsEqual(UnsafeRawBufferPointer(y)) }
  }
}

/// The error of an expression, for looking at its sentence and its class.
func failure<Value>(of body: () throws -> Value) -> (any ClassifiedError)? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? any ClassifiedError
  }
}
