public import Autodiff
import Spectral
public import Tensors

/// A neural operator from fields to fields on the same grid: lifting, Fourier blocks, a head layer, projection.
///
/// All four architectures of Marwah et al. 2023 (arXiv:2312.00234) are this one type; they differ in how the blocks are
/// composed (`Architecture`). Stored parameters are tensors; a pass runs on the same structure over traced values, see
/// `mapParameters`. Inputs and outputs are normalised fields; physical units are the caller's business.
public struct NeuralOperator<Value> {
  /// The shape of the model.
  public let configuration: OperatorConfiguration
  /// From data and coordinates to the state's channels.
  public let lifting: ChannelLinear<Value>
  /// The middle part.
  public let blocks: [FourierBlock<Value>]
  /// One more Fourier layer, without activation and injection.
  public let head: FourierLayer<Value>
  /// From the state's channels to the output's.
  public let projection: ChannelMLP<Value>

  /// The same model with each parameter replaced by `transform(name, parameter)`, visited in a fixed order.
  public func mapParameters<Other>(
    _ transform: (String, Value) throws -> Other
  ) rethrows -> NeuralOperator<Other> {
    NeuralOperator<Other>(
      configuration: configuration,
      lifting: try lifting.mapParameters("lifting", transform),
      blocks: try blocks.enumerated().map { try $1.mapParameters("blocks.\($0)", transform) },
      head: try head.mapParameters("head", transform),
      projection: try projection.mapParameters("projection", transform))
  }

  /// Names and values of all parameters, in the order of `mapParameters`.
  public var parameters: [(name: String, value: Value)] {
    var list: [(String, Value)] = []
    _ = mapParameters { name, value in list.append((name, value)) }
    return list
  }

  /// The same model with its parameters replaced, in the order of `parameters`.
  public func replacingParameters<Other>(_ values: [Other]) -> NeuralOperator<Other> {
    var remaining = values.makeIterator()
    let result = mapParameters { name, _ -> Other in
      guard let next = remaining.next() else { preconditionFailure("no value given for parameter \(name)") }
      return next
    }
    precondition(remaining.next() == nil, "more values than parameters")
    return result
  }
}

extension NeuralOperator {
  /// One pass.
  ///
  /// - Parameters:
  ///   - input: of shape (sample, input channel, spatial …), normalised.
  ///   - equilibrium: finds the state of an `equilibrium` architecture; not used by the others.
  ///   - start: of the equilibrium's solve, of shape (sample, width, padded grid …); zero when nil.
  ///   - record: filled with what the equilibrium's solves did.
  /// - Returns: shape (sample, output channel, spatial …).
  public func callAsFunction<Scalar: TensorScalar>(
    _ input: Traced<Scalar>, equilibrium: EquilibriumLayer, start: Tensor<Scalar>? = nil,
    record: EquilibriumRecord<Scalar> = EquilibriumRecord()
  ) throws -> Traced<Scalar> where Value == Traced<Scalar> {
    let grid = Array(input.shape.dropFirst(2))
    try configuration.validate(grid: grid)
    let padded = configuration.paddedGrid(grid)
    let transform = try FourierTransform<Scalar>(grid: padded, band: .truncated(modes: configuration.modes))
    let coordinates = Traced(
      constant: Tensor<Scalar>.coordinates(
        samples: input.shape[0], grid: grid, range: configuration.coordinates))
    let injection = lifting(.concatenatingChannels([input, coordinates])).padded(to: padded)
    let state = middle(injection, transform, equilibrium, start, record)
    let final = configuration.normalization == .instance ? state.instanceNormalized() : state
    return projection(head(final, activation: .identity, transform).cropped(to: grid))
  }

  private func middle<Scalar>(
    _ injection: Traced<Scalar>, _ transform: FourierTransform<Scalar>, _ equilibrium: EquilibriumLayer,
    _ start: Tensor<Scalar>?, _ record: EquilibriumRecord<Scalar>
  ) -> Traced<Scalar> where Value == Traced<Scalar> {
    let zero = Tensor<Scalar>.zeros(injection.shape)
    switch configuration.architecture {
    case .fno:
      return blocks.reduce(injection) { $1($0, injection: nil, transform) }
    case .injectedFNO:
      return blocks.reduce(Traced(constant: zero)) { $1($0, injection: injection, transform) }
    case .weightTied(let iterations):
      return (0..<iterations).reduce(Traced(constant: zero)) { state, _ in
        blocks[0](state, injection: injection, transform)
      }
    case .equilibrium:
      let cell = FourierCell(block: blocks[0], injection: injection, transform: transform)
      let recorded = injection.isRecorded || blocks[0].layers[0].skip.bias.isRecorded
      return recorded
        ? equilibrium(cell, from: start ?? zero, record: record)
        : Traced(constant: equilibrium.state(of: cell, from: start ?? zero, record: record))
    }
  }
}

/// A Fourier block with its injection, as a map of the state.
struct FourierCell<Scalar: TensorScalar>: EquilibriumCell {
  let block: FourierBlock<Traced<Scalar>>
  let injection: Traced<Scalar>
  let transform: FourierTransform<Scalar>

  func callAsFunction(_ state: Traced<Scalar>) -> Traced<Scalar> { block(state, injection: injection, transform) }

  func detached(samples: [Int]) -> FourierCell {
    let all = samples.count == injection.shape[0]
    return FourierCell(
      block: block.mapParameters("") { $1.detached },
      injection: Traced(constant: all ? injection.value : injection.value.gathering(samples: samples)),
      transform: transform)
  }
}

extension Tensor {
  /// Coordinate channels (sample, axis, spatial …), the first along the first spatial axis.
  static func coordinates(samples: Int, grid: [Int], range: CoordinateRange) -> Tensor {
    let points = grid.reduce(1, *)
    return Tensor(shape: [samples, grid.count] + grid) { out in
      for axis in grid.indices {
        let inner = grid[(axis + 1)...].reduce(1, *)
        let steps = Scalar(max(1, range == .bounded ? grid[axis] - 1 : grid[axis]))
        // Runs of `inner` equal numbers, over and over.
        for run in 0..<points / inner {
          let value = Scalar(run % grid[axis]) / steps
          for point in run * inner..<(run + 1) * inner { out[axis * points + point] = value }
        }
      }
      guard let first = out.baseAddress else { return }
      let length = grid.count * points
      for sample in 1..<max(samples, 1) { (first + sample * length).update(from: first, count: length) }
    }
  }
}

extension NeuralOperator: Sendable where Value: Sendable {}
