public import DatasetIO
import Foundation
import Tensors

/// The fields of one sample for other programs: VTK's ImageData for ParaView, a table for spreadsheets.
public struct FieldExport {
  /// The format of the new file.
  public enum Format: String, Sendable, CaseIterable {
    /// XML ImageData of VTK (file formats of VTK 9, "XML file formats"), values in base64 as they are stored, 32 or 64 bits.
    case vti
    /// Comma-separated values with the header `x,y,` and the names of the fields; numbers in the shortest form that reads
    /// back to the same bits; no text where a field has no value.
    case csv
  }

  private let file: FieldFile
  private let position: Int
  private let index: Int

  /// A sample, given by its position in the file.
  ///
  /// - Throws: `FigureError.noSample` for a position beyond the end, `FigureError.nothing` for a file without fields.
  public init(_ file: FieldFile, position: Int) throws {
    guard (0..<file.sampleCount).contains(position) else {
      throw FigureError.noSample(position, count: file.sampleCount)
    }
    guard !file.fieldNames.isEmpty else {
      throw FigureError.nothing(path: file.path, what: "a field over (sample, y, x)")
    }
    (self.file, self.position, index) = (file, position, try file.sampleIndices()[position])
  }

  /// Writes the file; it appears whole.
  public func write(_ format: Format, to path: String, overwrite: Bool) throws {
    let new = try AtomicFile(creating: path, overwrite: overwrite)
    switch format {
    case .vti: try writeImageData(to: new)
    case .csv: try writeTable(to: new)
    }
    try new.publish()
  }

  /// The values of a field in the precision it is stored with; NaN where there is none.
  private func values<Scalar: TensorScalar>(_ name: String, as type: Scalar.Type) throws -> [Scalar] {
    try file.read(name, samples: position..<position + 1, missing: .asNaN, as: type).elements
  }

  private func writeTable(to new: AtomicFile) throws {
    let (xs, ys) = (try file.coordinates("x"), try file.coordinates("y"))
    let columns = try file.fieldNames.map { name -> [String] in
      try file.variable(name).precision == .single
        ? values(name, as: Float.self).map { $0.isNaN ? "" : "\($0)" }
        : values(name, as: Double.self).map { $0.isNaN ? "" : "\($0)" }
    }
    try new.write((["x", "y"] + file.fieldNames).joined(separator: ",") + "\n")
    for (row, y) in ys.enumerated() {
      let lines = xs.enumerated().map { column, x in
        (["\(x)", "\(y)"] + columns.map { $0[row * xs.count + column] }).joined(separator: ",") + "\n"
      }
      try new.write(lines.joined())
    }
  }

  private func writeImageData(to new: AtomicFile) throws {
    let axes = try file.axes()
    let (x, y) = (axes.x, axes.y)
    let extent = "0 \(x.count - 1) 0 \(y.count - 1) 0 0"
    let order = 1.littleEndian == 1 ? "LittleEndian" : "BigEndian"
    let origin = "\(x.coordinates.first ?? 0) \(y.coordinates.first ?? 0) 0"
    try new.write(
      """
      <?xml version="1.0"?>
      <VTKFile type="ImageData" version="1.0" byte_order="\(order)" header_type="UInt64">
        <ImageData WholeExtent="\(extent)" Origin="\(origin)" Spacing="\(x.spacing) \(y.spacing) 1">
          <FieldData>
            <DataArray type="Int32" Name="sample" NumberOfTuples="1" format="ascii">\(index)</DataArray>
          </FieldData>
          <Piece Extent="\(extent)">
            <PointData Scalars="\(Self.escaped(file.fieldNames[0]))">

      """)
    for name in file.fieldNames {
      let isSingle = try file.variable(name).precision == .single
      let encoded =
        isSingle ? Self.base64(try values(name, as: Float.self)) : Self.base64(try values(name, as: Double.self))
      try new.write(
        "        <DataArray type=\"\(isSingle ? "Float32" : "Float64")\" Name=\"\(Self.escaped(name))\" format=\"binary\">"
          + encoded + "</DataArray>\n")
    }
    try new.write(
      """
            </PointData>
          </Piece>
        </ImageData>
      </VTKFile>

      """)
  }

  /// The number of bytes in 64 bits, then the values, as one stream.
  private static func base64<Scalar>(_ values: [Scalar]) -> String {
    values.withUnsafeBytes { bytes in
      var data = withUnsafeBytes(of: UInt64(bytes.count)) { Data($0) }
      data.append(contentsOf: bytes)
      return data.base64EncodedString()
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}
