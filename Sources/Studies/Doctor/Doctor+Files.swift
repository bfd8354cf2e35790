import DatasetIO
import Foundation
import Tensors

extension Doctor {
  /// Fields that are written and read back.
  static let roundTrip = Check("NetCDF, written and read", expected: "the same bits") {
    try inFolder { folder in
      let written = try writeFields(folder + "/fields.nc")
      let read: Tensor<Float> = try FieldFile(reading: folder + "/fields.nc").read("field")
      return written.elements == read.elements ? ("the same bits", true) : ("other bits", false)
    }
  }

  /// A checkpoint that is written and read back, and one of which a bit has changed.
  static let checkpoint = Check("checkpoint, whole and damaged", expected: "the same bits; refused") {
    try inFolder { folder in
      let path = folder + "/weights.safetensors"
      let weights = Tensor<Float>.normal([40, 10], from: RandomStream(seed: 5, purpose: .test))
      try SafetensorsFile(tensors: ["weights": .single(weights)]).write(to: path)
      guard case .single(let read)? = try SafetensorsFile(reading: path, verification: .required).tensors["weights"],
        read.elements == weights.elements
      else { return ("other bits", false) }
      try change(path) { $0[$0.count - 7] ^= 16 }
      return refusal(ending: "the same bits; ") { _ = try SafetensorsFile(reading: path, verification: .required) }
    }
  }

  /// A file that was cut short.
  static let malformedFile = Check("NetCDF, cut short", expected: "refused") {
    try inFolder { folder in
      let path = folder + "/fields.nc"
      _ = try writeFields(path)
      try change(path) { $0.removeLast($0.count / 3) }
      return refusal { _ = try FieldFile(reading: path).read("field", as: Float.self) }
    }
  }

  private static func refusal(ending before: String = "", _ body: () throws -> Void) -> (found: String, passed: Bool) {
    do {
      try body()
      return (before + "taken for whole", false)
    } catch let error as any ClassifiedError where error.failureClass == .badData {
      return (before + "refused", true)
    } catch {
      return (before + "\(error)", false)
    }
  }

  private static func writeFields(_ path: String) throws -> Tensor<Float> {
    let fields = Tensor<Float>.normal([3, 9, 8], from: RandomStream(seed: 4, purpose: .test))
    let writer = try FieldFileWriter(
      creating: path,
      layout: FieldFileLayout(
        grid: GridAxes(y: GridAxis(count: 9, kind: .vertex), x: GridAxis(count: 8, kind: .periodic)),
        fields: [FieldVariable("field", "random numbers")],
        description: FileDescription(title: "Random numbers", references: "none")),
      provenance: Provenance(program: "pde doctor", recipe: "{}", command: ["pde", "doctor"]))
    try writer.append(samples: 0..<3, [.field("field", fields)])
    try writer.finish()
    return fields
  }

  private static func change(_ path: String, _ edit: (inout [UInt8]) -> Void) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    edit(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// A folder for the time of `body`, among the system's temporary ones.
  private static func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? NSTemporaryDirectory()
    let folder = URL(fileURLWithPath: base).appendingPathComponent("pde-doctor-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    // What remains among temporary files harms nobody.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
