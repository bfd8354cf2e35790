/// A training run at a glance: losses, learning rate and equilibrium evaluations against the epoch.
public struct TrainingCurves: Sendable {
  /// One quantity over epochs.
  public struct Curve: Sendable {
    /// The name in the legend.
    public var label: String
    /// The epochs, as numbers.
    public var epochs: [Double]
    /// The quantity at those epochs.
    public var values: [Double]

    /// A curve; both arrays have one length.
    public init(_ label: String, epochs: [Double], values: [Double]) {
      precondition(epochs.count == values.count, "\(values.count) values for \(epochs.count) epochs")
      self.label = label
      self.epochs = epochs
      self.values = values
    }
  }

  /// The losses, drawn on a logarithmic axis.
  public var losses: [Curve]
  /// The axis label of the losses.
  public var lossLabel: String
  /// The loss whose lowest value is marked; nil for none.
  public var bestOf: Int?
  /// The learning rate; nil leaves its panel out.
  public var learningRate: Curve?
  /// Evaluations of the equilibrium map per solve; empty leaves the panel out.
  public var evaluations: [Curve]

  /// A run; panels without data are left out.
  public init(
    losses: [Curve], lossLabel: String = "relative L² loss", bestOf: Int? = nil, learningRate: Curve? = nil,
    evaluations: [Curve] = []
  ) {
    precondition(bestOf.map(losses.indices.contains) ?? true, "there is no loss \(bestOf ?? 0) to mark the best of")
    self.losses = losses
    self.lossLabel = lossLabel
    self.bestOf = bestOf
    self.learningRate = learningRate
    self.evaluations = evaluations
  }

  /// The picture.
  public func figure(title: String, subtitle: String = "") -> Figure {
    var panels = [lossPanel]
    if let learningRate {
      panels.append(sidePanel("Learning rate", [learningRate], label: ""))
    }
    if !evaluations.isEmpty {
      panels.append(sidePanel("Equilibrium evaluations", evaluations, label: "evaluations per solve"))
    }
    return Figure(title: title, subtitle: subtitle, panels: [panels])
  }

  private var lossPanel: Panel {
    var series = losses.enumerated().map { i, curve in
      Series(curve.label, x: curve.epochs, y: curve.values, style: .line(i))
    }
    if let bestOf,
      let best = zip(losses[bestOf].epochs, losses[bestOf].values).filter({ $1 > 0 }).min(by: { $0.1 < $1.1 })
    {
      series.append(
        Series(
          nil, x: [best.0], y: [best.1],
          style: SeriesStyle(Palette.colour(bestOf), line: nil, marker: MarkerStyle(.star, size: 7)),
          pointLabels: ["best \(NumberLabel.short(best.1)) at epoch \(NumberLabel.short(best.0, digits: 6))"]))
    }
    var chart = LineChart(
      title: "Loss", x: Axis("epoch", scale: .whole), y: Axis(lossLabel, scale: .logarithmic), series: series)
    chart.size = PlotSize(width: 340, height: 220)
    return .lineChart(chart)
  }

  private func sidePanel(_ title: String, _ curves: [Curve], label: String) -> Panel {
    let series = curves.enumerated().map { i, curve in
      Series(curves.count > 1 ? curve.label : nil, x: curve.epochs, y: curve.values, style: .line(i))
    }
    var chart = LineChart(title: title, x: Axis("epoch", scale: .whole), y: Axis(label), series: series)
    chart.size = PlotSize(width: 200, height: 220)
    return .lineChart(chart)
  }
}
