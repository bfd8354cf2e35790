import Foundation
import Tensors

/// Straight bands across a rectangle.
///
/// The axis of channel i passes through a point that is uniform on the rectangle, at an angle θ to the x axis that is
/// uniform on [0, π); its width w is uniform on a range. Its four numbers are those at the indices 4i … 4i + 3 of the
/// stream (x, y, θ, w). A point at distance ρ from the point of the axis is in the band with probability
/// `(2/π) asin(min(1, w/2ρ))`. Channels end at the edges of the rectangle, joined or not.
struct Channels: MediumSource {
  let grid: PointGrid
  let count: Int
  let width: ClosedRange<Double>
  let inside: Double
  let outside: Double

  private struct Band {
    let x: Double
    let y: Double
    let normal: (x: Double, y: Double)
    let halfWidth: Double
  }

  func permeability(from stream: RandomStream) -> Tensor<Double> {
    let bands = (0..<count).map { i in
      let angle = stream.uniform(object: i, place: 2, of: 4, in: 0 ... .pi)
      return Band(
        x: stream.uniform(object: i, place: 0, of: 4, in: 0...grid.domain.width),
        y: stream.uniform(object: i, place: 1, of: 4, in: 0...grid.domain.height),
        normal: (-sin(angle), cos(angle)),
        halfWidth: stream.uniform(object: i, place: 3, of: 4, in: width) / 2)
    }
    return grid.values { x, y in
      for band in bands {
        let distance = abs((x - band.x) * band.normal.x + (y - band.y) * band.normal.y)
        if distance <= band.halfWidth { return inside }
      }
      return outside
    }
  }
}
