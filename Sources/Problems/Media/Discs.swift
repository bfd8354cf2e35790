import Tensors

/// Discs in a rectangle, which may overlap and reach over its edges.
///
/// The centre of disc i is uniform on the rectangle, its radius r uniform on a range; its three numbers are those at the
/// indices 3i, 3i + 1, 3i + 2 of the stream (x, y, r). Where edges are joined a disc goes on at the opposite edge. A point
/// farther than every r from a stored edge, or any point of a periodic rectangle of area A that is larger than two radii
/// either way, is outside all discs with probability `(1 − π E[r²]/A)^count`; nearer to a stored edge it is more likely.
struct Discs: MediumSource {
  let grid: PointGrid
  let count: Int
  let radius: ClosedRange<Double>
  let inside: Double
  let outside: Double

  private struct Disc {
    let x: Double
    let y: Double
    let radius: Double
  }

  func permeability(from stream: RandomStream) -> Tensor<Double> {
    let (width, height) = (grid.domain.width, grid.domain.height)
    let discs = (0..<count).map { i in
      Disc(
        x: stream.uniform(object: i, place: 0, of: 3, in: 0...width),
        y: stream.uniform(object: i, place: 1, of: 3, in: 0...height),
        radius: stream.uniform(object: i, place: 2, of: 3, in: radius))
    }
    let joined = grid.joined
    return grid.values { x, y in
      for disc in discs {
        var (dx, dy) = (abs(x - disc.x), abs(y - disc.y))
        if joined.contains(.x) { dx = min(dx, width - dx) }
        if joined.contains(.y) { dy = min(dy, height - dy) }
        if dx * dx + dy * dy <= disc.radius * disc.radius { return inside }
      }
      return outside
    }
  }
}
