import CCrypto
import CNetCDF
public import Tensors

extension LinkedLibrary {
  /// netCDF, and the HDF5 below it where that can be asked.
  public static var files: [LinkedLibrary] {
    let (text, hdf5) = NetCDFLibrary.exclusively { (String(cString: nc_inq_libvers()), HDF5Settings.version) }
    let netCDF = LinkedLibrary("netCDF", text.split(separator: " ").first.map(String.init) ?? text)
    return [netCDF] + (hdf5.map { [LinkedLibrary("HDF5", $0)] } ?? [])
  }

  /// libcrypto.
  public static var checksums: LinkedLibrary {
    let text = String(cString: OpenSSL_version(OPENSSL_VERSION))
    return LinkedLibrary("libcrypto", text.split(separator: " ").dropFirst().first.map(String.init) ?? text)
  }
}
