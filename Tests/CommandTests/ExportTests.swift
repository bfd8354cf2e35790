import DatasetIO
import Foundation
import Testing

/// `pde export`, read back by a few lines of its own.
@Suite struct ExportTests {
  /// The text between two marks.
  private func between(_ start: String, _ end: String, in text: String) throws -> String {
    let from = try #require(text.range(of: start)).upperBound
    let to = try #require(text.range(of: end, range: from..<text.endIndex)).lowerBound
    return String(text[from..<to])
  }

  @Test func imageDataHoldTheBitsOfTheFile() throws {
    let folder = try Workspace()
    try folder.pde("gen darcy --samples 3 --first 4 --grid 9x7 --oversample 2 --width 2 -o d.nc")
    try folder.pde("gen darcy --samples 3 --first 4 --grid 9x7 --oversample 2 --width 2 --double -o double.nc")
    for (name, type) in [("d", "Float32"), ("double", "Float64")] {
      #expect(try folder.pde("export \(name).nc --vti --index 1").output == "\(name).vti\n")
      let text = try folder.text("\(name).vti")
      #expect(text.contains(#"WholeExtent="0 8 0 6 0 0" Origin="0.0 0.0 0" Spacing="0.25 0.16666666666666666 1""#))
      #expect(try between(#"Name="sample" NumberOfTuples="1" format="ascii">"#, "<", in: text) == "5")
      for field in ["permeability", "pressure"] {
        let start = #"<DataArray type="\#(type)" Name="\#(field)" format="binary">"#
        let bytes = [UInt8](try #require(Data(base64Encoded: try between(start, "<", in: text))))
        let width = type == "Float32" ? 4 : 8
        // Little-endian: eight bytes with the number of bytes, then the values.
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        #expect(number(bytes[..<8]) == UInt64(63 * width) && bytes.count == 8 + 63 * width)
        let values = stride(from: 8, to: bytes.count, by: width).map { start -> Double in
          let pattern = number(bytes[start..<start + width])
          return width == 4 ? Double(Float(bitPattern: UInt32(pattern))) : Double(bitPattern: pattern)
        }
        #expect(try values == folder.field(field, of: "\(name).nc")[1])
      }
    }
  }

  @Test func tablesHoldTheBitsOfTheFile() throws {
    let folder = try Workspace()
    try folder.pde("gen navier-stokes --samples 2 --grid 8 -o n.nc")
    #expect(try folder.pde("export n.nc --csv -o out.csv --index 1").exitCode == 0)
    let lines = try folder.text("out.csv").split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines[0] == ["x", "y", "force_x", "force_y", "forcing", "vorticity"] && lines.count == 65)
    for (column, name) in lines[0].enumerated().dropFirst(2) {
      let values = lines.dropFirst().compactMap { Float($0[column]) }.map(Double.init)
      #expect(try values == folder.field(name, of: "n.nc")[1])
    }
    let coordinates = try FieldFile(reading: folder.file("n.nc")).coordinates("x")
    #expect(lines[1...8].compactMap { Double($0[0]) } == coordinates)
    #expect(lines[1...8].allSatisfy { $0[1] == "0.0" } && lines[9][1] == "\(coordinates[1])")
  }

  @Test(arguments: [
    BadInput("export darcy.nc --csv --index 24", 64, "position 24", "the file has 24"),
    BadInput("export darcy.nc", 64, "--vti", "--csv"),
    BadInput("export darcy.nc --vti -o no/such/file.vti", 73, "no/such"),
    BadInput("export nothing.nc --vti", 66, "nothing.nc"),
  ])
  func whatCannotBeExportedIsRefused(_ input: BadInput) throws { try input.check() }
}
