import DatasetIO
import Foundation
import NeuralOperators
import Tensors
import Testing
import Training

/// Files of `Tests/Fixtures/Torch`: a state dictionary beside inputs and PyTorch's own answers.
private struct Fixture {
  let path: String
  let tensors: [String: StoredTensor]

  init(_ name: String) throws {
    path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Torch/\(name).pt").path
    tensors = try TorchFile(reading: path).tensors
  }

  func field(_ name: String) throws -> Tensor<Float> {
    guard case .single(let tensor)? = tensors[name] else { throw CocoaError(.fileReadCorruptFile) }
    return tensor
  }

  /// The state dictionary alone, changed, as a safetensors file.
  func changed(in folder: String, _ change: (inout [String: StoredTensor]) -> Void) throws -> String {
    let prefix = "model_state_dict."
    var state = Dictionary(
      uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(prefix) }
        .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    change(&state)
    let path = folder + "/\(UUID().uuidString).safetensors"
    try SafetensorsFile(tensors: state).write(to: path)
    return path
  }
}

private func folder() throws -> String {
  let path = NSTemporaryDirectory() + "/pde-weights-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}

/// Relative to how much the fields vary, which is less than what they are.
private func distance(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Double {
  let mean = b.elements.reduce(0, +) / Float(b.count)
  return (a - b).norm / Tensor(shape: b.shape, elements: b.elements.map { $0 - mean }).norm
}

@Suite struct WeightImportTests {
  /// Single precision and another order of summation: a few 1e-7, far below the 1e-5 that are promised.
  @Test(arguments: [("square", 9, 4), ("tall", 0, 2), ("nyquist", 0, 3), ("channels", 2, 3)])
  func predictionsAreThoseOfPyTorch(name: String, padding: Int, layers: Int) throws {
    let fixture = try Fixture(name)
    let place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let model = try WeightLayout.fourier2d.model(reading: fixture.path, padding: .points(padding))
    #expect(model.configuration.layersPerBlock == layers - 1)
    let names = { (what: String, count: Int) in (0..<count).map { "\(what)\($0)" } }
    let map = FieldMap(
      inputs: names("in", model.configuration.inputChannels), outputs: names("out", model.configuration.outputChannels))
    try RunFolder(place + "/run").store(model, map, from: fixture.path, replacing: false)
    let predictor = try RunFolder(place + "/run").checkpoint(warn: { Issue.record("\($0)") }).predictor()
    let answer = try predictor.predict(try fixture.field("input")).fields
    let error = distance(answer, try fixture.field("output"))
    #expect(error < 1e-5, "\(name): \(error)")

    // The same weights from a safetensors file, without their name in the dictionary, give the same bits.
    let other = try WeightLayout.fourier2d.model(
      reading: try fixture.changed(in: place) { _ in }, padding: .points(padding))
    #expect(zip(model.parameters, other.parameters).allSatisfy { $0.value.elements == $1.value.elements })
  }

  /// What the comparison above would not see if it were loose.
  @Test func aWrongPaddingOrSwappedBlocksAreSeen() throws {
    let fixture = try Fixture("square")
    let place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    func error(_ path: String, padding: Int) throws -> Double {
      let model = try WeightLayout.fourier2d.model(reading: path, padding: .points(padding))
      let predictor = try RunFolder(place + "/\(UUID().uuidString)").stored(model).predictor()
      return distance(try predictor.predict(try fixture.field("input")).fields, try fixture.field("output"))
    }
    #expect(try error(fixture.path, padding: 9) < 1e-5)
    #expect(try error(fixture.path, padding: 8) > 1e-3)
    let swapped = try fixture.changed(in: place) { state in
      (state["spec.0.w1"], state["spec.0.w2"]) = (state["spec.0.w2"], state["spec.0.w1"])
    }
    #expect(try error(swapped, padding: 9) > 1e-3)
  }

  @Test(arguments: [
    "a missing bias", "a tensor too many", "a wrong shape", "integers", "a value that is not finite", "one layer",
    "no model", "two models", "a skip of another width",
  ])
  func weightsOfAnotherModelAreRefused(what: String) throws {
    let fixture = try Fixture("tall")
    let place = try folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let path = try fixture.changed(in: place) { state in
      switch what {
      case "a missing bias": state["w.1.bias"] = nil
      case "a tensor too many": state["norm.weight"] = .single(.zeros([3]))
      case "a wrong shape":
        state["spec.1.w2"] = state["spec.1.w2"].map { .other(.complex64, shape: [3, 3, 2, 4], bytes: bytes($0)) }
      case "integers": state["fc1.bias"] = .integers(shape: [8], values: [Int64](repeating: 0, count: 8))
      case "a value that is not finite": state["fc2.bias"] = .single(Tensor(shape: [1], elements: [.nan]))
      case "one layer": for name in ["spec.1.w1", "spec.1.w2", "w.1.weight", "w.1.bias"] { state[name] = nil }
      case "no model": state["fc0.weight"] = nil
      case "two models": state["other.fc0.weight"] = state["fc0.weight"]
      default: state["w.0.weight"] = .single(.zeros([4, 4, 1, 1]))
      }
    }
    do {
      _ = try WeightLayout.fourier2d.model(reading: path, padding: .points(0))
      Issue.record("\(what) was accepted")
    } catch {
      #expect((error as? any ClassifiedError)?.failureClass == .badData, "\(what): \(error)")
    }
  }

  private func bytes(_ tensor: StoredTensor) -> [UInt8] {
    if case .other(_, _, let bytes) = tensor { bytes } else { [] }
  }
}

extension RunFolder {
  /// The checkpoint of one-channel weights after they have been stored here.
  fileprivate func stored(_ model: NeuralOperator<Tensor<Float>>) throws -> Checkpoint {
    try store(model, .darcy, from: "a test", replacing: false)
    return try checkpoint(warn: { _ in })
  }
}
