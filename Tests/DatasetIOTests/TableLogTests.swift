import DatasetIO
import Foundation
import Testing

@Suite struct TableLogTests {
  private func text(_ scratch: Scratch, _ name: String) throws -> String {
    String(decoding: try scratch.bytes(of: name), as: UTF8.self)
  }

  @Test func bothFormatsHoldEveryDigitAndOneRowALine() throws {
    let scratch = try Scratch()
    let values: [LogValue] = [3, .real(0.1 + 0.2), .real(.nan), .real(-.infinity), "a,\"b\"\nc", .none]
    for (name, format) in [("a.csv", TableLog.Format.csv), ("a.jsonl", .jsonLines)] {
      let log = try TableLog(
        path: scratch.path(name), columns: ["epoch", "loss", "error", "bound", "note", "rest"], format: format)
      try log.append(values)
    }
    #expect(
      try text(scratch, "a.csv")
        == "epoch,loss,error,bound,note,rest\n3,0.30000000000000004,nan,-inf,\"a,\"\"b\"\" c\",\n")
    #expect(
      try text(scratch, "a.jsonl")
        == #"{"epoch":3,"loss":0.30000000000000004,"error":null,"bound":null,"note":"a,\"b\"\u000ac","rest":null}"#
        + "\n")
    struct Row: Decodable {
      var loss: Double
      var error: Double?
      var note: String
    }
    let row = try CanonicalJSON.decode(Row.self, from: text(scratch, "a.jsonl"))
    #expect(row.loss == 0.1 + 0.2 && row.error == nil && row.note == "a,\"b\"\nc")
  }

  @Test func everyRowIsInTheFileBeforeAppendReturns() throws {
    let scratch = try Scratch()
    let log = try TableLog(path: scratch.path("a"), columns: ["x"], format: .csv)
    for i in 0..<3 {
      try log.append([.integer(i)])
      #expect(try text(scratch, "a").hasSuffix("\(i)\n"))
    }
  }

  /// Whatever a power cut leaves of the last lines, reopening removes the broken one and appending goes on behind a whole one.
  @Test(arguments: [TableLog.Format.csv, .jsonLines])
  func aBrokenLastLineIsRemovedWherever(format: TableLog.Format) throws {
    let scratch = try Scratch()
    let whole: [UInt8] = try {
      let log = try TableLog(path: scratch.path("whole"), columns: ["epoch", "loss"], format: format)
      for i in 0..<3 { try log.append([.integer(i), .real(1 / Double(i + 3))]) }
      return try scratch.bytes(of: "whole")
    }()
    let lines = String(decoding: whole, as: UTF8.self).split(separator: "\n")
    for length in 0...whole.count {
      let path = try scratch.write(whole[..<length], to: "cut")
      let log = try TableLog(path: path, columns: ["epoch", "loss"], format: format)
      try log.append([7, .none])
      let kept = whole[..<length].count { $0 == UInt8(ascii: "\n") }
      let first = format == .csv ? max(kept, 1) : kept
      let last = format == .csv ? "7," : #"{"epoch":7,"loss":null}"#
      #expect(try text(scratch, "cut") == (lines.prefix(first) + [last[...]]).map { $0 + "\n" }.joined())
    }
  }

  @Test func aResumedRunDropsTheRowsItWillWriteAgain() throws {
    let scratch = try Scratch()
    for format in [TableLog.Format.csv, .jsonLines] {
      let path = scratch.path("\(format)")
      let first = try TableLog(path: path, columns: ["epoch"], format: format)
      for i in 0..<5 { try first.append([.integer(i)]) }
      let unbroken = try scratch.bytes(of: "\(format)")
      let resumed = try TableLog(path: path, columns: ["epoch"], format: format, existing: .firstRows(3))
      for i in 3..<5 { try resumed.append([.integer(i)]) }
      #expect(try scratch.bytes(of: "\(format)") == unbroken)
      let replaced = try TableLog(path: path, columns: ["epoch"], format: format, existing: .replaced)
      for i in 0..<5 { try replaced.append([.integer(i)]) }
      #expect(try scratch.bytes(of: "\(format)") == unbroken)
    }
  }

  @Test func otherColumnsAndFullDisksAreErrors() throws {
    let scratch = try Scratch()
    let path = scratch.path("a")
    try TableLog(path: path, columns: ["epoch"], format: .csv).append([1])
    #expect(throws: TableLogError.columns(path: path, found: "epoch", expected: "epoch,loss")) {
      try TableLog(path: path, columns: ["epoch", "loss"], format: .csv)
    }
    #expect(try text(scratch, "a") == "epoch\n1\n")
    #expect(
      failure { try TableLog(path: scratch.path("none/a"), columns: ["x"], format: .csv) }?.failureClass
        == .cannotCreate)
    #expect(failure { try TableLog(path: "/dev/full", columns: ["x"], format: .csv) }?.failureClass == .inputOutput)
  }
}
