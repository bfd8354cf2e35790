public import Tensors

/// Fields side by side, one sample a row: input, truth, prediction, and prediction minus truth.
///
/// Truth and prediction of a row share one colour range and one colour bar; the error has its own, symmetric about zero.
public struct FieldComparison: Sendable {
  /// One row.
  public struct Sample: Sendable {
    /// What stands to the left of the row; a line feed begins a second line.
    public var label: String
    let input: Tensor<Double>?
    let truth: Tensor<Double>
    let prediction: Tensor<Double>

    /// A sample from fields of shape [ny, nx]; truth and prediction have one shape.
    public init<Scalar: TensorScalar>(
      _ label: String, input: Tensor<Scalar>?, truth: Tensor<Scalar>, prediction: Tensor<Scalar>
    ) {
      precondition(
        truth.shape == prediction.shape, "truth \(truth.shape) and prediction \(prediction.shape) differ in shape")
      self.label = label
      self.input = input.map { Tensor(converting: $0) }
      self.truth = Tensor(converting: truth)
      self.prediction = Tensor(converting: prediction)
    }
  }

  /// The name and unit of the input, such as "permeability a".
  public var inputName: String
  /// The name and unit of the answer, such as "pressure u".
  public var outputName: String
  /// Where the fields lie.
  public var domain: FieldDomain
  /// The rows.
  public var samples: [Sample]

  /// A comparison of samples over one domain.
  public init(inputName: String, outputName: String, domain: FieldDomain = .unitSquare, samples: [Sample]) {
    self.inputName = inputName
    self.outputName = outputName
    self.domain = domain
    self.samples = samples
  }

  /// The picture.
  public func figure(title: String, subtitle: String = "") -> Figure {
    var figure = Figure(title: title, subtitle: subtitle, panels: samples.indices.map(row))
    figure.rowLabels = samples.map(\.label)
    return figure
  }

  private func row(_ index: Int) -> [Panel] {
    let sample = samples[index]
    let (first, last) = (index == 0, index == samples.count - 1)
    let shared = ColourScale.sequential((sample.truth.elements + sample.prediction.elements).finiteRange)
    func map(_ field: Tensor<Double>, _ title: String, _ colours: ColourScale, bar: String?, left: Bool) -> Panel {
      var map = HeatMap(field, title: first ? title : "", colours: colours, domain: domain, barLabel: bar)
      map.labelled = []
      if last { map.labelled.insert(.x) }
      if left { map.labelled.insert(.y) }
      return .heatMap(map)
    }
    var panels: [Panel] = []
    if let input = sample.input {
      panels.append(map(input, inputName, .sequential(map: .sandBrown), bar: "", left: true))
    }
    let error = sample.prediction - sample.truth
    return panels + [
      map(sample.truth, "\(outputName): truth", shared, bar: nil, left: sample.input == nil),
      map(sample.prediction, "\(outputName): prediction", shared, bar: "", left: false),
      map(error, "prediction − truth", .diverging(), bar: "", left: false),
    ]
  }
}
