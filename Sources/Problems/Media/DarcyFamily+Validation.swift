extension DarcyFamily {
  /// Checks every number of the description.
  ///
  /// - Throws: ``MediumError`` for a permeability or a length that is not positive and finite, a negative number of objects,
  ///   no layer, or a log-normal medium of a field without a variance (α ≤ 1).
  public func validate() throws(MediumError) {
    switch medium {
    case .threshold(let high, let low):
      try MediumError.checkPositive(["high permeability": high, "low permeability": low])
    case .logNormal(let mean, let standardDeviation):
      guard law.alpha > 1 else { throw .noVariance(alpha: law.alpha) }
      try MediumError.checkFinite("mean logarithm of the permeability", mean)
      guard standardDeviation >= 0, standardDeviation.isFinite else {
        throw .negative("standard deviation of the logarithm of the permeability", value: standardDeviation)
      }
    case .discs(let count, let radius, let inside, let outside):
      guard count >= 0 else { throw .tooFew("discs", count: count, least: 0) }
      try Self.check("radius", radius)
      try MediumError.checkPositive([
        "permeability inside the discs": inside, "permeability outside the discs": outside,
      ])
    case .channels(let count, let width, let inside, let outside):
      guard count >= 0 else { throw .tooFew("channels", count: count, least: 0) }
      try Self.check("width", width)
      try MediumError.checkPositive(
        ["permeability inside the channels": inside, "permeability outside the channels": outside])
    case .layers(let count, _, let values):
      guard count >= 1 else { throw .tooFew("layers", count: count, least: 1) }
      try Self.check("permeability", values)
    }
  }

  private static func check(_ name: String, _ range: ClosedRange<Double>) throws(MediumError) {
    try MediumError.checkPositive(["least \(name)": range.lowerBound, "greatest \(name)": range.upperBound])
  }
}
