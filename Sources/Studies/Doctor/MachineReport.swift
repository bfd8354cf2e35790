import DatasetIO
import Foundation
import Plots
import Spectral
public import Tensors

/// What the program runs on and with.
public struct MachineReport: Codable, Sendable {
  /// The operating system.
  public let system: String
  /// The processor, as it names itself.
  public let processor: String
  /// Processors that are active.
  public let processors: Int
  /// Threads that are used.
  public let threads: Int
  /// Bytes of memory.
  public let memory: Int
  /// The instruction set of the kernels.
  public let instructionSet: String
  /// The libraries.
  public let libraries: [LinkedLibrary]

  /// The machine as it is now.
  public init() {
    let process = ProcessInfo.processInfo
    system = process.operatingSystemVersionString
    processor = Self.processorName ?? "unknown"
    processors = process.activeProcessorCount
    threads = Parallel.threads
    memory = Int(clamping: process.physicalMemory)
    instructionSet = Parallel.instructionSet
    libraries =
      [.fourierTransforms, .linearAlgebra] + LinkedLibrary.files + [.checksums, .pictures]
  }

  private static var processorName: String? {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
