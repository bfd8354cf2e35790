import Foundation
import Synchronization

/// How far a long piece of work is: a bar with the time left on a terminal, a line now and then elsewhere.
final class ProgressBar: Sendable {
  private struct State {
    var lastDrawn: DispatchTime?
    var done = 0
    var finished = false
  }

  private let label: String
  private let total: Int
  private let began = DispatchTime.now()
  private let isQuiet: Bool
  private let state = Mutex(State())
  /// Seconds between two updates: many on a terminal, few in a log file.
  private let interval = Terminal.isInteractive ? 0.1 : 30

  /// - Parameters:
  ///   - label: what is being done.
  ///   - total: units of work.
  ///   - done: units that were done before this run, for the estimate.
  init(_ label: String, total: Int, quiet: Bool) {
    self.label = label
    self.total = total
    isQuiet = quiet
  }

  /// Shows that `done` units are done, of which `skipped` before this run; `detail` follows the estimate.
  func update(_ done: Int, skipped: Int = 0, detail: @autoclosure () -> String = "") {
    guard !isQuiet else { return }
    // Workers report as they end, in any order: time is read and lines are written under the lock.
    state.withLock { state in
      let now = DispatchTime.now()
      guard done >= state.done else { return }
      if let last = state.lastDrawn, seconds(from: last, to: now) < interval, done < total { return }
      state.lastDrawn = now
      state.done = done
      draw(done, skipped: skipped, elapsed: seconds(from: began, to: now), detail: detail())
    }
  }

  private func draw(_ done: Int, skipped: Int, elapsed: Double, detail: String) {
    let worked = done - skipped
    let left = worked > 0 ? elapsed / Double(worked) * Double(total - done) : nil
    let fraction = total > 0 ? Double(done) / Double(total) : 1
    let estimate = done >= total ? "in \(Self.duration(elapsed))" : left.map { "\(Self.duration($0)) left" } ?? ""
    let text = "\(label) \(done)/\(total) \(Int(fraction * 100)) %  \(estimate)  \(detail)"
    if Terminal.isInteractive {
      let filled = Int(fraction * 24)
      let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: 24 - filled)
      Terminal.write("\r\u{1B}[2K\(bar) \(text)")
    } else {
      Terminal.write(text + "\n")
    }
  }

  /// Ends the line.
  func finish() {
    let first = state.withLock { state -> Bool in
      defer { state.finished = true }
      return !state.finished
    }
    if first && Terminal.isInteractive && !isQuiet { Terminal.write("\n") }
  }

  private func seconds(from start: DispatchTime, to end: DispatchTime) -> Double {
    Double(end.uptimeNanoseconds - start.uptimeNanoseconds) * 1e-9
  }

  /// A duration in the two largest units that matter.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "?" }
    let whole = Int(seconds.rounded())
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(whole % 60) s"
    default: "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
  }
}
