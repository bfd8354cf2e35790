public import Plots

extension FieldMetrics {
  /// The energy of truth, prediction and error by wavenumber, a panel a field.
  public static func figure(_ metrics: [FieldMetrics], model: String) -> Figure {
    let panels = metrics.map { metrics -> Panel in
      let spectrum = metrics.spectrum
      // A logarithmic axis has no place for the mean.
      let shown = spectrum.wavenumber.indices.dropFirst()
      func series(_ label: String, _ values: [Double], _ index: Int) -> Series {
        Series(
          label, x: shown.map { Double(spectrum.wavenumber[$0]) }, y: shown.map { values[$0] }, style: .line(index))
      }
      var chart = LineChart(
        title: metrics.field, x: Axis("wavenumber, cycles a side", scale: .logarithmic),
        y: Axis("energy", scale: .logarithmic),
        series: [
          series("truth", spectrum.truth, 0), series("prediction", spectrum.prediction, 1),
          series("error", spectrum.error, 2),
        ])
      chart.size = PlotSize(width: 400, height: 270)
      return .lineChart(chart)
    }
    return Figure(title: "Energy spectra of \(model)", panels: panels.map { [$0] })
  }
}
