/// What the sizes of an operator's conductances ask of a solver.
struct Scaling {
  /// A power of four near the inverse of the largest conductance: exact to multiply by and to take the root of.
  let unit: Double
  /// The ratio of the largest to the least positive conductance between unknowns or through an edge.
  let contrast: Double
  let isFinite: Bool
  /// Above the norm of the operator: twice the largest possible diagonal.
  private let norm: Double
  /// The mean conductance of an unknown to the value 0 as a part of the largest diagonal that is possible.
  private let anchor: Double
  /// Whether nothing conducts to the value 0.
  let isSingular: Bool

  /// The contrasts for which spread weights (``Multigrid``) pay: at 10² they save a quarter of the iterations with
  /// channels one cell wide and up to a half with random cells, which then need no ``AlgebraicMultigrid``; at 10⁴ they cost
  /// one or two with smooth inclusions and save none of its uses.
  private static let spreadContrasts = 32.0...4e4

  init(_ a: FivePointOperator) {
    let range = a.conductanceRange
    isFinite = range.largest.isFinite && range.largest > 0
    norm = 2 * (4 * range.largest + range.largestGround)
    unit = isFinite ? Double(sign: .plus, exponent: -range.largest.exponent / 2 * 2, significand: 1) : 1
    contrast = range.leastFace < .infinity ? range.largest / range.leastFace : 1
    isSingular = a.isSingular
    anchor = a.groundedConductance / (4 * range.largest * Double(a.rows * a.columns))
  }

  /// The residual as a part of what rounding of operator, solution and right-hand side is measured by.
  func backwardError(residual: Double, solution: Double, rightHandSide: Double) -> Double {
    let scale = norm * solution + rightHandSide
    return residual == 0 ? 0 : residual / scale
  }

  var spreads: Bool { Self.spreadContrasts.contains(contrast) }

  var suitsSingle: Bool {
    contrast <= ConjugateGradient.singleContrast && (isSingular || anchor >= ConjugateGradient.singleAnchor)
  }
}
