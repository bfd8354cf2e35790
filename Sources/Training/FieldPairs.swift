public import Tensors

/// Inputs and targets of a supervised problem in physical units, sample by sample.
public struct FieldPairs<Scalar: TensorScalar>: Sendable {
  /// Of shape (sample, input channel, spatial …).
  public var inputs: Tensor<Scalar>
  /// Of shape (sample, output channel, spatial …).
  public var targets: Tensor<Scalar>

  /// Pairs fields of equal sample counts and grids.
  public init(inputs: Tensor<Scalar>, targets: Tensor<Scalar>) {
    precondition(
      inputs.samples == targets.samples && inputs.shape.dropFirst(2) == targets.shape.dropFirst(2),
      "inputs \(inputs.shape) and targets \(targets.shape) do not pair")
    self.inputs = inputs
    self.targets = targets
  }

  /// The number of samples.
  public var count: Int { inputs.samples }

  /// Points of every spatial axis.
  public var grid: [Int] { Array(inputs.shape.dropFirst(2)) }

  /// The samples with the given indices.
  public func gathering(_ indices: [Int]) -> FieldPairs {
    FieldPairs(inputs: inputs.gathering(samples: indices), targets: targets.gathering(samples: indices))
  }
}

/// Which samples of a file train, choose the best epoch, and are kept for the final test.
public struct DataSplit: Codable, Hashable, Sendable {
  /// Sample indices for training.
  public let train: [Int]
  /// Sample indices that choose the best epoch.
  public let validation: [Int]
  /// Sample indices nothing was chosen by.
  public let test: [Int]

  /// A split of `count` samples at random by the seed: `validation` and `test` samples are set aside, the rest train,
  /// or only `train` of them if that is given.
  public init(count: Int, train: Int? = nil, validation: Int, test: Int, seed: UInt64) throws {
    let available = count - validation - test
    guard available >= max(train ?? 1, 1), validation >= 1, test >= 0 else {
      throw TrainingError.tooFewSamples(
        found: count, needed: (train ?? 1) + max(validation, 1) + max(test, 0))
    }
    let order = RandomStream(seed: seed, purpose: .split).permutation(of: count)
    self.test = Array(order.prefix(test)).sorted()
    self.validation = Array(order.dropFirst(test).prefix(validation)).sorted()
    self.train = Array(order.dropFirst(test + validation).prefix(train ?? available)).sorted()
  }

  /// No samples at all: a model that was not trained here.
  public static let none = DataSplit(train: [], validation: [], test: [])

  private init(train: [Int], validation: [Int], test: [Int]) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The same split under other indices.
  func mapped(_ index: (Int) -> Int) -> DataSplit {
    DataSplit(train: train.map(index), validation: validation.map(index), test: test.map(index))
  }
}
