/// Conditions as they are typed and stored: `dirichlet=1`, `neumann=0`, `robin=2,1` (coefficient, value), `periodic`.
extension BoundaryCondition: LosslessStringConvertible {
  /// The condition that a text names, with one number for the whole side.
  public init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers =
      parts.count == 2 ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) } : []
    let values = numbers.compactMap { $0 }.filter(\.isFinite)
    guard values.count == numbers.count else { return nil }
    switch (parts[0], values.count, parts.count) {
    case ("dirichlet", 1, 2): self = .dirichlet(.constant(values[0]))
    case ("neumann", 1, 2): self = .neumann(.constant(values[0]))
    case ("robin", 2, 2): self = .robin(coefficient: values[0], value: .constant(values[1]))
    case ("periodic", 0, 1): self = .periodic
    default: return nil
    }
  }

  /// The text of the condition; values that differ along the side are counted, not listed.
  public var description: String {
    switch self {
    case .dirichlet(let values): "dirichlet=\(values)"
    case .neumann(let values): "neumann=\(values)"
    case .robin(let coefficient, let values): "robin=\(coefficient),\(values)"
    case .periodic: "periodic"
    }
  }
}

extension BoundaryCondition: Codable {
  /// Reads the text of a condition.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let condition = BoundaryCondition(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a boundary condition"))
    }
    self = condition
  }

  /// Writes the text of the condition.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension BoundaryValues: CustomStringConvertible {
  /// The number, or how many there are.
  public var description: String {
    switch self {
    case .constant(let value): "\(value)"
    case .vertices(let values): "\(values.count) values"
    }
  }
}
