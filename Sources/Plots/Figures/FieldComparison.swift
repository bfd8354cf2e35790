public import Tensors

/// Fields side by side, one sample a row: input, truth and, where there is one, prediction and prediction minus truth.
///
/// Truth and prediction of a row share one colour range and one colour bar; the error has its own, symmetric about zero.
public struct FieldComparison: Sendable {
  /// What a column of fields shows.
  public struct Quantity: Sendable {
    /// Whether zero is a value like others or the middle of two signs.
    public enum Sign: Sendable {
      /// Colours run from the lowest to the highest value.
      case unsigned
      /// Colours are symmetric about a neutral zero.
      case signed
    }

    /// Name, symbol and unit, such as "pressure u".
    public var name: String
    /// How its colours are chosen.
    public var sign: Sign

    /// A quantity.
    public init(_ name: String, sign: Sign = .unsigned) {
      self.name = name
      self.sign = sign
    }

    func colours(_ values: [Double], map: ColourMap) -> ColourScale {
      let range = values.finiteRange
      switch sign {
      case .unsigned: return .sequential(range, map: map)
      case .signed: return .diverging(range.map { max(abs($0.lowerBound), abs($0.upperBound)) })
      }
    }
  }

  /// One row.
  public struct Sample: Sendable {
    /// What stands to the left of the row; a line feed begins a second line.
    public var label: String
    let input: Tensor<Double>?
    let truth: Tensor<Double>
    let prediction: Tensor<Double>?

    /// A sample from fields of shape [ny, nx]; truth and prediction have one shape.
    public init<Scalar: TensorScalar>(
      _ label: String, input: Tensor<Scalar>?, truth: Tensor<Scalar>, prediction: Tensor<Scalar>? = nil
    ) {
      precondition(
        prediction.map { $0.shape == truth.shape } ?? true,
        "truth \(truth.shape) and prediction \(prediction?.shape ?? []) differ in shape")
      self.label = label
      self.input = input.map { Tensor(converting: $0) }
      self.truth = Tensor(converting: truth)
      self.prediction = prediction.map { Tensor(converting: $0) }
    }
  }

  /// What the input is.
  public var input: Quantity
  /// What truth and prediction are.
  public var output: Quantity
  /// Where the fields lie.
  public var domain: FieldDomain
  /// The rows.
  public var samples: [Sample]

  /// A comparison of samples over one domain.
  public init(input: Quantity, output: Quantity, domain: FieldDomain = .unitSquare, samples: [Sample]) {
    self.input = input
    self.output = output
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
    var panels: [Panel] = []
    func add(_ field: Tensor<Double>, _ title: String, _ colours: ColourScale, bar: String? = "") {
      var map = HeatMap(field, title: index == 0 ? title : "", colours: colours, domain: domain, barLabel: bar)
      map.labelled = []
      if index == samples.count - 1 { map.labelled.insert(.x) }
      if panels.isEmpty { map.labelled.insert(.y) }
      panels.append(.heatMap(map))
    }
    if let field = sample.input {
      // An input of few values is keyed by them, which the open range asks for.
      let open = ColourScale.sequential(map: .sandBrown)
      add(field, input.name, input.sign == .unsigned ? open : input.colours(field.elements, map: .sandBrown))
    }
    guard let prediction = sample.prediction else {
      add(sample.truth, output.name, output.colours(sample.truth.elements, map: .blueGreenYellow))
      return panels
    }
    let shared = output.colours(sample.truth.elements + prediction.elements, map: .blueGreenYellow)
    add(sample.truth, "\(output.name): truth", shared, bar: nil)
    add(prediction, "\(output.name): prediction", shared)
    add(prediction - sample.truth, "prediction − truth", .diverging())
    return panels
  }
}
