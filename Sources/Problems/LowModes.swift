import Solvers
import Tensors

/// The linearised operator of a flow on its longest waves alone, as a dense matrix of real numbers.
///
/// In the coefficients a_k of `ω = Σ a_k exp(i k·x)`, with `m = p − q`,
///
///     (J δ)_p = −(ν p² + σ) δ_p − Σ_q (m × q) (1/m² − 1/q²) a_m δ_q,    m × q = m_x q_y − m_y q_x,
///
/// which couples δ_q and, through `δ_{−q} = δ̄_q`, its conjugate.
struct LowModes {
  /// Wavenumbers on either side of zero that the preconditioner treats exactly: at Reynolds numbers from 100 to 500 more of
  /// them cost more in factorizations than they save in iterations.
  static let count = 3

  /// The independent modes with |kx|, |ky| ≤ `largest`.
  private let modes: [(kx: Int, ky: Int)]
  private let flow: TorusModes

  init(_ flow: TorusModes, largest: Int) {
    self.flow = flow
    let largest = min(largest, flow.largest)
    var modes: [(kx: Int, ky: Int)] = []
    for ky in -largest...largest {
      for kx in 0...largest where kx > 0 || ky > 0 { modes.append((kx, ky)) }
    }
    self.modes = modes
  }

  /// Where the unknowns lie in a vector: all real parts, then all imaginary parts.
  var positions: [Int] {
    let real = modes.map { flow.position(kx: $0.kx, ky: $0.ky) }
    return real + real.map { $0 + flow.band.count }
  }

  /// The matrix of `J − σ`, in the order of `positions`.
  func matrix(at vorticity: Tensor<Double>, viscosity: Double, shift: Double) -> Tensor<Double> {
    let count = modes.count
    let unit = 2 * Double.pi / flow.extent
    return Tensor(shape: [2 * count, 2 * count]) { out in
      vorticity.withUnsafeBuffer { vorticity in
        for (row, p) in modes.enumerated() {
          for (column, q) in modes.enumerated() {
            let direct = coefficient(p, q, vorticity)
            let mirror = coefficient(p, (-q.kx, -q.ky), vorticity)
            let (top, bottom) = (row * 2 * count, (count + row) * 2 * count)
            out[top + column] = direct.re + mirror.re
            out[top + count + column] = mirror.im - direct.im
            out[bottom + column] = direct.im + mirror.im
            out[bottom + count + column] = direct.re - mirror.re
          }
          let square = unit * unit * Double(p.kx * p.kx + p.ky * p.ky)
          out[row * 2 * count + row] -= viscosity * square + shift
          out[(count + row) * 2 * count + count + row] -= viscosity * square + shift
        }
      }
    }
  }

  /// `−(m × q)(1/m² − 1/q²) a_m` with m = p − q; wavenumbers in units of 2π/L, which cancel.
  private func coefficient(
    _ p: (kx: Int, ky: Int), _ q: (kx: Int, ky: Int), _ vorticity: UnsafeBufferPointer<Double>
  ) -> (re: Double, im: Double) {
    let m = (kx: p.kx - q.kx, ky: p.ky - q.ky)
    let cross = m.kx * q.ky - m.ky * q.kx
    guard cross != 0, abs(m.kx) <= flow.largest, abs(m.ky) <= flow.largest else { return (0, 0) }
    let factor =
      -Double(cross) * (1 / Double(m.kx * m.kx + m.ky * m.ky) - 1 / Double(q.kx * q.kx + q.ky * q.ky))
      / 2.0.squareRoot()
    let isStored = m.kx > 0 || (m.kx == 0 && m.ky > 0)
    let position = isStored ? flow.position(kx: m.kx, ky: m.ky) : flow.position(kx: -m.kx, ky: -m.ky)
    let imaginary = vorticity[flow.band.count + position]
    return (factor * vorticity[position], factor * (isStored ? imaginary : -imaginary))
  }
}
