import Foundation
import Synchronization

/// Keeps freed blocks of memory for the next array of the same size class.
///
/// A training step asks for the same sizes again and again; without this, the operating system would hand out and
/// zero-fill the same pages every step, which costs as much as the arithmetic. The pool never holds more than was in use
/// at the busiest moment: when a request misses and the total would exceed that, all idle blocks are returned first.
final class BufferPool: Sendable {
  static let shared = BufferPool()
  static let alignment = 64

  private struct State {
    var idle: [Int: [UInt]] = [:]
    var idleBytes = 0
    var usedBytes = 0
    var peakBytes = 0
  }

  private let state = Mutex(State())

  /// Rounds up to a size class: steps of an eighth of a power of two, so at most 12.5 % is wasted.
  static func sizeClass(_ bytes: Int) -> Int {
    let minimum = max(bytes, 256)
    let step = 1 << (Int.bitWidth - 1 - minimum.leadingZeroBitCount - 3)
    return (minimum + step - 1) / step * step
  }

  /// A block of at least `bytes` bytes, aligned to 64, contents undefined.
  func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = Self.sizeClass(bytes)
    let reused = state.withLock { state -> UInt? in
      state.usedBytes += size
      state.peakBytes = max(state.peakBytes, state.usedBytes)
      if let block = state.idle[size]?.popLast() {
        state.idleBytes -= size
        return block
      }
      if state.usedBytes + state.idleBytes > 2 * state.peakBytes { Self.releaseIdle(&state) }
      return nil
    }
    if let reused, let pointer = UnsafeMutableRawPointer(bitPattern: reused) { return pointer }
    let isLarge = size >= Self.largePage
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: isLarge ? Self.largePage : Self.alignment)
    #if os(Linux)
      // Channels of a field lie far apart: with small pages every row would cost a search for its page.
      if isLarge { madvise(block, size, MADV_HUGEPAGE) }
    #endif
    return block
  }

  /// Bytes of a large page; blocks of that size ask for them.
  private static let largePage = 2 << 20

  func deallocate(_ pointer: UnsafeMutableRawPointer, _ bytes: Int) {
    let size = Self.sizeClass(bytes)
    state.withLock { state in
      state.usedBytes -= size
      state.idleBytes += size
      state.idle[size, default: []].append(UInt(bitPattern: pointer))
    }
  }

  /// Returns all idle blocks; the peak counts from here on.
  func releaseIdle() {
    state.withLock { state in
      Self.releaseIdle(&state)
      state.peakBytes = state.usedBytes
    }
  }

  private static func releaseIdle(_ state: inout State) {
    for blocks in state.idle.values {
      for block in blocks { UnsafeMutableRawPointer(bitPattern: block)?.deallocate() }
    }
    state.idle.removeAll(keepingCapacity: true)
    state.idleBytes = 0
  }
}

/// Memory for the length of a call, from the pool; its contents are undefined.
public func withScratch<Scalar: TensorScalar, Result>(
  of type: Scalar.Type, count: Int, _ body: (UnsafeMutablePointer<Scalar>) throws -> Result
) rethrows -> Result {
  let bytes = max(count, 1) * MemoryLayout<Scalar>.stride
  let block = BufferPool.shared.allocate(bytes)
  defer { BufferPool.shared.deallocate(block, bytes) }
  return try body(block.bindMemory(to: Scalar.self, capacity: max(count, 1)))
}

/// One owned block of `count` scalars.
final class Storage<Scalar: TensorScalar>: @unchecked Sendable {
  // Unchecked: written only while uniquely referenced (Tensor's copy-on-write), read-only once shared.
  let base: UnsafeMutablePointer<Scalar>
  let count: Int

  init(count: Int) {
    self.count = count
    base = BufferPool.shared.allocate(max(count, 1) * MemoryLayout<Scalar>.stride)
      .bindMemory(to: Scalar.self, capacity: max(count, 1))
  }

  deinit {
    BufferPool.shared.deallocate(UnsafeMutableRawPointer(base), max(count, 1) * MemoryLayout<Scalar>.stride)
  }
}
