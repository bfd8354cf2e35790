import CKernels
import CLAPACK

/// A library that is linked, as it names itself at run time.
public struct LinkedLibrary: Codable, Hashable, Sendable {
  /// Its name.
  public let name: String
  /// Its version, with what else tells one build from another.
  public let version: String

  /// A library by name and version.
  public init(_ name: String, _ version: String) { (self.name, self.version) = (name, version) }

  /// OpenBLAS, with the core that it takes this machine for: an old name on a new machine costs most of its speed.
  public static var linearAlgebra: LinkedLibrary {
    let words = String(cString: openblas_get_config()).split(separator: " ").map(String.init)
    let version = words.count > 1 && words[0] == "OpenBLAS" ? words[1] : words.joined(separator: " ")
    return LinkedLibrary("OpenBLAS", "\(version), core \(String(cString: openblas_get_corename()))")
  }
}

extension Parallel {
  /// The instruction set of the kernels that run on this machine: `x86-64-v4`, `x86-64-v3` or `baseline`.
  public static var instructionSet: String { String(cString: ck_instruction_set()) }
}
