public import DatasetIO
import Foundation
public import Plots
public import Solvers
public import Tensors

/// One problem with its solution, ready to be reported, stored and drawn, whatever equation it is.
public struct SolvedProblem: Sendable {
  /// What is solved, in a line.
  public var title: String
  /// The method, for the report and the file.
  public var method: String
  /// What one entry of the trace counts: "iteration" or "Newton step".
  public var step: String
  /// The points of the fields.
  public var grid: GridAxes
  /// The fields, in the order in which they are stored and drawn.
  public var fields: [SolvedField]
  /// How the solve ended.
  public var termination: Termination
  /// Iterations of the solve.
  public var iterations: Int
  /// The relative residual, computed anew from the solution.
  public var residual: Double
  /// The relative residual at the start and after every step.
  public var trace: [Double]
  /// The estimated relative L² error of the discretisation; nil where there is no estimate.
  public var labelError: Double?
  /// Wall-clock seconds of the solve.
  public var seconds: Double
  /// Other numbers worth knowing, in order.
  public var facts: [Fact]
  /// What was special about each entry of the trace, such as the stage it belongs to; empty when nothing was.
  public var stepNotes: [String] = []
  /// Charts that are drawn after the fields.
  public var charts: [LineChart] = []
  /// Papers.
  public var references = ""

  /// A field over the grid.
  public struct SolvedField: Sendable {
    /// Its name in files.
    public let name: String
    /// What it is, in words.
    public let longName: String
    let values: Tensor<Double>

    /// A field [ny, nx].
    public init(_ name: String, _ longName: String, _ values: Tensor<Double>) {
      self.name = name
      self.longName = longName
      self.values = values
    }
  }

  /// A number with its name.
  public struct Fact: Codable, Sendable {
    /// Its name in the file and in JSON, lower case with underscores.
    public let name: String
    /// What it is, in words.
    public let longName: String
    /// Its value.
    public let value: Double

    /// A number under a name.
    public init(_ name: String, _ longName: String, _ value: Double) {
      self.name = name
      self.longName = longName
      self.value = value
    }
  }

  /// What `--json` prints.
  public struct Report: Encodable, Sendable {
    let title: String
    let method: String
    let outcome: String
    let iterations: Int
    let residual: Double
    let trace: [Double]
    let labelError: Double?
    let seconds: Double
    let facts: [Fact]
  }

  /// The numbers of the solve.
  public var report: Report {
    Report(
      title: title, method: method, outcome: termination.flag, iterations: iterations, residual: residual, trace: trace,
      labelError: labelError, seconds: seconds, facts: facts)
  }

  /// The convergence history and the verdict, for a person.
  public var text: String {
    var lines = [title, method, "", "\(step.padding(toLength: 12, withPad: " ", startingAt: 0)) relative residual"]
    for (number, residual) in trace.enumerated() {
      let index = String(repeating: " ", count: max(0, step.count - "\(number)".count)) + "\(number)"
      let note = stepNotes.indices.contains(number) ? "  " + stepNotes[number] : ""
      lines.append(index.padding(toLength: 12, withPad: " ", startingAt: 0) + String(format: " %.3e", residual) + note)
    }
    lines += ["", "\(termination.flag): \(termination.explanation)"]
    lines.append(
      String(format: "relative residual %.2e, computed anew from the solution; %.1f ms", residual, 1e3 * seconds))
    if let labelError { lines.append(String(format: "estimated discretisation error %.3g %%", 100 * labelError)) }
    lines += facts.map { String(format: "\($0.longName) %.7g", $0.value) }
    return lines.joined(separator: "\n")
  }

  /// Stores the fields with a `sample` dimension of length 1; the file appears whole.
  public func write(to path: String, isDouble: Bool, overwrite: Bool, provenance: Provenance) throws {
    let precision: StoredPrecision = isDouble ? .double : .single
    let hasTrace = !trace.isEmpty
    let layout = FieldFileLayout(
      grid: grid,
      fields: fields.map {
        FieldVariable($0.name, $0.longName, precision: precision, ancillary: [SampleVariable.solverOutcome.name])
      },
      perSample: [.solverOutcome, .solverIterations, .solverResidual, .labelError]
        + facts.map { SampleVariable($0.name, $0.longName) },
      traces: hasTrace
        ? [TraceVariable("residual_trace", "relative residual after each \(step)", length: trace.count)] : [],
      description: FileDescription(title: title, summary: method, references: references))
    let writer = try FieldFileWriter(creating: path, layout: layout, provenance: provenance, overwrite: overwrite)
    try writer.append(
      samples: [0],
      fields.map { field in
        let values = field.values.reshaped(to: [1] + field.values.shape)
        return isDouble ? .field(field.name, values) : .field(field.name, Tensor<Float>(converting: values))
      } + [
        .outcomes([SampleOutcome(termination)]), .integers(SampleVariable.solverIterations.name, [iterations]),
        .reals(SampleVariable.solverResidual.name, [residual]),
        .reals(SampleVariable.labelError.name, [labelError ?? .nan]),
      ] + facts.map { .reals($0.name, [$0.value]) } + (hasTrace ? [.traces("residual_trace", [trace])] : []))
    try writer.finish()
  }

  /// The fields and how the residual fell.
  public func figure() -> Figure {
    let domain = FieldDomain(x: grid.x.lower...grid.x.upper, y: grid.y.lower...grid.y.upper)
    var panels: [Panel] = fields.map {
      .heatMap(
        HeatMap($0.values, title: $0.longName, colours: .suiting($0.values.elements), domain: domain))
    }
    panels += charts.map { .lineChart($0) }
    let residuals = trace.filter { $0 > 0 && $0.isFinite }
    if residuals.count > 1 {
      panels.append(
        .lineChart(
          LineChart(
            title: "Convergence", x: Axis(step), y: Axis("relative residual", scale: .logarithmic),
            series: [
              Series(
                nil, x: residuals.indices.map(Double.init), y: residuals,
                style: SeriesStyle(Palette.colour(0), marker: MarkerStyle(.circle)))
            ])))
    }
    let columns = panels.count <= 3 ? panels.count : (panels.count + 1) / 2
    let rows = stride(from: 0, to: panels.count, by: columns).map {
      Array(panels[$0..<min($0 + columns, panels.count)])
    }
    return Figure(title: title, subtitle: method, panels: rows)
  }
}

extension ColourScale {
  /// Symmetric about zero for values of both signs, neither of which is a mere trace of the other; where a few points
  /// outshine all others, as at the corners of a cavity, they share the colour at the end.
  static func suiting(_ values: [Double]) -> ColourScale {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last else { return .sequential() }
    // A tenth: undershoots of a positive quantity do not make it a signed one.
    guard low < 0 && high > 0 && min(-low, high) > 0.1 * max(-low, high) else { return .sequential() }
    let magnitudes = sorted.map(abs).sorted()
    let common = magnitudes[magnitudes.count * 98 / 100]
    return .diverging(common > 0 && magnitudes[magnitudes.count - 1] > 5 * common ? common : nil)
  }
}
