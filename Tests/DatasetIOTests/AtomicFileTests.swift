import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func theNameAppearsWithTheWholeFileAndOrdinaryPermissions() throws {
    let scratch = try Scratch()
    let file = try AtomicFile(creating: scratch.path("a"))
    try file.write("one ")
    #expect(!scratch.contents.contains("a"))
    #expect(scratch.contents.allSatisfy { $0.hasPrefix(".pde-") && $0.hasSuffix(".tmp") })
    try file.write("two")
    try file.publish()
    #expect(scratch.contents == ["a"])
    #expect(try scratch.bytes(of: "a") == Array("one two".utf8))
    // Those of a file made the ordinary way, whatever the umask.
    _ = try scratch.write([1], to: "ordinary")
    #expect(try permissions(scratch.path("a")) == permissions(scratch.path("ordinary")))
  }

  @Test func anExistingFileIsRefusedAndUntouchedUnlessOverwritingIsAllowed() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Array("old".utf8), to: "a")
    #expect(throws: FileError.exists(path: path)) { try AtomicFile(creating: path) }
    let file = try AtomicFile(creating: path, overwrite: true)
    try file.write("new")
    #expect(try scratch.bytes(of: "a") == Array("old".utf8))
    try file.publish()
    #expect(try scratch.bytes(of: "a") == Array("new".utf8))
    #expect(scratch.contents == ["a"])
  }

  @Test func theFileThatIsReplacedKeepsASecondName() throws {
    let scratch = try Scratch()
    for text in ["one", "two", "three"] {
      let file = try AtomicFile(creating: scratch.path("a"), overwrite: true)
      try file.write(text)
      try file.publish(keepingOlderAs: scratch.path("b"))
    }
    #expect(scratch.contents == ["a", "b"])
    #expect(try scratch.bytes(of: "a") == Array("three".utf8))
    #expect(try scratch.bytes(of: "b") == Array("two".utf8))
    // Both names for one file: what an interruption between the two steps leaves.
    unlink(scratch.path("b"))
    #expect(link(scratch.path("a"), scratch.path("b")) == 0)
    let file = try AtomicFile(creating: scratch.path("a"), overwrite: true)
    try file.write("four")
    try file.publish(keepingOlderAs: scratch.path("b"))
    #expect(scratch.contents == ["a", "b"])
    #expect(try scratch.bytes(of: "b") == Array("three".utf8))
  }

  @Test func aNameThatIsTakenMeanwhileIsNotOverwritten() throws {
    let scratch = try Scratch()
    let file = try AtomicFile(creating: scratch.path("a"))
    try file.write("ours")
    let path = try scratch.write(Array("theirs".utf8), to: "a")
    #expect(throws: FileError.exists(path: path)) { try file.publish() }
    #expect(try scratch.bytes(of: "a") == Array("theirs".utf8))
    #expect(scratch.contents == ["a"])
  }

  @Test func droppedFilesLeaveNothing() throws {
    let scratch = try Scratch()
    do {
      let file = try AtomicFile(creating: scratch.path("a"))
      try file.write("half")
      #expect(scratch.contents.count == 1)
    }
    #expect(scratch.contents.isEmpty)
  }

  @Test func aLinkIsFollowedSoThatItsTargetIsReplaced() throws {
    let scratch = try Scratch()
    let target = try scratch.write(Array("old".utf8), to: "target")
    #expect(symlink(target, scratch.path("link")) == 0)
    #expect(failure { try AtomicFile(creating: scratch.path("link")) }?.failureClass == .cannotCreate)
    try AtomicFile.write("new", to: scratch.path("link"), overwrite: true)
    #expect(try scratch.bytes(of: "target") == Array("new".utf8))
    #expect(scratch.contents == ["link", "target"])
  }

  @Test func whatCannotBeCreatedIsSaidBeforeAnyWork() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(atPath: scratch.path("folder"), withIntermediateDirectories: true)
    _ = try scratch.write([1], to: "file")
    let refused =
      [
        "missing/a", "file/a", "folder", "folder/", String(repeating: "n", count: 256),
      ].map(scratch.path) + ["", "/dev/full", "/proc/a"]
    for path in refused {
      let error = failure { try AtomicFile(creating: path, overwrite: true) }
      #expect(error?.failureClass == .cannotCreate, "'\(path)'")
      #expect(error?.description.contains("'\(path)'") == true)
    }
    #expect(scratch.contents == ["file", "folder"])
  }

  @Test func unusualNamesWork() throws {
    let scratch = try Scratch()
    for name in [
      "two words", "Δarcy–ü", "line\nbreak", "100%", "#a?b=c", "http:x", "back\\slash",
      String(repeating: "n", count: 250),
    ] {
      try AtomicFile.write("x", to: scratch.path(name))
      #expect(try scratch.bytes(of: name) == [UInt8(ascii: "x")])
    }
  }

  @Test func aFolderThatVanishesIsAnErrorOfTheWrite() throws {
    let scratch = try Scratch()
    let folder = scratch.path("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = try AtomicFile(creating: folder + "/a")
    try file.write("x")
    try FileManager.default.removeItem(atPath: folder)
    #expect(failure { try file.publish() }?.failureClass == .inputOutput)
  }

  @Test func temporariesOfKilledProcessesAreRemovedAndOthersStay() throws {
    let scratch = try Scratch()
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sh")
    child.arguments = ["-c", "exit 0"]
    try child.run()
    child.waitUntilExit()
    let stale = TemporaryName.unique(process: child.processIdentifier)
    let running = TemporaryName.unique(process: getpid())
    let foreign = ".pde-00000000-\(child.processIdentifier)-1.tmp"
    for name in [stale, running, foreign, ".pde-x.tmp", "mine.tmp"] { _ = try scratch.write([1], to: name) }
    try AtomicFile.write("x", to: scratch.path("a"))
    #expect(scratch.contents == [running, foreign, ".pde-x.tmp", "a", "mine.tmp"].sorted())
  }

  private func permissions(_ path: String) throws -> mode_t {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return status.st_mode & 0o777
  }
}
