import Autodiff
import TestSupport
import Tensors
import Testing
import Training

@Suite struct AdamTests {
  /// Three steps on one number, by hand from algorithm 1 of Kingma & Ba.
  @Test func threeStepsFollowTheAlgorithm() {
    var optimizer = Adam()
    optimizer.weightDecay = 0.01
    var parameters = [Tensor<Double>(shape: [1], repeating: 1)]
    var state = Adam.State<Double>(shapes: [[1]])
    var (theta, m, v) = (1.0, 0.0, 0.0)
    for (step, slope) in [0.5, -0.2, 0.1].enumerated() {
      optimizer.update(&parameters, gradients: [Tensor(shape: [1], repeating: slope)], rate: 0.1, state: &state)
      let g = slope + 0.01 * theta
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      let t = Double(step + 1)
      theta -= 0.1 * (m / (1 - Double.pow(0.9, t))) / ((v / (1 - Double.pow(0.999, t))).squareRoot() + 1e-8)
    }
    #expect(abs(parameters[0].elements[0] - theta) < 1e-14)
  }

  @Test func theRelativeErrorHasNoHiddenEpsilon() {
    let target = Tensor<Double>(shape: [2, 1, 2, 1], elements: [3e-9, 4e-9, 0, 2])
    let prediction = Tensor<Double>(shape: [2, 1, 2, 1], elements: [0, 0, 0, 1])
    let errors = relativeL2(Traced(constant: prediction), target).value.elements
    #expect(abs(errors[0] - 1) < 1e-12 && abs(errors[1] - 0.5) < 1e-12)
  }
}
