import Tensors

/// A straight line through a domain, along one axis.
public enum GridLine: Hashable, Sendable {
  /// All y at one x.
  case vertical(x: Double)
  /// All x at one y.
  case horizontal(y: Double)
}

/// A component of the velocity.
public enum VelocityComponent: String, Hashable, Sendable, CaseIterable {
  /// Along x.
  case u
  /// Along y.
  case v
}

/// The smallest or largest value on a line.
public struct ProfileExtremum: Hashable, Sendable {
  /// The coordinate along the line.
  public let position: Double
  /// The value.
  public let value: Double
}

/// A point around which the fluid turns.
public struct Vortex: Hashable, Sendable {
  /// Where.
  public let x: Double
  /// Where.
  public let y: Double
  /// ψ there, negative for a clockwise vortex.
  public let streamFunction: Double
  /// ω there.
  public let vorticity: Double
}

/// The quantities by which cavity flows are compared.
extension BoundedFlowField {
  /// A velocity component at `points` equally spaced points of a line, its ends included.
  public func profile(of component: VelocityComponent, along line: GridLine, points: Int) -> [ProfileExtremum] {
    precondition(points >= 2, "a profile has at least two points, found \(points)")
    return (0..<points).map { index in
      let position = length(of: line) * (Double(index) / Double(points - 1))
      return ProfileExtremum(position: position, value: value(of: component, at: position, on: line).value)
    }
  }

  /// The smallest and the largest value of a component inside a line, the ends left out; positions to rounding.
  public func extrema(
    of component: VelocityComponent, along line: GridLine
  ) -> (smallest: ProfileExtremum, largest: ProfileExtremum) {
    let inner = profile(of: component, along: line, points: Self.samples + 1).dropFirst().dropLast()
    func refined(_ better: (Double, Double) -> Bool) -> ProfileExtremum {
      let best = inner.max { better($1.value, $0.value) } ?? ProfileExtremum(position: 0, value: 0)
      let spacing = length(of: line) / Double(Self.samples)
      var (low, high) = (best.position - spacing, best.position + spacing)
      let atLow = value(of: component, at: low, on: line).slope
      // An extremum between the neighbours is a sign change of the slope; without one the sample stands.
      guard atLow * value(of: component, at: high, on: line).slope < 0 else { return best }
      for _ in 0..<Self.bisections {
        let middle = 0.5 * (low + high)
        if (value(of: component, at: middle, on: line).slope < 0) == (atLow < 0) { low = middle } else { high = middle }
      }
      return ProfileExtremum(position: low, value: value(of: component, at: low, on: line).value)
    }
    return (refined(<), refined(>))
  }

  /// The vortex with the largest |ψ|; nil when |ψ| has no maximum inside, as where the fluid passes through.
  public func primaryVortex() -> Vortex? {
    let count = Self.samples + 1
    let psi = sampled(rows: count, columns: count).streamFunction.elements
    let inner = psi.indices.filter { k in
      (1..<count - 1).contains(k / count) && (1..<count - 1).contains(k % count)
    }
    guard let start = inner.max(by: { abs(psi[$0]) < abs(psi[$1]) }) else { return nil }
    let (dx, dy) = (domain.width / Double(count - 1), domain.height / Double(count - 1))
    let (startX, startY) = (Double(start % count) * dx, Double(start / count) * dy)
    var (x, y) = (startX, startY)
    for _ in 0..<Self.newtonSteps {
      let jet = jet(x: x, y: y)
      let determinant = jet.xx * jet.yy - jet.xy * jet.xy
      // A vortex has closed streamlines around it: a definite second derivative.
      guard determinant > 0 else { return nil }
      x -= (jet.yy * jet.x - jet.xy * jet.y) / determinant
      y -= (jet.xx * jet.y - jet.xy * jet.x) / determinant
      guard abs(x - startX) <= 2 * dx, abs(y - startY) <= 2 * dy else { return nil }
    }
    let found = jet(x: x, y: y)
    return Vortex(x: x, y: y, streamFunction: found.value, vorticity: found.vorticity)
  }

  private func length(of line: GridLine) -> Double {
    switch line {
    case .vertical: domain.height
    case .horizontal: domain.width
    }
  }

  /// A component and its derivative along the line.
  private func value(
    of component: VelocityComponent, at position: Double, on line: GridLine
  ) -> (value: Double, slope: Double) {
    switch line {
    case .vertical(let x):
      let jet = jet(x: x, y: position)
      return component == .u ? (jet.y, jet.yy) : (-jet.x, -jet.xy)
    case .horizontal(let y):
      let jet = jet(x: position, y: y)
      return component == .u ? (jet.y, jet.xy) : (-jet.x, -jet.xx)
    }
  }

  /// Cells of the grid that features are searched on before they are refined: fine enough for boundary layers at Re 10⁴.
  private static let samples = 200
  /// Halvings of a cell down to rounding.
  private static let bisections = 50
  /// Newton's method from the best sample.
  private static let newtonSteps = 8
}
