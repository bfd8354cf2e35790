import CFFTW
public import Tensors

extension LinkedLibrary {
  /// FFTW.
  public static var fourierTransforms: LinkedLibrary {
    let words = String(cString: cfftw_version()).split(separator: "-").map(String.init)
    return LinkedLibrary("FFTW", words.dropFirst().first ?? words.joined())
  }
}
