import Foundation

/// Resident memory of the process, as Linux tells it; nil elsewhere.
public enum MemoryUse {
  /// What is resident now, in MiB.
  public static var resident: Double? { status("VmRSS:") }

  /// The most that was resident since the last `resetPeak()`, in MiB.
  public static var peak: Double? { status("VmHWM:") }

  /// Starts the measurement of the peak again.
  public static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// Returns the memory of freed tensors, kept for the next of the same size, to the system.
  public static func releaseIdle() { BufferPool.shared.releaseIdle() }

  private static func status(_ key: String) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return kibibytes / 1024
  }
}
