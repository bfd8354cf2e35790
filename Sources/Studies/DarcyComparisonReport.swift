import Foundation

/// A comparison as a table: one row a model or setting, medians over samples for times, means for errors.
public struct DarcyComparisonReport: Codable, Sendable {
  /// One row.
  public struct Row: Codable, Sendable {
    /// Model, or solver and grid.
    public let name: String
    /// Whether it is a trained model.
    public let isModel: Bool
    /// Vertices a side of its grid.
    public let grid: Int
    /// The residual at which a classical solve stops; nil for models.
    public let tolerance: Double?
    /// Mean relative L² error against the reference.
    public let meanError: Double
    /// Largest relative L² error.
    public let maxError: Double
    /// Mean relative PDE residual: for models on the stored grid's stencil, for classical solves on their own grid's.
    public let meanResidual: Double
    /// Mean evaluations of the block, or iterations; nil for models without an equilibrium.
    public let iterations: Double?
    /// Samples not converged.
    public let unconverged: Int
    /// Median seconds for one sample alone.
    public let seconds: Double
    /// Seconds a sample in batches; nil for classical solves.
    public let batchedSeconds: Double?
  }

  /// Samples compared.
  public let samples: Int
  /// Estimated mean relative L² error of the reference itself.
  public let labelError: Double?
  /// Mean relative residual of the reference on the stored grid's stencil.
  public let labelResidual: Double
  /// Models first.
  public let rows: [Row]

  /// The table of a result.
  public init(_ result: DarcyComparisonResult) {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    samples = result.positions.count
    labelError = result.labelError
    labelResidual = mean(result.labelResiduals)
    let stored = result.reference[0].shape[0]
    rows =
      result.models.map { model in
        Row(
          name: model.name, isModel: true, grid: stored, tolerance: nil, meanError: mean(model.errors),
          maxError: model.errors.max() ?? 0, meanResidual: mean(model.residuals),
          iterations: model.evaluations.isEmpty ? nil : mean(model.evaluations.map(Double.init)),
          unconverged: model.unconverged, seconds: median(model.seconds), batchedSeconds: model.batchedSeconds)
      }
      + result.classical.map { classical in
        Row(
          name: "multigrid-CG", isModel: false, grid: classical.setting.grid, tolerance: classical.setting.tolerance,
          meanError: mean(classical.errors), maxError: classical.errors.max() ?? 0,
          meanResidual: mean(classical.residuals), iterations: mean(classical.iterations.map(Double.init)),
          unconverged: classical.unconverged, seconds: median(classical.seconds), batchedSeconds: nil)
      }
  }

  /// The table for people.
  public var text: String {
    var lines = [
      row("", "grid", "stop at", "rel. L2 error", "max", "PDE residual", "iterations", "ms/sample", "in batches")
    ]
    for entry in rows {
      lines.append(
        row(
          entry.name, "\(entry.grid)", entry.tolerance.map { String(format: "%.0e", $0) } ?? "–",
          percent(entry.meanError), percent(entry.maxError), String(format: "%.2g", entry.meanResidual),
          entry.iterations.map { String(format: "%.1f", $0) } ?? "–", String(format: "%.2f", 1e3 * entry.seconds),
          entry.batchedSeconds.map { String(format: "%.2f", 1e3 * $0) } ?? "–"))
    }
    lines.append("")
    lines.append(
      "\(samples) samples no model has seen; errors against the stored solutions"
        + (labelError.map { ", whose own error is about \(percent($0))" } ?? "")
        + "; their residual on the stored grid is \(String(format: "%.2g", labelResidual)).")
    return lines.joined(separator: "\n")
  }

  private func row(_ cells: String...) -> String {
    let widths = [14, 5, 8, 14, 9, 13, 11, 10, 11]
    return zip(cells, widths).enumerated().map { column, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return column == 0 ? cell.0 + padding : padding + cell.0
    }.joined(separator: " ")
  }

  private func percent(_ value: Double) -> String { String(format: "%.3g %%", 100 * value) }
}
