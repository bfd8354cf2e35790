import Foundation
public import Spectral
public import Tensors

/// Periodic Gaussian random forcings on a torus, as vectors of modes.
///
/// The coefficient of the wave with the wavenumbers (m_x, m_y), as multiples of 2π/L, has independent normal real and
/// imaginary parts with the standard deviation of a `GaussianLaw` at the eigenvalue `(2π)² |m|²`: the law's lengths are in
/// units of L. All are scaled by one number, the same on every grid, for the root mean square of the forcing to be `rms`
/// in the mean over samples. The normal numbers of a wave are those at the indices `m_x·2³³ + 2 (m_y mod 2³²)`, and one
/// more, of the stream: every grid sees the same forcing, up to the waves that it does not keep.
public struct TorusForcing: Sendable {
  /// Wavenumbers up to which the variance is summed for the scale; what lies beyond is no part of it.
  private static let summed = 512

  /// The modes that are drawn.
  public let modes: TorusModes
  /// Standard deviations of the entries of a vector.
  private let amplitudes: Tensor<Double>

  /// Prepares the modes of a grid.
  public init(_ law: GaussianLaw, rms: Double, modes: TorusModes) {
    self.modes = modes
    func amplitude(_ kx: Int, _ ky: Int) -> Double {
      law.amplitude(eigenvalue: 4 * .pi * .pi * Double(kx * kx + ky * ky))
    }
    var variance = 0.0
    for ky in 0...Self.summed {
      for kx in 1...Self.summed { variance += 4 * pow(amplitude(kx, ky), 2) }
    }
    let scale = rms / variance.squareRoot()
    var amplitudes = Tensor<Double>.zeros([modes.band.count])
    amplitudes.withUnsafeMutableBuffer { out in
      modes.forEach { position, kx, ky in out[position] = scale * amplitude(kx, ky) }
    }
    self.amplitudes = amplitudes
  }

  /// The forcing of one stream.
  public func sample(from stream: RandomStream) -> Tensor<Double> {
    let (largest, width, count) = (modes.largest, modes.largest + 1, modes.band.count)
    return Tensor(shape: modes.shape) { out in
      amplitudes.withUnsafeBuffer { amplitudes in
        for part in 0..<2 {
          for row in 0...2 * largest {
            let ky = Int32(row <= largest ? row : row - 2 * largest - 1)
            let entries = UnsafeMutableBufferPointer(
              rebasing: out[part * count + row * width..<part * count + (row + 1) * width])
            stream.normals(from: UInt64(UInt32(bitPattern: ky)) << 1 | UInt64(part), step: 1 << 33, into: entries)
            for kx in 0..<width { entries[kx] *= amplitudes[row * width + kx] }
          }
        }
      }
    }
  }
}
