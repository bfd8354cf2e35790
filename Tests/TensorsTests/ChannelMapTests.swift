import TestSupport
import Tensors
import Testing

@Suite struct ChannelMapTests {
  /// Points that fill no block and no vector, more than one piece; channels that fill no tile.
  private let points = 4096 + 517

  private func slow(
    _ x: Tensor<Double>, _ w: Tensor<Double>, _ b: Tensor<Double>, plus addends: [Tensor<Double>] = []
  ) -> Tensor<Double> {
    let (samples, inputs, points, outputs) = (x.shape[0], x.shape[1], x.shape[2], b.count)
    return Tensor(shape: [samples, outputs, points]) { out in
      for s in 0..<samples {
        for o in 0..<outputs {
          for p in 0..<points {
            var sum = b.elements[o] + addends.reduce(0) { $0 + $1[s, o, p] }
            for i in 0..<inputs { sum += w[o, i] * x[s, i, p] }
            out[(s * outputs + o) * points + p] = sum
          }
        }
      }
    }
  }

  @Test func aMapOfTwoTermsMatchesItsDefinition() {
    let n = 600
    let x: Tensor<Double> = randomTensor([2, 3, n], stream: 1)
    let y: Tensor<Double> = randomTensor([2, 5, n], stream: 2)
    let (u, v): (Tensor<Double>, Tensor<Double>) = (randomTensor([7, 3], stream: 3), randomTensor([7, 5], stream: 4))
    let b: Tensor<Double> = randomTensor([7], stream: 5)
    let a: Tensor<Double> = randomTensor([2, 7, n], stream: 6)
    let c: Tensor<Double> = randomTensor([2, 7, n], stream: 7)
    let exact = slow(x, u, b, plus: [a, c]) + slow(y, v, .zeros([7]))
    let map = ChannelMap([(x, u), (y, v)], bias: b, addends: [a, c])
    #expect(relativeError(map.apply(gelu: false).result, exact) < 1e-14)
    let (activated, slope) = map.apply(gelu: true, keepingSlope: true)
    #expect(relativeError(activated, exact.mapped(Double.kernels.gelu)) < 1e-14)
    let ones = Tensor<Double>(shape: exact.shape, repeating: 1)
    #expect(relativeError(slope ?? ones, exact.zipped(with: ones, Double.kernels.geluPullback)) < 1e-13)
  }

  /// `⟨c, M x⟩` is linear in everything: each cotangent is its coefficient.
  @Test func thePullbackIsTheTranspose() {
    let x: Tensor<Double> = randomTensor([2, 6, points], stream: 1)
    let w: Tensor<Double> = randomTensor([5, 6], stream: 2)
    let b: Tensor<Double> = randomTensor([5], stream: 3)
    let c: Tensor<Double> = randomTensor([2, 5, points], stream: 4)
    let slope: Tensor<Double> = randomTensor([2, 5, points], stream: 5)
    let bars = ChannelMap([(x, w)], bias: b).pullback(
      c, slope: slope, wanted: (inputs: [true], weights: true, bias: true))
    let inner = c * slope
    let value = inner.dot(ChannelMap([(x, w)], bias: .zeros([5])).apply(gelu: false).result)
    #expect(abs((bars.inputs[0]?.dot(x) ?? 0) / value - 1) < 1e-12)
    #expect(abs((bars.weights[0]?.dot(w) ?? 0) / value - 1) < 1e-12)
    let withBias = inner.dot(ChannelMap([(x, .zeros([5, 6]))], bias: b).apply(gelu: false).result)
    #expect(abs((bars.bias?.dot(b) ?? 0) / withBias - 1) < 1e-12)
  }

