import Foundation

/// What a linear solve has done so far.
struct LinearProgress {
  /// The norm of the right-hand side.
  let reference: Double
  /// The norm that the residual must reach.
  let target: Double
  let limit: Int
  var iterations = 0
  var trace: [Double] = []
  /// The norm of the true residual of the solution so far.
  var rest: Double
  var termination: Termination?
  /// Whether something else is tried when the residual falls slowly.
  var isWatched = false

  /// What a residual that does not fall slowly falls by in every iteration after the first, in which it may rise: what
  /// takes 16 iterations to 1e-8 falls so fast from the second one on, what takes 20 and more does not.
  private static let fastReduction = 3.2
  /// Iterations in which a solve is watched. Later ones fall faster, and a change would be late.
  private static let watch = 2...6
  /// The part of the residual after which an iteration has brought nothing.
  private static let still = 0.8
  /// Iterations still to come that another preconditioner would need, too.
  private static let fewIterations = 10.0

  init(reference: Double, target: Double, limit: Int) {
    self.reference = reference
    self.target = target
    self.limit = limit
    rest = reference
    if reference == 0 { trace = [0] }
    termination = !reference.isFinite ? .nonfinite : reference <= target ? .converged : nil
  }

  func relative(_ residual: Double) -> Double { reference > 0 ? residual / reference : 0 }

  /// Whether a watched residual falls slowly, in two iterations one after the other or in the second one not at all, and
  /// would take many more.
  var isSlow: Bool {
    let last = trace.count - 1
    guard isWatched, Self.watch.contains(last), isSlow(at: last) else { return false }
    return last == 2 ? trace[2] > Self.still * trace[1] : isSlow(at: last - 1)
  }

  /// Whether an iteration brought little, and all after the first too, half an iteration forgiven.
  private func isSlow(at iteration: Int) -> Bool {
    let (here, elapsed) = (trace[iteration], Double(iteration) - 1.5)
    guard here * Self.fastReduction > trace[iteration - 1], let largest = trace[...iteration].max() else {
      return false
    }
    let (fallen, rest) = (log(largest / here), log(here / relative(target)))
    return fallen < elapsed * log(Self.fastReduction) && rest * elapsed > Self.fewIterations * fallen
  }
}
