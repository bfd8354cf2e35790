import Tensors

/// What the machine can do with the threads in use: the two numbers of a roofline (Williams, Waterman & Patterson 2009,
/// doi:10.1145/1498765.1498785).
public struct MachineSpeed: Sendable {
  /// Bytes a second of `a ← a + s·b` on arrays larger than the caches, 24 bytes an element.
  public let bandwidth: Double
  /// Floating-point operations a second of products of matrices that stay in the cache, in single precision.
  public let operations: Double

  /// Measures both: the best of several passes.
  public static func measured() -> MachineSpeed {
    MachineSpeed(bandwidth: triad(), operations: product())
  }

  /// Seconds that a run takes at least: operations and traffic one after the other; nil without a model of either.
  func limit(_ work: Benchmark.Work) -> Double? {
    guard work.operations != nil || work.bytes != nil else { return nil }
    return (work.operations ?? 0) / operations + (work.bytes ?? 0) / bandwidth
  }

  private static func triad() -> Double {
    let count = 8 << 20
    var a = Tensor<Double>(shape: [count], repeating: 1)
    let b = Tensor<Double>(shape: [count], repeating: 2)
    let best = (0..<8).map { _ in timed { a.add(b, scaledBy: 0.5) }.seconds }.min() ?? .infinity
    return 24 * Double(count) / best
  }

  private static func product() -> Double {
    let (n, repeats) = (128, 64)
    let a = Tensor<Float>(shape: [n, n], repeating: 1)
    let results = (0..<64).map { _ in Tensor<Float>.zeros([n, n]) }
    let passes = (0..<8).map { _ in
      timed {
        Parallel.forEach(results.count) { index in
          var result = results[index]
          a.withUnsafeBuffer { a in
            result.withUnsafeMutableBuffer { c in
              guard let a = a.baseAddress, let c = c.baseAddress else { return }
              for _ in 0..<repeats { Float.kernels.gemm(n, n, n, a, n, 1, a, n, c, n, false) }
            }
          }
        }
      }.seconds
    }
    return 2 * Double(n * n * n) * Double(results.count * repeats) / (passes.min() ?? .infinity)
  }
}
