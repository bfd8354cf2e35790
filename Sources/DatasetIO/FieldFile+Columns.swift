import CNetCDF
import Tensors

extension FieldFile {
  /// Everything a file of ours holds of some samples, as it was written: fields in their stored precision, failed samples
  /// as NaN, and one value a sample. Traces are left out.
  ///
  /// - Throws: `FieldFileError` (`badData`).
  public func columns(_ samples: Range<Int>) throws -> [SampleColumn] {
    try variables.compactMap { variable -> SampleColumn? in
      let name = variable.name
      switch variable.dimensions.map(\.name) {
      case ["sample", "y", "x"] where variable.type == NC_FLOAT:
        return .field(name, try read(name, samples: samples, missing: .asNaN, as: Float.self))
      case ["sample", "y", "x"]:
        return .field(name, try read(name, samples: samples, missing: .asNaN, as: Double.self))
      case ["sample"] where name == "sample": return nil
      case ["sample"] where variable.isReal: return .reals(name, Array(try reals(name)[samples]))
      case ["sample"]: return .integers(name, Array(try integers(name)[samples]))
      default: return nil
      }
    }
  }
}
