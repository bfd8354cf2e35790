import DatasetIO
import Foundation
import Testing

@Suite struct ProcessLockTests {
  @Test func aSecondHolderIsRefusedByNumberAndTheFileGoesWithTheLock() throws {
    let scratch = try Scratch()
    let path = scratch.path("lock")
    do {
      let lock = try ProcessLock(path)
      let isOurs = { (error: any Error) in (error as? ProcessLock.Held)?.process == getpid() }
      #expect { try ProcessLock(path) } throws: { isOurs($0) }
      #expect { try ProcessLock.check(path) } throws: { isOurs($0) }
      withExtendedLifetime(lock) {}
    }
    #expect(scratch.contents.isEmpty)
    try ProcessLock.check(path)
    let next = try ProcessLock(path)
    #expect(try scratch.bytes(of: "lock") == Array("\(getpid())\n".utf8))
    withExtendedLifetime(next) {}
  }

  /// Its number may belong to somebody else by now: here it is that of a process that runs.
  @Test func theFileOfAProcessThatWasKilledIsInNobodysWay() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array("1\nand more of an older file".utf8), to: "lock")
    try ProcessLock.check(path)
    let lock = try ProcessLock(path)
    #expect(try scratch.bytes(of: "lock") == Array("\(getpid())\n".utf8))
    withExtendedLifetime(lock) {}
  }

  @Test func manyWhoTryAtOnceGetItOneAfterAnother() async throws {
    let scratch = try Scratch()
    let path = scratch.path("lock")
    let counter = scratch.path("counter")
    try AtomicFile.write("0", to: counter)
    let wins = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var wins = 0
          for _ in 0..<20 {
            guard let lock = try? ProcessLock(path) else { continue }
            let value = (try? String(contentsOfFile: counter, encoding: .utf8)).flatMap { Int($0) } ?? -1000
            try? AtomicFile.write("\(value + 1)", to: counter, overwrite: true)
            withExtendedLifetime(lock) {}
            wins += 1
          }
          return wins
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wins >= 20)
    #expect(try String(contentsOfFile: counter, encoding: .utf8) == "\(wins)")
  }

  @Test func whereNoFileCanBeMadeThereIsNoLock() throws {
    let scratch = try Scratch()
    #expect(failure { try ProcessLock(scratch.path("none/lock")) }?.failureClass == .cannotCreate)
  }
}
