import DatasetIO
import Foundation
import Testing

/// What is written for TensorBoard, decoded by code that shares nothing with the writer.
@Suite struct EventFileTests {
  @Test func everyRecordCarriesItsChecksumsAndItsScalars() throws {
    // Test vectors of RFC 3720, appendix B.4.
    #expect(castagnoli(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(castagnoli(Array(0..<32)) == 0x46DD_794E)

    let scratch = try Scratch()
    let path = scratch.path("events.out.tfevents.test")
    for attempt in 0..<2 {
      // Opened again, the file begins anew.
      let file = try EventFile(path: path)
      try file.append([("error/train", 0.25), ("rate", 4e-3)], step: 300, time: 12.5)
      try file.append([("error/train", .infinity)], step: 600 + attempt, time: 25)
    }
    let events = try records(scratch.bytes(of: "events.out.tfevents.test")).map { try fields($0) }
    #expect(events.count == 3)
    #expect(events[0][3]?.first == .bytes(Array("brain.Event:2".utf8)) && events[0][1]?.first == .wide(0))
    #expect(events[1][1]?.first == .wide(12.5.bitPattern) && events[1][2]?.first == .variable(300))
    #expect(try scalars(events[1]) == [Scalar(tag: "error/train", value: 0.25), Scalar(tag: "rate", value: 4e-3)])
    #expect(events[2][2]?.first == .variable(601))
    #expect(try scalars(events[2]) == [Scalar(tag: "error/train", value: .infinity)])
  }

  private struct Scalar: Equatable {
    let tag: String
    let value: Float
  }

  private enum Field: Equatable {
    case variable(UInt64)
    case wide(UInt64)
    case narrow(UInt32)
    case bytes([UInt8])
  }

  private func scalars(_ event: [Int: [Field]]) throws -> [Scalar] {
    guard case .bytes(let summary)? = event[5]?.first else { return [] }
    return try (fields(summary)[1] ?? []).compactMap { entry in
      guard case .bytes(let bytes) = entry else { return nil }
      let value = try fields(bytes)
      guard case .bytes(let tag)? = value[1]?.first, case .narrow(let bits)? = value[2]?.first else { return nil }
      return Scalar(tag: String(decoding: tag, as: UTF8.self), value: Float(bitPattern: bits))
    }
  }

  /// The records of a file, each checksum recomputed bit by bit.
  private func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var (rest, result) = (bytes[...], [[UInt8]]())
    while !rest.isEmpty {
      let head = Array(rest.prefix(12))
      let length = Int(number(head[..<8]))
      try #require(UInt32(number(head[8...])) == masked(castagnoli(Array(head[..<8]))))
      let content = Array(rest.dropFirst(12).prefix(length))
      try #require(UInt32(number(rest.dropFirst(12 + length).prefix(4))) == masked(castagnoli(content)))
      result.append(content)
      rest = rest.dropFirst(16 + length)
    }
    return result
  }

  private func number(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func masked(_ value: UInt32) -> UInt32 { ((value >> 15) | (value << 17)) &+ 0xA282_EAD8 }

  private func castagnoli(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = ~0
    for byte in bytes {
      for bit in 0..<8 {
        let odd = (remainder ^ UInt32(byte >> bit)) & 1 == 1
        remainder = odd ? (remainder >> 1) ^ 0x82F6_3B78 : remainder >> 1
      }
    }
    return ~remainder
  }

  private func fields(_ bytes: [UInt8]) throws -> [Int: [Field]] {
    var (rest, result) = (bytes[...], [Int: [Field]]())
    func variable() throws -> UInt64 {
      let end = try #require(rest.firstIndex { $0 < 128 })
      defer { rest = rest[(end + 1)...] }
      return rest[...end].reversed().reduce(0) { $0 << 7 | UInt64($1 & 127) }
    }
    while !rest.isEmpty {
      let key = Int(try variable())
      func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      let field: Field =
        switch key & 7 {
        case 0: .variable(try variable())
        case 1: .wide(number(take(8)))
        case 2: .bytes(take(Int(try variable())))
        default: .narrow(UInt32(number(take(4))))
        }
      result[key >> 3, default: []].append(field)
    }
    return result
  }
}
