import Autodiff
import TestSupport
import Tensors
import Testing

@Suite struct LinearizationTests {
  let x: Tensor<Double> = randomTensor([2, 3], stream: 1)
  let y: Tensor<Double> = randomTensor([2, 3], stream: 2)

  @Test func aGraphCanBePulledBackManyTimesAndOnlyTowardsWhatIsAsked() throws {
    let (a, b) = (Traced(variable: x), Traced(variable: y))
    let product = a * b
    let towardsFirst = Linearization(of: product, towards: [a])
    for stream in 3..<6 {
      let cotangent: Tensor<Double> = randomTensor([2, 3], stream: stream)
      #expect(try towardsFirst.pullback(cotangent)[0].elements == (cotangent * y).elements)
    }
    let ones = Tensor<Double>(shape: [2, 3], repeating: 1)
    #expect(try Linearization(of: product, towards: [b]).pullback(ones)[0].elements == x.elements)
  }

  @Test func operationsThatLeadNowhereAskedForAreNotPulledBack() throws {
    let (a, b) = (Traced(variable: x), Traced(variable: y))
    let poisoned = Traced.recorded(b.value, from: [b]) { _, _ in throw Unwanted() }
    let sum = a + poisoned
    let ones = Tensor<Double>(shape: [2, 3], repeating: 1)
    #expect(try Linearization(of: sum, towards: [a]).pullback(ones)[0].elements == ones.elements)
    #expect(throws: Unwanted.self) { try Linearization(of: sum, towards: [b]).pullback(ones) }
  }

  @Test func aGradientTowardsAnIntermediateValueStopsThere() throws {
    let a = Traced(variable: x)
    let inner = a.squared()
    let outer = inner * inner
    let ones = Tensor<Double>(shape: [2, 3], repeating: 1)
    let gradients = try Linearization(of: outer, towards: [inner, a]).pullback(ones)
    #expect(relativeError(gradients[0], inner.value.scaled(by: 2)) < 1e-15)
    #expect(relativeError(gradients[1], (inner.value * x).scaled(by: 4)) < 1e-15)
  }

  @Test func constantsRecordNothing() {
    let result = (Traced(constant: x) * Traced(constant: y)).gelu().sum()
    #expect(!result.isRecorded)
    #expect(!Traced(variable: x).detached.isRecorded)
  }

  @Test func anInputWithoutInfluenceGetsZeros() throws {
    let (a, b) = (Traced(variable: x), Traced(variable: y))
    let gradient = try Linearization(of: a.sum(), towards: [b]).pullback(Tensor(1))
    #expect(gradient[0].elements == [Double](repeating: 0, count: 6))
  }

  private struct Unwanted: Error {}
}
