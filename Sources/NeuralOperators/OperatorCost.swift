import Spectral

/// What one sample costs at least, for comparing times with what a machine can do.
///
/// Operations are those of the products alone (transforms as they are done here, modes, channel maps): two for a multiply
/// and add, activations not counted. Bytes are the reads and writes of whole fields in single precision that a pass with
/// one fused kernel a layer and nothing kept in caches between layers needs.
public struct OperatorCost: Sendable {
  /// Floating-point operations.
  public var operations: Double
  /// Bytes moved.
  public var bytes: Double

  /// Adam and what uses the weights: ten numbers read or written a parameter.
  public static func optimiserStep(parameters: Int) -> OperatorCost {
    OperatorCost(operations: 0, bytes: 40 * Double(parameters))
  }

  /// A sum of costs.
  public static func + (a: OperatorCost, b: OperatorCost) -> OperatorCost {
    OperatorCost(operations: a.operations + b.operations, bytes: a.bytes + b.bytes)
  }

  /// A cost several times over.
  public static func * (a: OperatorCost, times: Double) -> OperatorCost {
    OperatorCost(operations: a.operations * times, bytes: a.bytes * times)
  }
}

extension OperatorConfiguration {
  /// One Fourier layer, forward: its input is read, its result written.
  public func layerCost(grid: [Int]) throws -> OperatorCost {
    let padded = paddedGrid(grid)
    let transform = try FourierTransform<Float>(grid: padded, band: .truncated(modes: modes))
    let (width, points) = (Double(width), Double(padded.reduce(1, *)))
    let maps: Double = hasChannelMLP ? 3 : 1
    return OperatorCost(
      operations: 2 * width * transform.operations + 8 * width * width * Double(transform.band.count)
        + maps * 2 * width * width * points,
      bytes: 2 * 4 * width * points)
  }

  /// Lifting and projection, forward.
  public func endsCost(grid: [Int]) -> OperatorCost {
    let points = Double(grid.reduce(1, *))
    let lifting = 2 * Double((inputChannels + modes.count) * width)
    let projection = 2 * Double(projectionWidth * (width + outputChannels))
    return OperatorCost(
      operations: points * (lifting + projection),
      bytes: 4 * points * Double(inputChannels + outputChannels + 2 * width))
  }

  /// A forward pass with `evaluations` evaluations of the block of an equilibrium or a weight-tied architecture.
  public func forwardCost(grid: [Int], evaluations: Int = 1) throws -> OperatorCost {
    let layers: Int =
      switch architecture {
      case .fno(let blocks), .injectedFNO(let blocks): blocks * layersPerBlock
      case .weightTied, .equilibrium: evaluations * layersPerBlock
      }
    return try layerCost(grid: grid) * Double(layers + 1) + endsCost(grid: grid)
  }

  /// Forward and backward without the optimiser.
  ///
  /// Backward takes twice the operations of forward. A recorded layer also writes its state before the activation, and on
  /// the way back reads it, its input and a cotangent and writes one. Of an equilibrium one evaluation is recorded and
  /// differentiated towards the parameters, those of the adjoint solve towards the state alone.
  public func trainingCost(grid: [Int], evaluations: Int = 1) throws -> OperatorCost {
    let (layer, ends) = (try layerCost(grid: grid), endsCost(grid: grid))
    let recorded = OperatorCost(operations: 3 * layer.operations, bytes: 3.5 * layer.bytes)
    let adjoint = OperatorCost(operations: layer.operations, bytes: 1.5 * layer.bytes)
    let layers = Double(layersPerBlock)
    switch architecture {
    case .fno(let blocks), .injectedFNO(let blocks):
      return recorded * (Double(blocks) * layers + 1) + ends * 3
    case .weightTied:
      return recorded * (Double(evaluations) * layers + 1) + ends * 3
    case .equilibrium:
      return (layer + adjoint) * (Double(evaluations) * layers) + recorded * (layers + 1) + ends * 3
    }
  }
}

extension OperatorConfiguration {
  /// Samples that are worth passing through the model together.
  ///
  /// Few of them, so that what a layer leaves is still in the cache when the next one asks for it, and the memory of a
  /// training step does not grow with the batch; enough that the traffic of the weights, which each group reads and whose
  /// gradient it adds to, stays a fifth of that of the fields. A function of sizes alone, since the order in which
  /// gradients are summed shows in their last bits.
  ///
  /// - Parameters:
  ///   - grid: of the data.
  ///   - evaluations: of the block of an equilibrium or weight-tied architecture.
  ///   - parameters: real parameters of the model.
  public func groupSize(grid: [Int], evaluations: Int, parameters: Int) -> Int {
    let field = width * paddedGrid(grid).reduce(1, *)
    let layers: Int =
      switch architecture {
      case .fno(let blocks), .injectedFNO(let blocks): blocks * layersPerBlock + 1
      case .weightTied, .equilibrium: evaluations * layersPerBlock + 1
      }
    return max(Self.smallestGroup, (2 * parameters + layers * field - 1) / (layers * field))
  }

  /// Enough samples to share among a few threads.
  private static let smallestGroup = 2
}

extension EquilibriumSettings {
  /// Evaluations to expect of a solve.
  public var typicalEvaluations: Int { exactEvaluations ?? min(evaluationLimit, 8) }
}
