import Foundation
import Tensors

/// Layers that divide a rectangle along one axis.
///
/// Layer i, counted from the origin, has a value whose logarithm is uniform between those of a range, from the number at
/// index 2i of the stream. The boundaries between layers are uniform on the axis, independent and then sorted, from the
/// numbers at the indices 2i + 1. A point on a boundary belongs to the layer after it.
struct Layers: MediumSource {
  let grid: PointGrid
  let count: Int
  let axis: DarcyFamily.Axis
  let values: ClosedRange<Double>

  func permeability(from stream: RandomStream) -> Tensor<Double> {
    let extent = axis == .x ? grid.domain.width : grid.domain.height
    let boundaries = (0..<count - 1).map { stream.uniform(object: $0, place: 1, of: 2, in: 0...extent) }.sorted()
    let logarithms = log(values.lowerBound)...log(values.upperBound)
    let layers = (0..<count).map { i in
      // The exponential of a logarithm may be off by a rounding.
      let value = exp(stream.uniform(object: i, place: 0, of: 2, in: logarithms))
      return min(max(value, values.lowerBound), values.upperBound)
    }
    return grid.values { [axis] x, y in
      let position = axis == .x ? x : y
      return layers[boundaries.firstIndex { $0 > position } ?? boundaries.count]
    }
  }
}
