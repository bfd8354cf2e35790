import Tensors

extension Spectrum {
  /// The full spectrum on another grid of the field's trigonometric interpolant; exact for band-limited fields.
  ///
  /// Modes go to the row of the same signed wavenumber on the new grid, which for negative ones is counted from the end
  /// of the axis, and are scaled by the ratio of the numbers of points, since they are unnormalised. On an even axis the
  /// mode n/2 stands for +n/2 and −n/2 together:
  /// - refining splits it into two halves, at +n/2 and −n/2, so that the interpolant is real and the shortest one;
  /// - coarsening to even n′ adds the modes +n′/2 and −n′/2, which coincide on the new grid (what sampling does); shorter
  ///   waves are removed, not aliased.
  public func resampled(to newGrid: [Int]) -> Spectrum {
    precondition(band == .full(grid: grid), "only a full spectrum can be resampled")
    precondition(newGrid.count == grid.count && newGrid.allSatisfy { $0 >= 1 }, "\(grid) cannot become \(newGrid)")
    guard newGrid != grid else { return self }
    let newBand = SpectralBand.full(grid: newGrid)
    let moves = RowMove.all(from: grid, to: newGrid)
    let columns = ColumnMove(from: grid[grid.count - 1], to: newGrid[grid.count - 1])
    let (modes, newModes) = (band.count, newBand.count)
    let (width, newWidth) = (band.last, newBand.last)
    let accumulate = Scalar.kernels.axpby
    let result = Tensor<Scalar>(shape: fieldShape + [2, newModes]) { out in
      planes.withUnsafeBuffer { input in
        guard let base = input.baseAddress, let newBase = out.baseAddress else { return }
        Parallel.forEach(2 * fieldCount) { plane in
          let (source, target) = (base + plane * modes, newBase + plane * newModes)
          target.update(repeating: 0, count: newModes)
          let conjugate: Scalar = plane % 2 == 0 ? 1 : -1
          for move in moves {
            let (row, newRow) = (source + move.source * width, target + move.target * newWidth)
            let weight = Scalar(move.weight)
            accumulate(columns.plain, weight, row, 1, newRow)
            switch columns.nyquist {
            case .none: break
            case .split(let column): accumulate(1, weight / 2, row + column, 1, newRow + column)
            case .folded(let column):
              // The mode at −n′/2 is stored as the conjugate of the one at the opposite wavevector.
              accumulate(1, weight, row + column, 1, newRow + column)
              accumulate(1, conjugate * weight, source + move.mirror * width + column, 1, newRow + column)
            }
          }
        }
      }
    }
    return Spectrum(planes: result, band: newBand, grid: newGrid)
  }
}

/// What happens to the columns of the half spectrum.
private struct ColumnMove {
  enum Nyquist {
    case none
    /// The old column n/2 becomes one of two halves; the other is implied by symmetry.
    case split(Int)
    /// The new column n′/2 collects both signs.
    case folded(Int)
  }
  /// Columns 0..<plain are copied.
  let plain: Int
  let nyquist: Nyquist

  init(from old: Int, to new: Int) {
    let smaller = min(old, new)
    if old == new {
      (plain, nyquist) = (old / 2 + 1, .none)
    } else if smaller % 2 == 1 {
      (plain, nyquist) = (smaller / 2 + 1, .none)
    } else {
      (plain, nyquist) = (smaller / 2, old < new ? .split(smaller / 2) : .folded(smaller / 2))
    }
  }
}

/// One row of the old spectrum that contributes to a row of the new one.
private struct RowMove {
  var source: Int
  /// The old row at the opposite wavevector.
  var mirror: Int
  var target: Int
  var weight: Double

  /// All of them, over the product of the leading axes.
  static func all(from grid: [Int], to newGrid: [Int]) -> [RowMove] {
    var moves = [
      RowMove(source: 0, mirror: 0, target: 0, weight: Double(newGrid.reduce(1, *)) / Double(grid.reduce(1, *)))
    ]
    for (old, new) in zip(grid, newGrid).dropLast() {
      let axis = axisMoves(from: old, to: new)
      moves = moves.flatMap { outer in
        axis.map { inner in
          RowMove(
            source: outer.source * old + inner.source, mirror: outer.mirror * old + inner.mirror,
            target: outer.target * new + inner.target, weight: outer.weight * inner.weight)
        }
      }
    }
    return moves
  }

  private static func axisMoves(from old: Int, to new: Int) -> [RowMove] {
    func move(_ k: Int, weight: Double = 1) -> RowMove { move(from: k, to: k, weight: weight) }
    func move(from k: Int, to newK: Int, weight: Double) -> RowMove {
      RowMove(source: (k + old) % old, mirror: (old - k) % old, target: (newK + new) % new, weight: weight)
    }
    guard old != new else { return (0..<old).map { move($0) } }
    let smaller = min(old, new)
    let inside = (smaller - 1) / 2
    let moves = (-inside...inside).map { move($0) }
    guard smaller % 2 == 0 else { return moves }
    let edge = smaller / 2
    // Refining: one old row at ±n/2 gives half to either side. Coarsening: both old rows add up in the new one.
    return moves + [edge, -edge].map { move($0, weight: old < new ? 0.5 : 1) }
  }
}
