import Foundation

/// The learning rate over a run, relative to its peak.
public struct RateSchedule: Codable, Hashable, Sendable {
  /// What it does behind the rise.
  public enum Shape: String, Codable, Sendable, CaseIterable {
    /// Stays at the peak.
    case constant
    /// Half a cosine to 0 at the end of the run, step by step (Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5, without
    /// restarts).
    case cosine
    /// Falls by `factor` every `interval` epochs.
    case step
    /// Falls by `factor` when `interval` epochs have not brought a smaller validation error, and counts anew.
    case plateau
  }

  /// What it does behind the rise.
  public var shape = Shape.cosine
  /// Optimiser steps over which the rate first rises to its peak, along a line from 0.
  public var rampSteps = 0
  /// Of `step` and `plateau`.
  public var factor = 0.5
  /// Epochs, of `step` and `plateau`; nil for a fifth of the run, the published choice for Fourier neural operators (Li et
  /// al. 2021), and 10.
  public var interval: Int?

  private static let plateauInterval = 10

  /// A cosine without a rise.
  public init() {}

  /// The rate of one step as a fraction of the peak.
  ///
  /// - Parameters:
  ///   - step: counted from 0 over the whole run.
  ///   - stepsPerEpoch: of the run.
  ///   - epochs: of the whole run.
  ///   - errors: the validation errors of the epochs before; only `plateau` looks at them.
  public func fraction(at step: Int, stepsPerEpoch: Int, epochs: Int, after errors: [Double]) -> Double {
    if step < rampSteps { return Double(step + 1) / Double(rampSteps) }
    switch shape {
    case .constant: return 1
    case .cosine:
      let steps = max(epochs * stepsPerEpoch - rampSteps, 1)
      return 0.5 * (1 + cos(.pi * Double(min(step - rampSteps, steps)) / Double(steps)))
    case .step:
      let drops = step / stepsPerEpoch / (interval ?? max(epochs / 5, 1))
      return pow(factor, Double(drops))
    case .plateau: return pow(factor, Double(plateaus(errors)))
    }
  }

  private func plateaus(_ errors: [Double]) -> Int {
    let patience = interval ?? Self.plateauInterval
    var (best, waited, count) = (Double.infinity, 0, 0)
    for error in errors {
      waited = error < best ? 0 : waited + 1
      best = min(best, error)
      if waited == patience { (waited, count) = (0, count + 1) }
    }
    return count
  }
}
