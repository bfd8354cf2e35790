/// How residuals fall while equilibria or linear systems are solved: a thin line a sample, a thick one for the median.
public struct ResidualTraces: Sendable {
  /// The traces of one method.
  public struct Group: Sendable {
    /// The method's name.
    public var label: String
    /// Per sample, the residual after evaluation 1, 2, …; traces may differ in length.
    public var traces: [[Double]]

    /// A group of traces.
    public init(_ label: String, traces: [[Double]]) {
      self.label = label
      self.traces = traces
    }

    /// The median over all samples after each evaluation; a sample that ended keeps its last residual, otherwise the
    /// median would rise whenever an easy sample is done.
    package var median: [Double] {
      let started = traces.filter { !$0.isEmpty }
      return (0..<(started.map(\.count).max() ?? 0)).map { i in
        let sorted = started.map { $0[min(i, $0.count - 1)] }.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      }
    }

    func count(below tolerance: Double) -> Int { traces.count { ($0.last ?? .infinity) <= tolerance } }
  }

  /// The methods.
  public var groups: [Group]
  /// The residual at which a solve ends; nil draws no line.
  public var tolerance: Double?
  /// The label of the vertical axis.
  public var residualLabel: String

  /// Traces of one or several methods.
  public init(groups: [Group], tolerance: Double?, residualLabel: String = "relative residual") {
    self.groups = groups
    self.tolerance = tolerance
    self.residualLabel = residualLabel
  }

  /// The picture.
  public func figure(title: String, subtitle: String = "") -> Figure {
    var thin: [Series] = []
    var thick: [Series] = []
    for (i, group) in groups.enumerated() {
      let colour = Palette.colour(i)
      // Many lines add up: the more there are, the fainter each.
      let faint = SeriesStyle(
        colour, line: LineStyle(width: 0.6), opacity: min(0.45, max(0.08, 12 / Double(max(1, group.traces.count)))))
      for trace in group.traces {
        thin.append(Series(nil, x: trace.indices.map { Double($0 + 1) }, y: trace, style: faint))
      }
      let median = group.median
      let reached = tolerance.map { ", \(group.count(below: $0)) of \(group.traces.count) within tolerance" } ?? ""
      thick.append(
        Series(
          "\(group.label): median\(reached)", x: median.indices.map { Double($0 + 1) }, y: median,
          style: SeriesStyle(colour, line: LineStyle(width: 2.4, dash: Palette.dash(i)))))
    }
    var chart = LineChart(
      x: Axis("evaluations", scale: .whole), y: Axis(residualLabel, scale: .logarithmic), series: thin + thick,
      references: tolerance.map { [ReferenceLine("tolerance \(NumberLabel.short($0))", at: $0)] } ?? [])
    chart.size = PlotSize(width: 430, height: 270)
    var figure = Figure(title: title, subtitle: subtitle, panels: [[.lineChart(chart)]])
    figure.footnote = "Thin lines: single samples. Median over all samples; a finished sample keeps its last residual."
    return figure
  }
}
