import Autodiff
import NeuralOperators
import Solvers
import TestSupport
import Tensors
import Testing

/// A small model with few enough numbers for exact comparisons.
func smallConfiguration(_ architecture: Architecture) -> OperatorConfiguration {
  var configuration = OperatorConfiguration(architecture: architecture)
  configuration.width = 4
  configuration.modes = [3, 3]
  configuration.projectionWidth = 6
  configuration.layersPerBlock = 2
  configuration.padding = .points(3)
  return configuration
}

func tightEquilibrium(_ adjoint: AdjointKind) -> EquilibriumLayer {
  var settings = EquilibriumSettings()
  settings.adjoint = adjoint
  settings.tolerance = 1e-13
  settings.adjointTolerance = 1e-13
  settings.evaluationLimit = 200
  return settings.layer
}

@Suite struct NeuralOperatorTests {
  /// Counted by hand in the facts of Marwah et al. 2023: 2,376,449, 4,155,425 and 7,713,377 for 1, 2 and 4 blocks.
  @Test(arguments: [
    (Architecture.fno(blocks: 1), 2_376_449), (.injectedFNO(blocks: 2), 4_155_425), (.fno(blocks: 4), 7_713_377),
    (.weightTied(iterations: 12), 2_376_449), (.equilibrium, 2_376_449),
  ]) func parameterCountsAreThePublishedOnes(architecture: Architecture, expected: Int) throws {
    let model = try NeuralOperator<Tensor<Float>>(OperatorConfiguration(architecture: architecture), seed: 0)
    #expect(model.parameters.reduce(0) { $0 + $1.value.count } == expected)
  }

  @Test func twoInputChannelsCountAsPublishedForNavierStokes() throws {
    var configuration = OperatorConfiguration(architecture: .injectedFNO(blocks: 1))
    configuration.inputChannels = 2
    let model = try NeuralOperator<Tensor<Float>>(configuration, seed: 0)
    #expect(model.parameters.reduce(0) { $0 + $1.value.count } == 2_376_481)
  }

  /// Gradients of all parameters at once. An equilibrium with instance normalisation is left out: a random block of that
  /// kind need not have a fixed point (this one has none), so there is no function to differentiate.
  @Test(arguments: [
    (Architecture.fno(blocks: 2), LayerNormalization.none), (.fno(blocks: 2), .instance),
    (.injectedFNO(blocks: 2), .none), (.injectedFNO(blocks: 2), .instance),
    (.weightTied(iterations: 3), .none), (.weightTied(iterations: 3), .instance), (.equilibrium, .none),
  ])
  func gradientsOfAllParametersPassTheTaylorTest(_ architecture: Architecture, _ norm: LayerNormalization) throws {
    var configuration = smallConfiguration(architecture)
    configuration.normalization = norm
    let model = try NeuralOperator<Tensor<Double>>(configuration, seed: 3)
    let input: Tensor<Double> = randomTensor([2, 1, 9, 8], stream: 5)
    let evaluate: ([Traced<Double>]) throws -> Traced<Double> = { parameters in
      try model.replacingParameters(parameters)(Traced(constant: input), equilibrium: tightEquilibrium(.implicit))
    }
    let values = model.parameters.map(\.value)
    let slopes = try taylorSlopes(at: values, of: evaluate, largest: 0x1p-13, halvings: 6)
    for slope in slopes { #expect(abs(slope - 2) < 0.02, "\(architecture.name), \(norm): slopes \(slopes)") }
  }

  /// The tied model with many iterations is the equilibrium model: same weights, same function.
  @Test func theWeightTiedModelTendsToTheEquilibriumModel() throws {
    let input: Tensor<Double> = randomTensor([3, 1, 9, 8], stream: 5)
    let outputs = try [Architecture.weightTied(iterations: 100), .equilibrium].map { architecture in
      let model = try NeuralOperator<Tensor<Double>>(smallConfiguration(architecture), seed: 3)
      return try model.mapParameters { Traced(constant: $1) }(
        Traced(constant: input), equilibrium: tightEquilibrium(.implicit)
      ).value
    }
    #expect(relativeError(outputs[1], outputs[0]) < 1e-11)
  }

  /// A field that is band limited and a periodic model without padding: the same function on every grid, up to the
  /// aliasing of the GELU, which falls with the grid.
  @Test func aFinerGridGivesTheSameFunction() throws {
    var configuration = smallConfiguration(.injectedFNO(blocks: 1))
    configuration.padding = .points(0)
    configuration.coordinates = .periodic
    let model = try NeuralOperator<Tensor<Double>>(configuration, seed: 3)
      .mapParameters { Traced(constant: $1) }
    let sampled = try [64, 128].map { n -> Tensor<Double> in
      let field = Tensor<Double>(shape: [1, 1, n, n]) { out in
        for y in 0..<n {
          for x in 0..<n {
            let (p, q) = (2 * Double.pi * Double(y) / Double(n), 2 * Double.pi * Double(x) / Double(n))
            out[y * n + x] = .sin(p) * .cos(2 * q)
          }
        }
      }
      // Coordinates jump at the edge of a torus; a model that sees them is not smooth. They are cancelled here.
      var lifted = model
      lifted = try lifted.withoutCoordinates()
      return try lifted(Traced(constant: field), equilibrium: tightEquilibrium(.implicit)).value
    }
    let coarse = Tensor<Double>(shape: [64, 64]) { out in
      for y in 0..<64 { for x in 0..<64 { out[y * 64 + x] = sampled[1][0, 0, 2 * y, 2 * x] } }
    }
    #expect(relativeError(coarse, sampled[0].reshaped(to: [64, 64])) < 1e-5)
  }

  @Test func modesThatDoNotFitAreRefusedWithTheLargestThatDo() throws {
    let configuration = OperatorConfiguration(architecture: .equilibrium)
    #expect {
      try configuration.validate(grid: [16, 16])
    } throws: { "\($0)".contains("9") }
  }
}

extension NeuralOperator where Value == Traced<Double> {
  /// The same model with zero weights on the coordinate channels.
  fileprivate func withoutCoordinates() throws -> NeuralOperator {
    mapParameters { name, value in
      guard name == "lifting.weight" else { return value }
      var weight = value.value
      for row in 0..<weight.shape[0] { for column in 1..<weight.shape[1] { weight[row, column] = 0 } }
      return Traced(constant: weight)
    }
  }
}
