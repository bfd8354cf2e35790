import DatasetIO
import Foundation
import Tensors
import Testing

private func reals(_ file: TorchFile, _ name: String) -> [Float]? {
  guard case .single(let tensor) = file.tensors[name] else { return nil }
  return tensor.elements
}

private func bytes(_ file: TorchFile, _ name: String) -> [UInt8]? {
  guard case .other(_, _, let bytes) = file.tensors[name] else { return nil }
  return bytes
}

@Suite struct TorchFileTests {
  /// Values as the script beside the fixtures makes them; both pickles hold the same.
  @Test(arguments: ["types.pt", "protocol4.pt"])
  func tensorsOfEveryTypeAndStrideComeOutAsPyTorchHoldsThem(name: String) throws {
    let file = try TorchFile(reading: TorchArchive.fixture(name))
    #expect(
      Set(file.tensors.keys) == [
        "row", "transposed", "every other", "scalar", "empty", "double", "long", "bool", "bfloat", "complex",
        "complex double", "parameter", "nested.list.0", "nested.list.1.0", "nested.3.weight", "nested.3.bias",
      ])
    #expect(reals(file, "row") == (0..<24).map(Float.init))
    #expect(file.tensors["row"]?.shape == [2, 3, 4])
    var transposed: [Float] = []
    for k in 0..<4 { for i in 0..<2 { for j in 0..<3 { transposed.append(Float(12 * i + 4 * j + k)) } } }
    #expect(file.tensors["transposed"]?.shape == [4, 2, 3])
    #expect(reals(file, "transposed") == transposed)
    #expect(reals(file, "every other") == [1, 2, 9, 10, 13, 14, 21, 22])
    #expect(file.tensors["scalar"]?.shape == [] && reals(file, "scalar") == [-2.5])
    #expect(file.tensors["empty"]?.shape == [0, 3])
    if case .double(let tensor) = file.tensors["double"] { #expect(tensor.elements == [0.1, -1e300]) }
    if case .integers(_, let values) = file.tensors["long"] { #expect(values == [-(1 << 62), 7]) }
    #expect(file.tensors["double"]?.type == .float64 && file.tensors["long"]?.type == .int64)
    #expect(bytes(file, "bool") == [1, 0, 1])
    #expect(file.tensors["bfloat"]?.type == .bfloat16 && bytes(file, "bfloat") == [0x80, 0x3F, 0, 0xC0])
    #expect(file.tensors["complex"]?.type == .complex64 && file.tensors["complex"]?.shape == [2, 1])
    #expect(
      bytes(file, "complex")?.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == [1, 2, 3, -4])
    #expect(file.tensors["complex double"]?.shape == [2, 2])
    if case .double(let tensor) = file.tensors["complex double"] { #expect(tensor.elements == [1, 2, 3, -4]) }
    #expect(reals(file, "parameter") == [5] && reals(file, "nested.list.1.0") == [4, 5, 6, 7])
  }

  @Test func aHandMadeFileIsReadSoThatTheRefusalsBelowAreForTheirOwnReasons() throws {
    let scratch = try Scratch()
    let sound = TorchArchive.dictionary(TorchArchive.tensor(count: 2, shape: [2], strides: [1]))
    let path = try scratch.write(TorchArchive.file(sound), to: "sound.pt")
    #expect(reals(try TorchFile(reading: path), "w") == [0, 0])
  }

  @Test(arguments: [
    ("posix", "system"), ("os", "system"), ("builtins", "eval"), ("__builtin__", "eval"), ("builtins", "exec"),
    ("subprocess", "Popen"), ("torch", "load"), ("torch.storage", "_load_from_bytes"), ("collections", "defaultdict"),
  ])
  func aPickleThatCallsSomethingElseIsRefusedAndRunsNothing(module: String, name: String) throws {
    let scratch = try Scratch()
    let canary = try scratch.write([7], to: "canary")
    let call =
      TorchArchive.name(module, name) + TorchArchive.text("rm \(canary)") + [0x85, 0x52]
    let path = try scratch.write(TorchArchive.file(TorchArchive.dictionary(call)), to: "evil.pt")
    let error = failure { try TorchFile(reading: path) }
    #expect(error?.failureClass == .badData)
    #expect(error?.description.contains("'\(module).\(name)'") == true, "\(error?.description ?? "accepted")")
    #expect(try scratch.bytes(of: "canary") == [7])
    #expect(scratch.contents == ["canary", "evil.pt"])
  }

  @Test func aFunctionInAFileOfPyTorchItselfIsRefused() {
    let error = failure { try TorchFile(reading: TorchArchive.fixture("function.pt")) }
    #expect(error?.description.contains("posix.system") == true)
    let conjugated = failure { try TorchFile(reading: TorchArchive.fixture("conjugated.pt")) }
    #expect(conjugated?.description.contains("resolve_conj") == true)
  }

  /// Instructions of pickle that make or call objects, and uses of the known ones that are not a tensor's.
  @Test(
    arguments: [
      ("INST", Array("(ios\nsystem\n".utf8)),
      ("OBJ", [0x28] + TorchArchive.name("collections", "OrderedDict") + [0x6F]),
      ("NEWOBJ", TorchArchive.name("collections", "OrderedDict") + [0x29, 0x81]), ("EXT1", [0x82, 1]),
      ("PERSID", Array("Pfoo\n".utf8)), ("FROZENSET", [0x28, 0x91]),
      ("BYTEARRAY8", [0x96] + TorchArchive.little(1, 8) + [0]),
      ("BUILD on a tensor", TorchArchive.tensor(count: 2, shape: [2], strides: [1]) + [0x7D, 0x62]),
      ("a call of a text", TorchArchive.text("os.system") + [0x29, 0x52]),
      ("a call of a storage type", TorchArchive.name("torch", "FloatStorage") + [0x29, 0x52]),
      ("a reference that is no storage", TorchArchive.text("file:///etc/passwd") + [0x51]),
      ("an empty stack", [0x85]), ("a mark that is not there", [0x74]), ("an unknown memory", [0x68, 9]),
      ("a list taken for a dictionary", [0x5D, 0x4E, 0x4E, 0x73]), ("an integer of 255 bytes", [0x8A, 255]),
    ] as [(String, [UInt8])])
  func anUnknownInstructionIsRefused(what: String, value: [UInt8]) throws {
    let scratch = try Scratch()
    let path = try scratch.write(TorchArchive.file(TorchArchive.dictionary(value)), to: "f.pt")
    #expect(failure { try TorchFile(reading: path) }?.failureClass == .badData, "\(what) was accepted")
  }

  @Test(arguments: [
    ("a storage of 10¹² elements", 1_000_000_000_000, 0, [1_000_000, 1_000_000], [1_000_000, 1]),
    ("10¹² elements of a storage of 2", 2, 0, [1_000_000_000_000], [1]),
    ("10¹² times the same element", 2, 0, [1_000_000_000_000], [0]),
    ("a shape that overflows", 2, 0, [1 << 40, 1 << 40], [0, 0]),
    ("a shape that overflows to zero", 2, 0, [1 << 32, 1 << 32, 0], [1, 1, 1]),
    ("strides that overflow", 2, 0, [2, 2], [.max, .max]), ("a negative stride", 2, 1, [2], [-1]),
    ("a negative extent", 2, 0, [-1], [1]), ("a negative offset", 2, -1, [2], [1]),
    ("an offset behind", 2, 1, [2], [1]),
    ("an offset that overflows", 2, Int.max, [2], [1]), ("more strides than axes", 2, 0, [2], [1, 1]),
    ("a storage longer than its entry", 3, 0, [3], [1]), ("a storage shorter than its entry", 1, 0, [1], [1]),
    ("a storage whose bytes overflow", .max, 0, [1], [1]), ("a negative storage", -2, 0, [0], [1]),
  ])
  func aClaimOfMoreThanTheFileHasIsRefusedAtOnce(
    what: String, count: Int, offset: Int, shape: [Int], strides: [Int]
  ) throws {
    let scratch = try Scratch()
    let tensor = TorchArchive.tensor(count: count, offset: offset, shape: shape, strides: strides)
    let path = try scratch.write(TorchArchive.file(TorchArchive.dictionary(tensor)), to: "f.pt")
    let began = Date()
    #expect(failure { try TorchFile(reading: path) }?.failureClass == .badData, "\(what) was accepted")
    // Filling what the largest claims would take needs minutes.
    #expect(Date().timeIntervalSince(began) < 1)
  }

  @Test func containersThatAreDeepEndlessOrRepeatEachOtherAreRefusedAtOnce() throws {
    let scratch = try Scratch()
    func run(_ code: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: code, count: count) }
    let deep = TorchArchive.start + run(0x5D, 500_000) + run(0x61, 499_999)
    let endless: [UInt8] = TorchArchive.start + [0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]
    // Each list holds the one before twice: 2²⁰ values in the last, 2²¹ in all.
    var repeated: [UInt8] = TorchArchive.start + [0x28, 0x5D, 0x71, 0]
    for _ in 0..<20 { repeated += [0x28, 0x68, 0, 0x68, 0, 0x74, 0x71, 0] as [UInt8] }
    let wide = TorchArchive.start + run(0x28, 3_000_000)
    let began = Date()
    let cases: [(pickle: [UInt8], reason: String)] = [
      (deep + [0x2E], "nested"), (endless, "nested"), (repeated + [0x74, 0x2E], "too many values"),
      (wide + [0x2E], "more than 1000000 values"),
    ]
    for (pickle, reason) in cases {
      let path = try scratch.write(TorchArchive.file(pickle), to: "f.pt")
      let error = failure { try TorchFile(reading: path) }
      #expect(error?.failureClass == .badData && error?.description.contains(reason) == true, "\(reason)")
    }
    #expect(Date().timeIntervalSince(began) < 10)
  }

