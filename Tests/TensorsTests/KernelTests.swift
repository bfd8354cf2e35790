import RealModule
import TestSupport
import Tensors
import Testing

@Suite struct KernelTests {
  /// Odd counts leave a remainder in every vector width.
  private let x: Tensor<Double> = randomTensor([1003], stream: 1).scaled(by: 3)

  private func worst(
    _ kernel: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void, _ exact: (Double) -> Double,
    over values: [Float], relative: Bool
  ) -> Double {
    var out = [Float](repeating: 0, count: values.count)
    kernel(values.count, values, &out)
    return zip(values, out).map { value, result in
      let expected = exact(Double(value))
      return abs(Double(result) - expected) / (relative ? abs(expected) : 1)
    }.max() ?? 0
  }

  /// Polynomials in single precision: a few units in the last place.
  @Test func singlePrecisionFunctionsAreAccurateOverTheirRange() {
    let wide = (0..<20_001).map { Float($0 - 10_000) / 400 }
    #expect(worst(Float.kernels.exp, Double.exp, over: wide, relative: true) < 3e-7)
    #expect(worst(Float.kernels.tanh, Double.tanh, over: wide.filter { $0 != 0 }, relative: true) < 5e-7)
  }

  /// GELU and its slope to single precision of the argument: the scale of the sums that they are terms of.
  @Test func geluIsAccurateToTheScaleOfItsArgument() {
    let values = (0..<20_001).map { Float($0 - 10_000) / 400 }
    let normal = { (x: Double) in 0.5 * Double.erfc(-x / 2.0.squareRoot()) }
    var (out, slope) = (values, values)
    let kernels = Float.kernels
    kernels.geluSlope(values.count, values, &out, &slope)
    for (index, value) in values.enumerated() {
      let x = Double(value)
      let exactSlope = normal(x) + x * Double.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      #expect(abs(Double(out[index]) - x * normal(x)) < 4e-7 * max(1, abs(x)), "gelu(\(value))")
      #expect(abs(Double(slope[index]) - exactSlope) < 1.2e-6, "gelu'(\(value))")
    }
    // One function, whatever the kernel.
    var (alone, pulled) = (values, values)
    kernels.gelu(values.count, values, &alone)
    kernels.geluPullback(values.count, values, [Float](repeating: 1, count: values.count), &pulled)
    #expect(alone == out && pulled == slope)
  }

  @Test func overflowAndUnderflowGiveInfinityAndZeroAndNaNStays() {
    let input: [Float] = [200, -200, .nan, .infinity, -.infinity]
    var out = [Float](repeating: 7, count: 5)
    Float.kernels.exp(5, input, &out)
    #expect(out[0] == .infinity && out[1] == 0 && out[2].isNaN && out[3] == .infinity && out[4] == 0)
    Float.kernels.gelu(3, input, &out)
    #expect(out[0] == 200 && out[1] == 0 && out[2].isNaN)
  }

  @Test func aKernelMayWriteOverItsInput() {
    var inPlace = Tensor<Float>(converting: x)
    let apart = inPlace.mapped(Float.kernels.gelu)
    inPlace.withUnsafeMutableBuffer { buffer in
      if let p = buffer.baseAddress { Float.kernels.gelu(buffer.count, p, p) }
    }
    #expect(inPlace.elements == apart.elements)
  }

  @Test func reductionsAreAccurateAndSeeNonfiniteNumbersAnywhere() {
    let values = x.elements
    #expect(abs(x.sum() - values.reduce(0, +)) < 1e-11)
    #expect(abs(x.dot(x) - values.reduce(0) { $0 + $1 * $1 }) < 1e-10)
    #expect(x.maxAbs == values.map(abs).max())
    for position in [0, 15, 16, 1002] {
      for bad in [Double.nan, .infinity, -.infinity] {
        var broken = x
        broken[position] = bad
        #expect(!broken.isFinite)
      }
    }
    #expect(x.isFinite)
  }

  @Test func combinationsAddEveryVectorWithItsFactor() {
    let vectors = (1..<5).map { randomTensor([77], stream: $0) as Tensor<Double> }
    let factors = [0.5, -2, 3, 1]
    let expected = zip(vectors, factors).reduce(Tensor<Double>.zeros([77])) { $0 + $1.0.scaled(by: $1.1) }
    let combined = Tensor<Double>(shape: [77]) { out in
      let pointers = vectors.map { $0.withUnsafeBuffer { $0.baseAddress } }
      if let y = out.baseAddress {
        withExtendedLifetime(vectors) { Double.kernels.combine(77, 4, pointers, factors, y) }
      }
    }
    #expect(relativeError(combined, expected) < 1e-15)
  }

  /// Complex products per mode by their definition, with a number of modes that leaves a remainder, and their transposes.
  @Test func modeProductsMatchTheDefinition() {
    let (batch, rows, columns, modes) = (5, 3, 3, 19)
    let x: Tensor<Double> = randomTensor([batch, rows, 2, modes], stream: 3)
    let w: Tensor<Double> = randomTensor([rows, columns, 2, modes], stream: 4)
    for conjugate in [false, true] {
      var out = Tensor<Double>.zeros([batch, columns, 2, modes])
      let line = 2 * modes
      x.withUnsafeBuffer { x in
        w.withUnsafeBuffer { w in
          out.withUnsafeMutableBuffer { y in
            guard let x = x.baseAddress, let w = w.baseAddress, let y = y.baseAddress else { return }
            withScratch(of: Double.self, count: Double.kernels.modesScratch(batch, rows, columns)) { scratch in
              Double.kernels.modes(
                batch, rows, columns, modes, x, x + modes, rows * line, line, w, w + modes, columns * line, line, y,
                y + modes, columns * line, line, conjugate, scratch)
            }
          }
        }
      }
      for b in 0..<batch {
        for o in 0..<columns {
          for k in 0..<modes {
            let sign = conjugate ? -1.0 : 1
            let re = (0..<rows).reduce(0) {
              $0 + x[b, $1, 0, k] * w[$1, o, 0, k] - sign * x[b, $1, 1, k] * w[$1, o, 1, k]
            }
            let im = (0..<rows).reduce(0) {
              $0 + sign * x[b, $1, 0, k] * w[$1, o, 1, k] + x[b, $1, 1, k] * w[$1, o, 0, k]
            }
            #expect(abs(out[b, o, 0, k] - re) < 1e-13 && abs(out[b, o, 1, k] - im) < 1e-13)
          }
        }
      }
    }
  }
}
