import Tensors

/// A running mean of the weights, `a ← d·a + (1 − d)·w` after every step; validation and predictions use it.
///
/// The decay begins low, `min(decay, (1 + t)/(10 + t))` after t steps, as usual, so that the start of a run, which is worse
/// than anything later, is soon forgotten.
struct WeightAverage {
  let decay: Double

  func update(_ averages: inout [Tensor<Float>], with weights: [Tensor<Float>], steps: Int) {
    let decay = Float(min(decay, Double(1 + steps) / Double(10 + steps)))
    for index in averages.indices { averages[index].add(weights[index], scaledBy: 1 - decay, keeping: decay) }
  }
}

/// Gradients that are too long are shortened to a given Euclidean norm over all parameters, their direction is kept
/// (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1).
struct GradientClip {
  let norm: Double

  func apply(to gradients: inout [Tensor<Float>]) {
    let found = gradients.reduce(0) { $0 + $1.dot($1) }.squareRoot()
    guard found > norm else { return }
    for index in gradients.indices { gradients[index] = gradients[index].scaled(by: Float(norm / found)) }
  }
}
