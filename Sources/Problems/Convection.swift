import Tensors

/// The convection of vorticity by its own flow, `N(ω) = u·∇ω`, and its derivative, on vectors of ``TorusModes``.
///
/// With `∇·u = 0` the term is the curl of `∇·(u ⊗ u)`,
///
///     u·∇ω = (∂xx − ∂yy)(u v) + ∂xy(v² − u²)
///
/// (after Basdevant 1983, J. Comput. Phys. 50, 209–214, who saves transforms in this way in three dimensions), so that one evaluation takes two inverse transforms, of u and v, and two
/// forward ones; the usual form takes four and one. Both are the same where products do not alias. The derivative at a
/// flow (u, v) takes as many, since `(u v)′ = u δv + v δu` and `(v² − u²)′ = 2(v δv − u δu)`.
struct Convection: Sendable {
  let transform: TorusTransform
  /// `ky/k²` and `−kx/k²`, times what the transform takes: the velocity of a mode of vorticity without the factor i.
  private let velocities: [Tensor<Double>]
  /// `−(kx² − ky²)` and `−kx ky`, times what a vector takes.
  private let curls: [Tensor<Double>]

  init(_ modes: TorusModes) {
    transform = TorusTransform(modes)
    velocities = [
      modes.plane { kx, ky in ky / (kx * kx + ky * ky) } * transform.toSpectrum,
      modes.plane { kx, ky in -kx / (kx * kx + ky * ky) } * transform.toSpectrum,
    ]
    curls = [
      modes.plane { kx, ky in ky * ky - kx * kx } * transform.toVector,
      modes.plane { kx, ky in -kx * ky } * transform.toVector,
    ]
  }

  private var modes: TorusModes { transform.modes }
  private var points: Int { modes.grid * modes.grid }

  /// u and v on the grid, [2, n, n], of a vector of vorticity.
  func velocity(of vorticity: Tensor<Double>) -> Tensor<Double> {
    let (points, count) = (points, modes.band.count)
    return Tensor(shape: [2, modes.grid, modes.grid]) { out in
      vorticity.withUnsafeBuffer { input in
        guard let omega = input.baseAddress, let target = out.baseAddress else { return }
        Parallel.forEach(2) { component in
          withScratch(2 * count) { spectrum, scratch in
            velocities[component].withUnsafeBuffer { factor in
              // i f (re + i im)
              for i in 0..<count {
                spectrum[i] = -factor[i] * omega[count + i]
                spectrum[count + i] = factor[i] * omega[i]
              }
            }
            transform.fourier.synthesis(
              .inverse, fields: 1, from: spectrum, to: target + component * points, scratch: scratch)
          }
        }
      }
    }
  }

  /// `N` of the flow whose velocity is given.
  func convection(_ velocity: Tensor<Double>) -> Tensor<Double> {
    curl(velocity) { i, points, w in
      (product: w[i] * w[points + i], difference: w[points + i] * w[points + i] - w[i] * w[i])
    }
  }

  /// `N′` at the flow `velocity` applied to the flow `change`.
  func derivative(_ velocity: Tensor<Double>, _ change: Tensor<Double>) -> Tensor<Double> {
    change.withUnsafeBuffer { change in
      guard let d = change.baseAddress else { return .zeros(modes.shape) }
      return curl(velocity) { i, points, w in
        (
          product: w[i] * d[points + i] + w[points + i] * d[i],
          difference: 2 * (w[points + i] * d[points + i] - w[i] * d[i])
        )
      }
    }
  }

  /// `(∂xx − ∂yy) product + ∂xy difference`, both pointwise.
  @inline(__always) private func curl(
    _ velocity: Tensor<Double>,
    _ terms: (Int, Int, UnsafePointer<Double>) -> (product: Double, difference: Double)
  ) -> Tensor<Double> {
    let (points, count) = (points, modes.band.count)
    return Tensor(shape: modes.shape) { out in
      velocity.withUnsafeBuffer { input in
        guard let w = input.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * count) { spectra in
          guard let spectra = spectra.baseAddress else { return }
          Parallel.forEach(2) { term in
            withScratch(points) { field, scratch in
              if term == 0 {
                for i in 0..<points { field[i] = terms(i, points, w).product }
              } else {
                for i in 0..<points { field[i] = terms(i, points, w).difference }
              }
              transform.fourier.analysis(
                .unit, fields: 1, from: field, to: spectra + 2 * count * term, scratch: scratch)
            }
          }
          curls[0].withUnsafeBuffer { first in
            curls[1].withUnsafeBuffer { second in
              for plane in 0..<2 {
                let (a, b, target) = (spectra + plane * count, spectra + (2 + plane) * count, plane * count)
                for i in 0..<count { out[target + i] = first[i] * a[i] + second[i] * b[i] }
              }
            }
          }
        }
      }
    }
  }

  /// Lends `count` numbers and the transform's scratch, from the pool of tensors.
  private func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void) {
    // Rounded up to 64 bytes, so that both parts are aligned.
    let rounded = (count + 7) / 8 * 8
    var memory = Tensor<Double>(shape: [rounded + transform.fourier.scratchCount(fields: 1)]) { _ in }
    memory.withUnsafeMutableBuffer { $0.baseAddress.map { body($0, $0 + rounded) } }
  }
}
