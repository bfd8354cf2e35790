public import Autodiff
public import Solvers
public import Tensors

/// A map whose fixed point is wanted, tied to a batch of inputs: `z ↦ f(z; x, θ)`.
public protocol EquilibriumCell<Scalar> {
  associatedtype Scalar: TensorScalar
  /// `f(z)` for states of shape (sample, …).
  func callAsFunction(_ state: Traced<Scalar>) -> Traced<Scalar>
  /// The same map without a record, for some of the samples.
  func detached(samples: [Int]) -> Self
}

/// How the gradient of an equilibrium is formed.
public enum Adjoint: Sendable {
  /// Exact, by the implicit function theorem: solves `w = (∂f/∂z)ᵀw + v` at the fixed point, then `(∂f/∂θ)ᵀw` once
  /// (Bai, Kolter & Koltun 2019, arXiv:1909.01377, theorem 1). Memory does not grow with the iterations.
  case implicit(FixedPointSolver)
  /// `steps` damped steps `z ← (1 − τ)z + τ f(z)` recorded from the fixed point (Geng et al. 2021, arXiv:2111.05177).
  case phantom(steps: Int, damping: Double)
  /// `steps` applications of the map recorded from the start; no solver. Memory grows with the steps.
  case unrolled(steps: Int)
}

/// What one solve did, per sample.
public struct EquilibriumOutcome: Sendable {
  /// Why each sample stopped.
  public let terminations: [Termination]
  /// Evaluations, residual at the returned state, and residuals on the way.
  public let statistics: [SampleStatistics]

  init<Scalar>(_ solution: FixedPointSolution<Scalar>) {
    terminations = solution.terminations
    statistics = solution.statistics
  }

  /// The outcomes of several groups of samples, one after the other; nil without any.
  public init?(joining parts: [EquilibriumOutcome?]) {
    let parts = parts.compactMap { $0 }
    guard !parts.isEmpty else { return nil }
    terminations = parts.flatMap(\.terminations)
    statistics = parts.flatMap(\.statistics)
  }

  /// Evaluations of the map, summed over samples.
  public var evaluations: Int { statistics.reduce(0) { $0 + $1.evaluations } }

  /// Samples that did not reach the tolerance.
  public var unconverged: Int { terminations.count { $0 != .converged } }
}

/// What the solves of one pass did; empty for models without an equilibrium and for unrolled ones.
public final class EquilibriumRecord<Scalar: TensorScalar> {
  /// Where the forward solve ended: a start for the next pass over the same samples.
  public internal(set) var state: Tensor<Scalar>?
  /// The forward solve.
  public internal(set) var forward: EquilibriumOutcome?
  /// The solve of the adjoint equation, once a gradient has been asked for.
  public internal(set) var adjoint: EquilibriumOutcome?

  /// An empty record.
  public init() {}
}

/// The fixed point of a cell as a layer: solved without a record, differentiated as its adjoint says.
public struct EquilibriumLayer: Sendable {
  /// Finds the state.
  public let solver: FixedPointSolver
  /// Forms the gradient.
  public let adjoint: Adjoint

  /// A layer from how its state is found and how its gradient is formed.
  public init(solver: FixedPointSolver, adjoint: Adjoint) {
    self.solver = solver
    self.adjoint = adjoint
  }

  /// The state at equilibrium, without a record, and what the solve did.
  public func state<Cell: EquilibriumCell>(
    of cell: Cell, from start: Tensor<Cell.Scalar>, record: EquilibriumRecord<Cell.Scalar>? = nil
  ) -> Tensor<Cell.Scalar> {
    var active = (samples: Array(0..<start.samples), cell: cell.detached(samples: Array(0..<start.samples)))
    let solution = solver.solve(from: start) { states, samples in
      if samples != active.samples { active = (samples, cell.detached(samples: samples)) }
      return active.cell(Traced(constant: states)).value
    }
    record?.forward = EquilibriumOutcome(solution)
    record?.state = solution.point
    return solution.point
  }

  /// The state with a record of its dependence on the cell's inputs and parameters.
  ///
  /// The value is one application of the map beyond the state that the solver returned (implicit), `steps` damped ones
  /// (phantom), or the last of `steps` (unrolled, which always begins at `start`).
  public func callAsFunction<Cell: EquilibriumCell>(
    _ cell: Cell, from start: Tensor<Cell.Scalar>,
    record: EquilibriumRecord<Cell.Scalar> = EquilibriumRecord()
  ) -> Traced<Cell.Scalar> {
    switch adjoint {
    case .implicit(let adjointSolver):
      let state = Traced(variable: state(of: cell, from: start, record: record))
      let image = cell(state)
      let transposed = Linearization(of: image, towards: [state])
      return Traced.recorded(image.value, from: [image]) { cotangent, _ in
        let solution = try adjointSolver.solve(from: cotangent) { adjoints, samples in
          try Self.image(of: adjoints, samples, under: transposed, plus: cotangent)
        }
        record.adjoint = EquilibriumOutcome(solution)
        return [solution.point]
      }
    case .phantom(let steps, let damping):
      var state = Traced(constant: state(of: cell, from: start, record: record))
      for _ in 0..<steps { state = state.blended(with: cell(state), weight: Cell.Scalar(damping)) }
      return state
    case .unrolled(let steps):
      var state = Traced(constant: start)
      for _ in 0..<steps { state = cell(state) }
      return state
    }
  }

  /// `Jᵀw + v` for some of the samples; the linearization holds the whole batch, the others see zeros.
  private static func image<Scalar>(
    of adjoints: Tensor<Scalar>, _ samples: [Int], under transposed: Linearization<Scalar>, plus source: Tensor<Scalar>
  ) throws -> Tensor<Scalar> {
    guard samples.count < source.samples else {
      var result = try transposed.pullback(adjoints)[0]
      result.add(source)
      return result
    }
    var full = Tensor<Scalar>.zeros(source.shape)
    full.scatter(adjoints, toSamples: samples)
    var result = try transposed.pullback(full)[0]
    result.add(source)
    return result.gathering(samples: samples)
  }
}
