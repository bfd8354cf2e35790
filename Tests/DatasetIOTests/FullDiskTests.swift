import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

/// Set in the child that runs `FullDiskProbe`.
private let probeVariable = "PDE_FULL_DISK_PROBE"

/// Writing when the space runs out, at many moments: the old file stays whole, the new one leaves nothing.
///
/// A limit on the size of files (RLIMIT_FSIZE) stands for the full disk, because it needs no rights. It holds for the whole
/// process, so the probes run in a child: this test program again, with only `FullDiskProbe` and a variable that enables it.
@Suite struct FullDiskTests {
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/exe"), "no /proc: cannot start this program again"))
  func theOldFileSurvivesAndNothingHalfWrittenStays() throws {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = ["--testing-library", "swift-testing", "--filter", "FullDiskProbe"]
    child.environment = ProcessInfo.processInfo.environment.merging([probeVariable: "1"]) { $1 }
    let pipe = Pipe()
    child.standardOutput = pipe
    child.standardError = pipe
    try child.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    child.waitUntilExit()
    #expect(child.terminationStatus == 0 && child.terminationReason == .exit, "\(output)")
    #expect(output.contains("Test run with 3 tests"), "the probes did not run: \(output)")
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write to a read-only folder"))
  func aReadOnlyFolderIsRefusedAtOnce() throws {
    let scratch = try Scratch()
    #expect(chmod(scratch.folder, 0o555) == 0)
    defer { chmod(scratch.folder, 0o755) }
    let error = failure { try AtomicFile(creating: scratch.path("a")) }
    #expect(error?.failureClass == .cannotCreate)
    #expect(error?.description.contains("'\(scratch.path("a"))'") == true)
  }
}

/// See `FullDiskTests`; not for running by itself.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment[probeVariable] != nil))
struct FullDiskProbe {
  /// Writes over an old file under many limits; returns how often that failed.
  private func probe(sizes: [Int], _ name: String, _ write: (String) throws -> Void) throws -> Int {
    signal(SIGXFSZ, SIG_IGN)
    let scratch = try Scratch()
    let old = Array("the old file".utf8)
    var failures = 0
    for size in sizes {
      let path = try scratch.write(old, to: name)
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let unlimited = limit
      limit.rlim_cur = rlim_t(size)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let error = failure { try write(path) }
      limit = unlimited
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      #expect(scratch.contents == [name], "with \(size) bytes")
      if let error {
        failures += 1
        #expect(error.failureClass == .inputOutput, "with \(size) bytes: \(error)")
        #expect(error.description.contains("'\(path)'") && error.description.contains("File too large"), "\(error)")
        #expect(try scratch.bytes(of: name) == old, "with \(size) bytes")
      } else {
        #expect(try scratch.bytes(of: name) != old, "with \(size) bytes nothing was written and nothing said")
      }
    }
    return failures
  }

  @Test func fieldFile() throws {
    let layout = sampleLayout(y: 32, x: 32)
    let a: Tensor<Float> = randomTensor([16, 32, 32])
    let u: Tensor<Double> = randomTensor([16, 32, 32])
    func write(_ path: String) throws {
      let writer = try FieldFileWriter(
        creating: path, layout: layout, provenance: sampleProvenance, overwrite: true)
      for sample in 0..<16 {
        try writer.append(
          samples: [sample], sampleColumns(a.gathering(samples: [sample]), u.gathering(samples: [sample])))
      }
      try writer.finish()
      #expect(sameBits(try FieldFile(reading: path).read("pressure", as: Double.self), u))
    }
    let scratch = try Scratch()
    try write(scratch.path("f.nc"))
    let size = try scratch.bytes(of: "f.nc").count
    // From not even a header to one byte too few; then exactly enough.
    let sizes = [0, 1, 100, 4096] + (1...40).map { size * $0 / 41 } + [size - 1]
    #expect(try probe(sizes: sizes, "f.nc", write) == sizes.count)
    #expect(try probe(sizes: [size, size + 1], "f.nc", write) == 0)
  }

  @Test func checkpoint() throws {
    let file = SafetensorsFile(tensors: ["w": .single(randomTensor([1000])), "b": .double(randomTensor([10]))])
    let scratch = try Scratch()
    try file.write(to: scratch.path("c"))
    let size = try scratch.bytes(of: "c").count
    let sizes = [0, 1, 8, 100] + (1...20).map { size * $0 / 21 } + [size - 1]
    #expect(try probe(sizes: sizes, "c") { try file.write(to: $0, overwrite: true) } == sizes.count)
    #expect(try probe(sizes: [size], "c") { try file.write(to: $0, overwrite: true) } == 0)
  }

  @Test func log() throws {
    let scratch = try Scratch()
    let path = scratch.path("log.csv")
    let log = try TableLog(path: path, columns: ["epoch"], format: .csv)
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    let unlimited = limit
    limit.rlim_cur = 20
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    let error = failure { for i in 0..<1000 { try log.append([.integer(i)]) } }
    limit = unlimited
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #expect(error?.failureClass == .inputOutput)
    try TableLog(path: path, columns: ["epoch"], format: .csv).append([-1])
    #expect(String(decoding: try scratch.bytes(of: "log.csv"), as: UTF8.self) == "epoch\n0\n1\n2\n3\n4\n5\n6\n-1\n")
  }
}
