/// What accuracy costs: classical solvers as curves over their tolerances, learned models as single points.
public struct ErrorAgainstTime: Sendable {
  /// One measured solve.
  public struct Measurement: Sendable {
    /// What stands beside the point, such as a tolerance or a model's name.
    public var label: String
    /// Seconds per sample.
    public var seconds: Double
    /// The error, relative.
    public var error: Double

    /// A measurement.
    public init(_ label: String, seconds: Double, error: Double) {
      self.label = label
      self.seconds = seconds
      self.error = error
    }
  }

  /// One classical method on one grid.
  public struct Curve: Sendable {
    /// The name in the legend.
    public var label: String
    /// Its measurements, in the order in which they are joined.
    public var points: [Measurement]

    /// A curve.
    public init(_ label: String, points: [Measurement]) {
      self.label = label
      self.points = points
    }
  }

  /// Classical solvers.
  public var classical: [Curve]
  /// Learned models, drawn large and named in place.
  public var models: [Measurement]
  /// The error of the labels themselves: nothing measured against them means anything below it.
  public var labelError: Double?
  /// The label of the vertical axis.
  public var errorLabel: String

  /// A comparison; the label error draws a horizontal line.
  public init(
    classical: [Curve], models: [Measurement], labelError: Double?, errorLabel: String = "relative L² error"
  ) {
    self.classical = classical
    self.models = models
    self.labelError = labelError
    self.errorLabel = errorLabel
  }

  /// The picture.
  public func figure(title: String, subtitle: String = "") -> Figure {
    let curves = classical.enumerated().map { i, curve in
      Series(
        curve.label, x: curve.points.map(\.seconds), y: curve.points.map(\.error), style: .lineWithMarkers(i),
        pointLabels: curve.points.map(\.label))
    }
    let large = models.enumerated().map { i, model in
      Series(
        nil, x: [model.seconds], y: [model.error],
        style: SeriesStyle(Palette.colour(classical.count + i), line: nil, marker: MarkerStyle(.star, size: 11)),
        pointLabels: [model.label])
    }
    var chart = LineChart(
      x: Axis("time per sample (s)", scale: .logarithmic), y: Axis(errorLabel, scale: .logarithmic),
      series: curves + large, references: labelError.map { [ReferenceLine("error of the labels", at: $0)] } ?? [])
    chart.size = PlotSize(width: 460, height: 310)
    return Figure(title: title, subtitle: subtitle, panels: [[.lineChart(chart)]])
  }
}
