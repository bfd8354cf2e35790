import Foundation
import Spectral
import Tensors

/// Makes the permeability on one grid from the numbers of one stream.
protocol MediumSource: Sendable {
  /// The permeability at the points of the grid, [ny, nx].
  func permeability(from stream: RandomStream) -> Tensor<Double>
}

/// Two materials by the sign of a Gaussian field.
struct ThresholdMedium: MediumSource {
  let field: GaussianRandomField
  let high: Double
  let low: Double

  func permeability(from stream: RandomStream) -> Tensor<Double> {
    var values = field.sample(from: stream)
    values.withUnsafeMutableBuffer { for i in $0.indices { $0[i] = $0[i] >= 0 ? high : low } }
    return values
  }
}

/// The exponential of a Gaussian field.
struct LogNormalMedium: MediumSource {
  let field: GaussianRandomField
  let mean: Double
  let standardDeviation: Double

  func permeability(from stream: RandomStream) -> Tensor<Double> {
    var values = field.sample(from: stream)
    values.withUnsafeMutableBuffer { for i in $0.indices { $0[i] = exp(mean + standardDeviation * $0[i]) } }
    return values
  }
}

extension RandomStream {
  /// The number that an object has at one of its places, uniform on `range`.
  func uniform(object: Int, place: UInt64, of places: UInt64, in range: ClosedRange<Double>) -> Double {
    let u = uniform(at: UInt64(object) * places + place)
    // Rounding must not leave the range.
    return min(range.lowerBound + u * (range.upperBound - range.lowerBound), range.upperBound)
  }
}
