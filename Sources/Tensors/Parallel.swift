import CKernels

/// Parallel loops on the process's one thread pool.
///
/// Work is cut into pieces whose size depends on the data alone, never on the number of threads, so results are the same
/// bits for any thread count. The pool spins about a millisecond between regions before it sleeps.
public enum Parallel {
  /// The number of threads that take part, the caller included; set once by the program (default 1).
  public static var threads: Int {
    get { Int(ck_threads()) }
    set { ck_set_threads(Int32(clamping: newValue)) }
  }

  /// Runs `body` for every index in `0..<count`; returns when all are done. Nested calls run serially.
  public static func forEach(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1 else {
      if count == 1 { body(0) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      var box = Box(body: escaping)
      withUnsafeMutablePointer(to: &box) { pointer in
        ck_parallel(
          count,
          { context, index in context?.assumingMemoryBound(to: Box.self).pointee.body(index) },
          UnsafeMutableRawPointer(pointer))
      }
    }
  }

  /// Runs `body` for consecutive ranges of `size` elements that cover `0..<count`.
  public static func chunks(of count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    let pieces = (count + size - 1) / size
    forEach(pieces) { piece in body(piece * size..<min(count, (piece + 1) * size)) }
  }

  /// Sums `term` over chunks of `0..<count`, adding the partial sums in order.
  public static func sum(over count: Int, chunk: Int, _ term: (Range<Int>) -> Double) -> Double {
    let pieces = (count + chunk - 1) / chunk
    guard pieces > 1 else { return count == 0 ? 0 : term(0..<count) }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: pieces) { partial in
      chunks(of: count, size: chunk) { partial[$0.lowerBound / chunk] = term($0) }
      return partial.reduce(0, +)
    }
  }

  private struct Box { let body: (Int) -> Void }
}
