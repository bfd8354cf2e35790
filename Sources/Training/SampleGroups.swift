import NeuralOperators

/// Samples cut into groups of nearly equal size that pass through a model together.
struct SampleGroups {
  /// One range a group, in order.
  let ranges: [Range<Int>]

  init(count: Int, size: Int) {
    let groups = max(1, (count + size - 1) / size)
    ranges = (0..<groups).map { count * $0 / groups..<count * ($0 + 1) / groups }
  }
}

extension NeuralOperator where Value == [Int] {
  /// Real parameters, from the shapes of the tensors.
  var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.reduce(1, *) } }

  /// Samples that are worth passing through this model together.
  func groupSize(grid: [Int], _ equilibrium: EquilibriumSettings) -> Int {
    configuration.groupSize(grid: grid, evaluations: equilibrium.typicalEvaluations, parameters: parameterCount)
  }
}
