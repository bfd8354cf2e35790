import Solvers

/// What a finished generation reports.
public struct DatasetSummary: Codable, Hashable, Sendable {
  /// Samples written.
  public private(set) var samples = 0
  /// Samples whose solver did not converge; they are in the file, flagged.
  public private(set) var unconverged = 0
  /// How many samples ended in each way, by the flag of the file; ways that did not occur are absent.
  public private(set) var outcomes: [String: Int] = [:]
  /// Mean iterations of the solver.
  public private(set) var meanIterations = 0.0
  /// The largest relative residual of a converged sample.
  public private(set) var worstResidual = 0.0
  /// The mean estimated relative L² error of a stored solution; nil where it could not be estimated.
  public private(set) var meanLabelError: Double?

  private enum CodingKeys: String, CodingKey {
    case samples, unconverged, outcomes, meanIterations, worstResidual, meanLabelError
  }

  private var iterations = 0
  private var labelErrorSum = 0.0
  private var labelErrorCount = 0

  /// Nothing yet.
  init() {}

  /// Adds one sample.
  mutating func add(_ termination: Termination, iterations: Int, residual: Double, labelError: Double?) {
    samples += 1
    self.iterations += iterations
    meanIterations = Double(self.iterations) / Double(samples)
    outcomes[termination.flag, default: 0] += 1
    if let labelError {
      labelErrorSum += labelError
      labelErrorCount += 1
      meanLabelError = labelErrorSum / Double(labelErrorCount)
    }
    if termination == .converged {
      worstResidual = max(worstResidual, residual)
    } else {
      unconverged += 1
    }
  }
}
