/// Why an iteration stopped, one verdict per sample; the raw values are the flags of the file format.
///
/// Each case carries its sentence for a person, with advice; see ``explanation``.
public enum Termination: UInt8, CaseIterable, Sendable {
  /// The tolerance is met at the returned point.
  case converged = 0
  /// The evaluations allowed were spent while the residual was still falling.
  case iterationLimit = 1
  /// The residual stopped falling above the tolerance.
  case stagnated = 2
  /// The residual grew far beyond its first value, or ended above it.
  case diverged = 3
  /// A value became infinite or NaN.
  case nonfinite = 4

  /// The name used in files and tables, lower case with underscores.
  public var flag: String {
    switch self {
    case .converged: "converged"
    case .iterationLimit: "iteration_limit"
    case .stagnated: "stagnated"
    case .diverged: "diverged"
    case .nonfinite: "nonfinite"
    }
  }

  /// One sentence that says what happened and what to do about it.
  public var explanation: String {
    switch self {
    case .converged:
      "the tolerance is met at the returned point"
    case .iterationLimit:
      "the iteration limit was reached while the residual was still falling; raise the limit or loosen the tolerance"
    case .stagnated:
      "the residual stopped falling above the tolerance; loosen the tolerance to what the precision allows, "
        + "compute in double precision, or use another method"
    case .diverged:
      "the residual grew beyond its first value; the map is not a contraction here: damp the iteration, "
        + "start nearer to the solution, or use another method"
    case .nonfinite:
      "a value became infinite or NaN; check the input for NaN, then the map for overflow or division by zero"
    }
  }
}

extension Termination: CustomStringConvertible {
  /// For messages.
  public var description: String { explanation }
}