  @Test func theLimitOfMemoryCountsTheFileAndWhatItsTensorsTakeTogether() throws {
    let scratch = try Scratch()
    // The same eight bytes a thousand and one times.
    let tensor = TorchArchive.tensor(count: 2, shape: [2], strides: [1]) + [0x71, 0]
    var plain: [UInt8] = TorchArchive.start + [0x7D, 0x28] + TorchArchive.text("w") + tensor
    for index in 0..<1000 { plain += TorchArchive.text("\(index)") + [0x68, 0] }
    plain += [0x75, 0x2E]
    let bytes = TorchArchive.file(plain)
    let path = try scratch.write(bytes, to: "f.pt")
    #expect(try TorchFile(reading: path).tensors.count == 1001)
    #expect(failure { try TorchFile(reading: path, memoryLimit: 8000) }?.failureClass == .badData)
    #expect(failure { try TorchFile(reading: path, memoryLimit: bytes.count - 1) }?.failureClass == .badData)
    #expect(failure { try TorchFile(reading: path, memoryLimit: max(8008, bytes.count)) } == nil)
  }

  @Test func everyTruncationIsRefused() throws {
    let scratch = try Scratch()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TorchArchive.fixture("types.pt"))))
    for length in 0..<bytes.count {
      let path = try scratch.write(bytes[..<length], to: "cut.pt")
      let error = failure { try TorchFile(reading: path) }
      #expect(error?.failureClass == (length == 0 ? .noInput : .badData), "\(length) of \(bytes.count) bytes")
    }
  }

  /// Checksums guard the entries, so the second half of the test leaves them out: what remains is the reader's own care.
  @Test(arguments: [true, false]) func everyFlippedBitIsRefusedOrGivesTensors(checked: Bool) throws {
    let scratch = try Scratch()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: TorchArchive.fixture("types.pt"))))
    let signature: [UInt8] = [0x50, 0x4B, 1, 2]
    let directory = (0..<bytes.count - 46).filter { Array(bytes[$0..<$0 + 4]) == signature }
    let first = try #require(directory.first)
    if !checked { for place in directory { for byte in 16..<20 { bytes[place + byte] = 0 } } }
    var accepted = 0
    for index in Array(0..<2048) + Array(first..<bytes.count) {
      for bit in 0..<8 {
        bytes[index] ^= 1 << bit
        defer { bytes[index] ^= 1 << bit }
        let path = try scratch.write(bytes, to: "flipped.pt")
        do {
          accepted += try TorchFile(reading: path).tensors.isEmpty ? 0 : 1
        } catch {
          #expect((error as? any ClassifiedError)?.failureClass == .badData, "bit \(bit) of byte \(index): \(error)")
        }
      }
    }
    // With checksums nothing of the pickle, which fills most of the first bytes, can change unnoticed.
    if checked { #expect(accepted < 8 * (bytes.count - first)) } else { #expect(accepted > 0) }
  }
}
