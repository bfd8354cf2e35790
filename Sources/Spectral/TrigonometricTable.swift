import Foundation

/// `cos(2πm/n)` and `sin(2πm/n)` for m in `0..<n`, to the last digit and with the circle's symmetries exact.
struct TrigonometricTable {
  let cosine: [Double]
  let sine: [Double]

  init(points n: Int) {
    let values = (0..<n).map { Self.value($0, n) }
    cosine = values.map(\.cosine)
    sine = values.map(\.sine)
  }

  /// The angle is brought into the first octant in integers, so that the argument of the library's function carries one
  /// rounding and zeros (`sin π`, `cos π/2`) come out as zeros.
  private static func value(_ m: Int, _ n: Int) -> (cosine: Double, sine: Double) {
    if 2 * m > n {
      let mirrored = value(n - m, n)
      return (mirrored.cosine, -mirrored.sine)
    }
    // Eighths of a step, so that the reflections below stay integers: angle = 2π·q/(8n).
    let q = 8 * m
    if q > 2 * n {
      let mirrored = firstQuadrant(4 * n - q, n)
      return (-mirrored.cosine, mirrored.sine)
    }
    return firstQuadrant(q, n)
  }

  private static func firstQuadrant(_ q: Int, _ n: Int) -> (cosine: Double, sine: Double) {
    let eighth = Double.pi / Double(4 * n)
    guard q > n else { return (cos(eighth * Double(q)), sin(eighth * Double(q))) }
    return (sin(eighth * Double(2 * n - q)), cos(eighth * Double(2 * n - q)))
  }
}
