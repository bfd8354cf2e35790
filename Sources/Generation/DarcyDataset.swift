public import DatasetIO
public import Problems
public import Solvers
import Synchronization
import Tensors

/// Writes a file of solved Darcy problems, a batch of samples at a time.
public struct DarcyDataset: Sendable {
  /// What is made.
  public let recipe: DarcyDatasetRecipe
  private let generator: DarcyGenerator

  /// What a finished generation reports.
  public struct Summary: Codable, Hashable, Sendable {
    /// Samples written.
    public var samples = 0
    /// Samples whose solver did not converge; they are in the file, flagged.
    public var unconverged = 0
    /// Mean iterations of the solver.
    public var meanIterations = 0.0
    /// The largest relative residual of a converged sample.
    public var worstResidual = 0.0
    /// The mean estimated relative L² error of a stored solution; nil where it could not be estimated.
    public var meanLabelError: Double?
  }

  /// Samples solved between two writes. Fixed, so that memory and file do not depend on the number of threads.
  private static let batch = 16

  /// - Throws: `RecipeError` for a number out of range.
  public init(_ recipe: DarcyDatasetRecipe) throws {
    try recipe.validate()
    self.recipe = recipe
    generator = try DarcyGenerator(recipe.problemRecipe)
  }

  /// The layout of the file.
  var layout: FieldFileLayout {
    let precision: StoredPrecision = recipe.isDouble ? .double : .single
    let ancillary = [SampleVariable.solverOutcome.name]
    let axis = GridAxis(count: recipe.grid, kind: .vertex)
    let side = (recipe.grid - 1) * recipe.oversample + 1
    return FieldFileLayout(
      grid: GridAxes(y: axis, x: axis),
      fields: [
        FieldVariable("permeability", "permeability of the medium", precision: precision),
        FieldVariable("pressure", "pressure", precision: precision, ancillary: ancillary),
      ],
      perSample: [.solverOutcome, .solverIterations, .solverResidual, .labelError],
      description: FileDescription(
        title: "Darcy flow through random two-valued media",
        summary: "Solutions of -div(a grad u) = 1 on the unit square, u = 0 on the boundary, with the permeability a = "
          + "\(recipe.high) where a Gaussian field is not negative and \(recipe.low) elsewhere; second-order finite "
          + "volumes with \(recipe.faceMean.rawValue) face means on \(side) x \(side) vertices, every "
          + "\(recipe.oversample == 1 ? "" : "\(recipe.oversample)th ")vertex stored.",
        references: "Li et al. 2021, arXiv:2010.08895"))
  }

  /// Makes the file; it appears when the last sample is in it.
  ///
  /// - Parameters:
  ///   - path: its name.
  ///   - overwrite: whether an existing file may be replaced.
  ///   - provenance: stored with it.
  ///   - shouldStop: asked before every sample, from any thread.
  ///   - progress: called with the number of samples solved, from any thread.
  /// - Throws: `GenerationInterrupted` when asked to stop, and then nothing is left behind; file errors.
  public func write(
    to path: String, overwrite: Bool, provenance: Provenance, shouldStop: () -> Bool = { false },
    progress: (Int) -> Void = { _ in }
  ) throws -> Summary {
    let writer = try FieldFileWriter(creating: path, layout: layout, provenance: provenance, overwrite: overwrite)
    var tally = Tally()
    for start in stride(from: recipe.first, to: recipe.first + recipe.samples, by: Self.batch) {
      let indices = start..<min(start + Self.batch, recipe.first + recipe.samples)
      let samples = try self.samples(indices, shouldStop: shouldStop) { progress(start - recipe.first + $0) }
      guard samples.count == indices.count else { throw GenerationInterrupted(path: path) }
      try writer.append(samples: indices, columns(samples))
      samples.forEach { tally.add($0) }
    }
    try writer.finish()
    return tally.summary
  }

  /// The samples with the given indices, in parallel; fewer when asked to stop.
  public func samples(
    _ indices: Range<Int>, shouldStop: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
  ) throws -> [DarcySample] {
    let results = Mutex([Result<DarcySample, any Error>?](repeating: nil, count: indices.count))
    let done = Mutex(0)
    Parallel.forEach(indices.count) { row in
      guard !shouldStop() else { return }
      let result = Result<DarcySample, any Error> { try generator.sample(indices.lowerBound + row) }
      results.withLock { $0[row] = result }
      let count = done.withLock { count -> Int in
        count += 1
        return count
      }
      progress(count)
    }
    return try results.withLock { try $0.compactMap { try $0?.get() } }
  }

  private func columns(_ samples: [DarcySample]) -> [SampleColumn] {
    [
      field("permeability", samples.map(\.permeability)), field("pressure", samples.map(\.pressure)),
      .outcomes(samples.map { SampleOutcome($0.termination) }),
      .integers(SampleVariable.solverIterations.name, samples.map(\.statistics.iterations)),
      .reals(SampleVariable.solverResidual.name, samples.map(\.statistics.residual)),
      .reals(SampleVariable.labelError.name, samples.map { $0.labelError ?? .nan }),
    ]
  }

  private func field(_ name: String, _ fields: [Tensor<Double>]) -> SampleColumn {
    let stack = Tensor(concatenatingSamples: fields.map { $0.reshaped(to: [1] + $0.shape) })
    return recipe.isDouble ? .field(name, stack) : .field(name, Tensor<Float>(converting: stack))
  }
}

/// Running totals over samples.
private struct Tally {
  private var totals = DarcyDataset.Summary()
  private var iterations = 0
  private var labelErrors: [Double] = []

  mutating func add(_ sample: DarcySample) {
    totals.samples += 1
    iterations += sample.statistics.iterations
    if let error = sample.labelError { labelErrors.append(error) }
    guard sample.termination == .converged else {
      totals.unconverged += 1
      return
    }
    totals.worstResidual = max(totals.worstResidual, sample.statistics.residual)
  }

  var summary: DarcyDataset.Summary {
    var result = totals
    result.meanIterations = Double(iterations) / Double(max(result.samples, 1))
    result.meanLabelError = labelErrors.isEmpty ? nil : labelErrors.reduce(0, +) / Double(labelErrors.count)
    return result
  }
}

extension SampleOutcome {
  /// The file's flag for a solver's verdict; both number the cases alike.
  public init(_ termination: Termination) {
    switch termination {
    case .converged: self = .converged
    case .iterationLimit: self = .iterationLimit
    case .stagnated: self = .stagnated
    case .diverged: self = .diverged
    case .nonfinite: self = .nonfinite
    }
  }
}

/// A generation that was asked to stop.
public struct GenerationInterrupted: Error, CustomStringConvertible {
  let path: String
  /// One sentence.
  public var description: String { "interrupted; '\(path)' was not written" }
}