  /// Fields so large that a piece holds 8 of the 20 channels: what a piece makes for itself equals what is given whole.
  @Test func partsMadePieceByPieceEqualPartsGivenWhole() {
    let n = 17_000
    let x: Tensor<Float> = randomTensor([2, 12, n], stream: 1)
    let w: Tensor<Float> = randomTensor([20, 12], stream: 2)
    let b: Tensor<Float> = randomTensor([20], stream: 3)
    let other: Tensor<Float> = randomTensor([2, 20, n], stream: 4)
    func part(of tensor: Tensor<Float>) -> ChannelMap<Float>.Synthesis {
      { sample, channels, out in
        tensor.withUnsafeBuffer {
          let start = (sample * tensor.shape[1] + channels.lowerBound) * n
          for i in 0..<channels.count * n { out[i] = $0[start + i] }
        }
      }
    }
    let whole = ChannelMap([(x, w)], bias: b, addends: [other]).apply(gelu: true, keepingSlope: true)
    let pieces = ChannelMap([(x, w)], bias: b).apply(gelu: true, keepingSlope: true, adding: part(of: other))
    #expect(whole.result.elements == pieces.result.elements && whole.slope?.elements == pieces.slope?.elements)

    let wide: Tensor<Float> = randomTensor([2, 20, n], stream: 5)
    let map = ChannelMap([(wide, Tensor(shape: [12, 20], elements: w.elements))], bias: randomTensor([12], stream: 6))
    let wanted = (inputs: [true], weights: true, bias: true)
    let plain = map.pullback(x, slope: nil, wanted: wanted)
    let onto = map.pullback(x, slope: nil, wanted: wanted, onto: part(of: other))
    #expect(relativeError(onto.inputs[0] ?? x, (plain.inputs[0] ?? x) + other) < 1e-6)
    #expect(relativeError(onto.weights[0] ?? x, plain.weights[0] ?? x) < 1e-5)
    #expect(relativeError(onto.bias ?? x, plain.bias ?? x) < 1e-5)
  }

  @Test func aHiddenMapIsTwoMaps() {
    let x: Tensor<Double> = randomTensor([2, 3, points], stream: 1)
    let shapes = [[9, 3], [9], [2, 9], [2]]
    let p = shapes.enumerated().map { randomTensor($1, stream: 10 + $0) as Tensor<Double> }
    let hidden = ChannelMap([(x, p[0])], bias: p[1]).apply(gelu: true, keepingSlope: true)
    let second = ChannelMap([(hidden.result, p[2])], bias: p[3])
    let map = HiddenChannelMap(x, parameters: p)
    #expect(relativeError(map.apply(), second.apply(gelu: false).result) < 1e-14)

    let c: Tensor<Double> = randomTensor([2, 2, points], stream: 20)
    let wanted = (inputs: [true], weights: true, bias: true)
    let outer = second.pullback(c, slope: nil, wanted: wanted)
    let inner = ChannelMap([(x, p[0])], bias: p[1]).pullback(
      outer.inputs[0] ?? c, slope: hidden.slope, wanted: wanted)
    let expected = [inner.inputs[0], inner.weights[0], inner.bias, outer.weights[0], outer.bias]
    let bars = map.pullback(c, wanted: [true, true, true, true, true])
    for (bar, exact) in zip(bars, expected) { #expect(relativeError(bar ?? c, exact ?? c) < 1e-12) }
    // What is not wanted changes nothing else.
    let some = map.pullback(c, wanted: [false, true, false, true, false])
    #expect(some[0] == nil && some[2] == nil && some[4] == nil)
    #expect(some[1]?.elements == bars[1]?.elements && some[3]?.elements == bars[3]?.elements)
  }

  @Test func threadsChangeNothing() {
    let x: Tensor<Float> = randomTensor([3, 8, points], stream: 1)
    let w: Tensor<Float> = randomTensor([8, 8], stream: 2)
    let b: Tensor<Float> = randomTensor([8], stream: 3)
    func sums() -> [Float] {
      let map = ChannelMap([(x, w)], bias: b)
      let bars = map.pullback(map.apply(gelu: true).result, slope: nil, wanted: ([true], true, true))
      return [bars.inputs[0], bars.weights[0], bars.bias].flatMap { $0?.elements ?? [] }
    }
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    Parallel.threads = 1
    let one = sums()
    Parallel.threads = 3
    #expect(sums() == one)
  }
}
