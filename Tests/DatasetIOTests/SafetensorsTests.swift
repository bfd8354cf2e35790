import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

private func smallFile() -> SafetensorsFile {
  SafetensorsFile(
    tensors: [
      "lifting.weight": .single(Tensor(shape: [2, 2], elements: [1, -2, .pi, .leastNonzeroMagnitude])),
      "moment": .double(Tensor(shape: [2], elements: [-0.0, 1e300])),
      "step": .integers(shape: [], values: [.min]),
    ], metadata: ["epoch": "3", "note": "a \"quoted\"\n\\ Darcy–Δ"])
}

private func same(_ a: SafetensorsFile, _ b: SafetensorsFile) -> Bool {
  guard a.metadata == b.metadata, Set(a.tensors.keys) == Set(b.tensors.keys) else { return false }
  return a.tensors.allSatisfy { name, tensor in
    switch (tensor, b.tensors[name]) {
    case (.single(let x), .single(let y)): sameBits(x, y)
    case (.double(let x), .double(let y)): sameBits(x, y)
    case (.integers(let s, let x), .integers(let t, let y)): s == t && x == y
    case (.other(let s, let n, let x), .other(let t, let m, let y)): s == t && n == m && x == y
    default: false
    }
  }
}

/// A file as another program would write it: any header text, any data.
private func foreign(_ header: String, data: Int) -> [UInt8] {
  let text = Array(header.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + Array(repeating: 7, count: data)
}

@Suite struct SafetensorsTests {
  @Test func arraysAndMetadataComeBackBitForBit() throws {
    let scratch = try Scratch()
    var file = smallFile()
    file.tensors["large"] = .single(randomTensor([3, 17, 5]))
    file.tensors["empty"] = .double(.zeros([0, 4]))
    file.tensors["also empty"] = .integers(shape: [0], values: [])
    file.tensors["flags"] = .other(.bool, shape: [3], bytes: [1, 0, 1])
    try file.write(to: scratch.path("a.safetensors"))
    let back = try SafetensorsFile(reading: scratch.path("a.safetensors"), verification: .required)
    #expect(same(file, back))
    #expect(sameBits(try back.tensor("large", shape: [3, 17, 5], as: Float.self), randomTensor([3, 17, 5])))
    #expect(try back.integers("step", shape: []) == [.min])
    #expect(scratch.contents == ["a.safetensors"])
  }

  @Test func equalValuesGiveEqualBytesAndAlignedData() throws {
    let scratch = try Scratch()
    try smallFile().write(to: scratch.path("a"))
    try smallFile().write(to: scratch.path("b"))
    let bytes = try scratch.bytes(of: "a")
    #expect(bytes == (try scratch.bytes(of: "b")))
    let header = try SafetensorsFile.header(reading: scratch.path("a"))
    let begin = bytes.count - (header.entries.last?.range.upperBound ?? 0)
    for entry in header.entries {
      #expect((begin + entry.range.lowerBound) % entry.type.width == 0, "\(entry.name) is not aligned")
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let scratch = try Scratch()
    try smallFile().write(to: scratch.path("whole"))
    let bytes = try scratch.bytes(of: "whole")
    for length in 0..<bytes.count {
      let path = try scratch.write(bytes[..<length], to: "cut")
      let error = failure { try SafetensorsFile(reading: path) }
      #expect(error?.failureClass == (length == 0 ? .noInput : .badData), "\(length) of \(bytes.count) bytes")
    }
    let longer = try scratch.write(bytes + [0], to: "longer")
    #expect(failure { try SafetensorsFile(reading: longer) }?.failureClass == .badData)
  }

  @Test func everyFlippedBitIsRefusedOrWithoutConsequence() throws {
    let scratch = try Scratch()
    let original = smallFile()
    try original.write(to: scratch.path("whole"))
    let bytes = try scratch.bytes(of: "whole")
    var accepted = 0
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << bit
        let path = try scratch.write(flipped, to: "flipped")
        do {
          let read = try SafetensorsFile(reading: path)
          accepted += 1
          #expect(same(read, original), "bit \(bit) of byte \(index) changed what was read")
        } catch {
          #expect((error as? any ClassifiedError)?.failureClass == .badData, "bit \(bit) of byte \(index): \(error)")
        }
      }
    }
    // Only white space can change without consequence: a handful of padding bytes at most.
    #expect(accepted <= 16)
  }

  @Test(arguments: [
    (
      "an overlap",
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#
    ),
    (
      "a gap",
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
    ),
    ("data behind the last tensor", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#),
    ("offsets behind the end", #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#),
    ("an offset that is not the first", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#),
    ("a shape that does not fill its bytes", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}"#),
    ("a shape that overflows", #"{"a":{"dtype":"F32","shape":[4611686018427387904,4,3],"data_offsets":[0,12]}}"#),
    (
      "a shape that overflows to zero elements",
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#
    ),
    ("a number of 20 digits", #"{"a":{"dtype":"F32","shape":[18446744073709551619],"data_offsets":[0,12]}}"#),
    ("a sign", #"{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}"#),
    ("a fraction", #"{"a":{"dtype":"F32","shape":[3.0],"data_offsets":[0,12]}}"#),
    ("offsets in the wrong order", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}}"#),
    ("one offset", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[12]}}"#),
    ("an unknown type", #"{"a":{"dtype":"F31","shape":[3],"data_offsets":[0,12]}}"#),
    (
      "a repeated name",
      #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#
    ),
    ("metadata that are not text", #"{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#),
    ("half a surrogate pair", #"{"\ud800":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#),
    ("text behind the header", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}} x"#),
    ("an open object", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}"#),
    ("deep nesting", #"{"a":"# + String(repeating: "[", count: 100_000)),
    ("a list", #"[]"#),
  ])
  func isRefused(what: String, header: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(foreign(header, data: 12), to: "f")
    let error = failure { try SafetensorsFile(reading: path) }
    #expect(error?.failureClass == .badData, "\(what) was accepted")
    // The header alone must be refused as well, before any tensor is read.
    let headerError = failure { try SafetensorsFile.header(reading: path) }
    #expect(headerError?.failureClass == .badData, "\(what) was accepted in the header")
    #expect(error?.description.contains(path) == true)
  }

  @Test func filesOfOtherWritersAreReadAndRefusedWhereChecksumsAreRequired() throws {
    let scratch = try Scratch()
    let header =
      #" {"__metadata__":{"format":"pt"},"\u0061\ud83d\ude00":{"shape":[3],"dtype":"F32","data_offsets":[0,12]}}  "#
    let path = try scratch.write(foreign(String(header.dropFirst()), data: 12), to: "f")
    let file = try SafetensorsFile(reading: path)
    #expect(file.metadata == ["format": "pt"])
    let bits = Float(bitPattern: 0x0707_0707)
    #expect(try file.tensor("a😀", as: Float.self).elements == [bits, bits, bits])
    #expect(throws: SafetensorsError.noChecksums(path: path)) {
      try SafetensorsFile(reading: path, verification: .required)
    }
  }

  @Test func aHeaderThatClaimsTheImpossibleIsRefusedBeforeMemoryIsAskedFor() throws {
    let scratch = try Scratch()
    for claimed: UInt64 in [.max, 1 << 62, 100_000_001, 9] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) } + Array("{}".utf8)
      let path = try scratch.write(bytes, to: "f")
      #expect(failure { try SafetensorsFile(reading: path) }?.failureClass == .badData)
    }
    // A sparse file is as long as it claims, yet must not be read into memory.
    let size = 1 << 42
    let header = #"{"a":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#
    let path = try scratch.write(foreign(header, data: 0), to: "sparse")
    #expect(truncate(path, off_t(8 + header.utf8.count + size)) == 0)
    #expect(failure { try SafetensorsFile(reading: path) }?.failureClass == .badData)
  }

  @Test func wrongRequestsSayWhatWasFound() throws {
    let scratch = try Scratch()
    let path = scratch.path("f")
    try smallFile().write(to: path)
    let file = try SafetensorsFile(reading: path)
    #expect(throws: SafetensorsError.missingTensor(path: path, tensor: "bias", count: 3)) {
      try file.tensor("bias", as: Float.self)
    }
    #expect(throws: SafetensorsError.wrongType(path: path, tensor: "moment", found: "F64", expected: "F32")) {
      try file.tensor("moment", as: Float.self)
    }
    #expect(
      throws: SafetensorsError.wrongShape(path: path, tensor: "lifting.weight", found: [2, 2], expected: [4])
    ) { try file.tensor("lifting.weight", shape: [4], as: Float.self) }
    #expect(failure { try SafetensorsFile(reading: scratch.path("none")) }?.failureClass == .noInput)
    #expect(failure { try SafetensorsFile(reading: scratch.folder) }?.failureClass == .noInput)
    #expect(failure { try file.write(to: path) }?.failureClass == .cannotCreate)
    try file.write(to: path, overwrite: true)
  }
}
