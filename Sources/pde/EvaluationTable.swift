import Foundation
import Studies

/// The lines of `pde eval` for people.
enum EvaluationTable {
  static func text(_ report: EvaluationReport, data: String) -> String {
    var lines = [
      "\(report.model) on \(report.samples) samples of \(data) (\(report.part.rawValue))",
      "relative L2 error             mean    median       p95       max",
      row(report.model, report.relativeL2), row("mean field", report.meanFieldRelativeL2),
      "largest pointwise error \(String(format: "%.3g", report.maximumError)), "
        + "\(String(format: "%.2f", 1e3 * report.secondsPerSample)) ms/sample"
        + (report.evaluations.map { String(format: ", %.1f block evaluations", $0) } ?? ""),
    ]
    if let labelError = report.labelError {
      lines.append("the labels themselves are off by about \(Percent(labelError))")
    }
    lines += (report.metrics ?? []).flatMap(measures)
    return lines.joined(separator: "\n")
  }

  static func text(_ evaluation: GridEvaluation, data: String) -> String {
    let trained = evaluation.trainingGrid.reversed().map(String.init).joined(separator: " × ")
    var lines = [
      "\(evaluation.model), trained on \(trained) points, on samples of \(data) (\(evaluation.part.rawValue))",
      row("grid", ["samples", "mean", "median", "p95", "max", "labels", "ms/sample"]),
    ]
    lines += evaluation.rows.map { row in
      let d = row.relativeL2
      let name = row.points.reversed().map(String.init).joined(separator: " × ") + " " + row.origin.rawValue
      return Self.row(
        name,
        ["\(row.samples)"] + [d.mean, d.median, d.p95, d.max].map { Percent($0).description } + [
          row.labelError.map { Percent($0).description } ?? "–", String(format: "%.2f", 1e3 * row.secondsPerSample),
        ])
    }
    lines.append("Relative L2 errors; labels: the estimated error of the labels themselves.")
    if evaluation.rows.contains(where: { $0.origin == .subsampled }) {
      lines.append("Subsampled labels keep the error of the stored ones.")
    }
    if evaluation.hasFixedPadding {
      lines.append("The model's padding is a number of points, another part of the domain on every grid.")
    }
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ d: EvaluationReport.Distribution) -> String {
    row(name, [d.mean, d.median, d.p95, d.max].map { Percent($0).description })
  }

  private static func row(_ name: String, _ cells: [String], width: Int = 10) -> String {
    name.padding(toLength: 24, withPad: " ", startingAt: 0)
      + cells.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }.joined()
  }

  private static func measures(_ metrics: FieldMetrics) -> [String] {
    let (published, corrected) = (metrics.pdebench, metrics.corrected)
    func row(_ name: String, _ value: (ErrorMeasures) -> Double?) -> String {
      Self.row(
        name, [published, corrected].map { value($0).map { String(format: "%.4g", $0) } ?? "–" }, width: 16)
    }
    return [
      "", Self.row(metrics.field, ["PDEBench's code", "corrected"], width: 16),
      row("RMSE") { $0.rmse }, row("nRMSE") { $0.nrmse }, row("cRMSE") { $0.crmse }, row("bRMSE") { $0.brmse },
      row("fRMSE low, |k| < 4") { $0.frmse.low }, row("fRMSE middle, < 12") { $0.frmse.middle },
      row("fRMSE high") { $0.frmse.high }, row("maximum") { $0.maximum },
      "relative H1 error \(Percent(metrics.relativeH1))",
    ]
  }
}
