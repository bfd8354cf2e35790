import Foundation
import Synchronization

/// Where time goes, by the name of what is done: a stopwatch around the operations of networks and solvers.
///
/// Off by default and then a single load of a flag. Only the thread that switched it on is watched, which hands the parallel
/// loops out; time spent in an operation inside another counts for the inner one.
public enum Profiler {
  /// One kind of operation.
  public struct Entry: Codable, Hashable, Sendable {
    /// What was done.
    public let name: String
    /// How often.
    public let calls: Int
    /// Seconds in all, without those of operations inside.
    public let seconds: Double

    /// An entry made elsewhere, as for what no operation accounts for.
    public init(name: String, calls: Int, seconds: Double) {
      (self.name, self.calls, self.seconds) = (name, calls, seconds)
    }
  }

  private struct State {
    var thread: pthread_t?
    var totals: [String: (calls: Int, seconds: Double)] = [:]
    /// Seconds that operations inside the running ones have taken, innermost last.
    var inner: [Double] = []
    var began = DispatchTime.now()
  }

  private static let isOn = Atomic<Bool>(false)
  private static let state = Mutex(State())

  /// Starts to watch the calling thread.
  public static func start() {
    state.withLock { $0 = State(thread: pthread_self()) }
    isOn.store(true, ordering: .relaxed)
  }

  /// What was measured since the start, the longest first, and all seconds since then.
  public static func report() -> (entries: [Entry], seconds: Double) {
    state.withLock { state in
      let entries = state.totals.map { Entry(name: $0.key, calls: $0.value.calls, seconds: $0.value.seconds) }
      return (
        entries.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) },
        Double(DispatchTime.now().uptimeNanoseconds - state.began.uptimeNanoseconds) * 1e-9
      )
    }
  }

  /// Runs `body` and adds its time to `name`.
  public static func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    guard isOn.load(ordering: .relaxed), isWatched else { return try body() }
    state.withLock { $0.inner.append(0) }
    let began = DispatchTime.now()
    defer {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9
      state.withLock { state in
        let inner = state.inner.popLast() ?? 0
        let before = state.totals[name] ?? (0, 0)
        state.totals[name] = (before.calls + 1, before.seconds + seconds - inner)
        if let last = state.inner.indices.last { state.inner[last] += seconds }
      }
    }
    return try body()
  }

  private static var isWatched: Bool {
    state.withLock { state in state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }
}
