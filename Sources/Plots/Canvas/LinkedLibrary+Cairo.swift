import CCairo
public import Tensors

extension LinkedLibrary {
  /// Cairo.
  public static var pictures: LinkedLibrary { LinkedLibrary("Cairo", String(cString: cairo_version_string())) }
}
