public import DatasetIO
import Dispatch
import Synchronization
import Tensors

/// Writes a file of solved problems, a batch of samples at a time.
///
/// Memory does not grow with the number of samples. A generation that takes long puts what it has finished aside every
/// minute, and one that is asked to stop does so too, so that it can be continued; see `DatasetParts`.
public struct Dataset<Recipe: DatasetRecipe>: Sendable {
  /// What is made.
  public let recipe: Recipe
  private let generate: @Sendable (Int) throws -> Recipe.Sample
  /// Seconds after which finished samples are put aside.
  private let partSeconds: Double

  /// Samples solved between two writes. Fixed, so that memory and file do not depend on the number of threads.
  private static var batch: Int { 16 }

  /// - Parameters:
  ///   - recipe: what is made.
  ///   - partSeconds: seconds after which finished samples are put aside, and the most that a killed process loses.
  /// - Throws: `RecipeError` for a number out of range; what the problem says of its own.
  public init(_ recipe: Recipe, partSeconds: Double = 60) throws {
    try recipe.validate()
    self.recipe = recipe
    self.partSeconds = partSeconds
    generate = try recipe.generator()
  }

  /// What a long generation tells and asks.
  public struct Observer {
    /// Asked before every sample, from any thread.
    public var shouldStop: () -> Bool
    /// Samples solved, of which `earlier` by an interrupted generation; from any thread.
    public var solved: (_ done: Int, _ earlier: Int) -> Void
    /// Samples copied from parts into the file.
    public var copied: (_ done: Int) -> Void

    /// Nothing is told, and nobody asks to stop, unless given.
    public init(
      shouldStop: @escaping () -> Bool = { false }, solved: @escaping (Int, Int) -> Void = { _, _ in },
      copied: @escaping (Int) -> Void = { _ in }
    ) {
      self.shouldStop = shouldStop
      self.solved = solved
      self.copied = copied
    }
  }

  /// Makes the file; it appears when the last sample is in it.
  ///
  /// - Parameters:
  ///   - path: its name.
  ///   - existing: what to do about a file of that name, or an unfinished generation of it.
  ///   - provenance: stored with it.
  ///   - observer: told of progress, and asked whether to stop.
  /// - Throws: `GenerationInterrupted` when asked to stop; `PartsError`; file errors.
  public func write(
    to path: String, existing: ExistingOutput = .refused, provenance: Provenance, observer: Observer = Observer()
  ) throws -> DatasetSummary {
    let overwrite = existing == .replaced
    try AtomicFile.checkVacant(path, overwrite: overwrite)
    var parts = try DatasetParts(of: path, identifier: provenance.identifier, first: recipe.first, existing: existing)
    func writer() throws -> FieldFileWriter {
      try FieldFileWriter(creating: path, layout: recipe.layout, provenance: provenance, overwrite: overwrite)
    }
    var summary = DatasetSummary()
    let earlier = parts.sampleCount
    var current = try writer()
    var began = DispatchTime.now()
    while parts.sampleCount + current.sampleCount < recipe.samples {
      let done = parts.sampleCount + current.sampleCount
      let start = recipe.first + done
      let indices = start..<min(start + Self.batch, recipe.first + recipe.samples)
      let samples = try self.samples(indices, shouldStop: observer.shouldStop) { observer.solved(done + $0, earlier) }
      guard samples.count == indices.count else {
        if current.sampleCount > 0 { try parts.add(current) }
        throw GenerationInterrupted(path: path, done: parts.sampleCount, of: recipe.samples)
      }
      try current.append(samples: indices, recipe.columns(samples))
      for sample in samples {
        summary.add(
          sample.termination, iterations: sample.iterations, residual: sample.residual, labelError: sample.labelError)
      }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9
      if seconds > partSeconds, done + indices.count < recipe.samples {
        try parts.add(current)
        current = try writer()
        began = .now()
      }
    }
    if parts.sampleCount > 0 {
      if current.sampleCount > 0 { try parts.add(current) }
      current = try writer()
      summary = DatasetSummary()
      try parts.copy(into: current, batch: Self.batch, summary: &summary, progress: observer.copied)
    }
    try current.finish()
    parts.remove()
    return summary
  }

  /// The samples with the given indices, in parallel; fewer when asked to stop.
  public func samples(
    _ indices: some Collection<Int>, shouldStop: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
  ) throws -> [Recipe.Sample] {
    let indices = Array(indices)
    let results = Mutex([Result<Recipe.Sample, any Error>?](repeating: nil, count: indices.count))
    let done = Mutex(0)
    Parallel.forEach(indices.count) { row in
      guard !shouldStop() else { return }
      let result = Result<Recipe.Sample, any Error> { try generate(indices[row]) }
      results.withLock { $0[row] = result }
      let count = done.withLock { count -> Int in
        count += 1
        return count
      }
      progress(count)
    }
    return try results.withLock { try $0.compactMap { try $0?.get() } }
  }
}

/// A generation that was asked to stop.
public struct GenerationInterrupted: Error, CustomStringConvertible {
  let path: String
  let done: Int
  let total: Int

  init(path: String, done: Int, of total: Int) {
    self.path = path
    self.done = done
    self.total = total
  }

  /// One sentence.
  public var description: String {
    done == 0
      ? "interrupted before the first samples were finished; '\(path)' was not written"
      : "interrupted; \(done) of \(total) samples of '\(path)' are kept: give the same command again, 'pde gen' with --resume"
  }
}
