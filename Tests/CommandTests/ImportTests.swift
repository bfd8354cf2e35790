import DatasetIO
import Foundation
import Testing

/// Files of other programs become ours with the values that their writers put in; see `Fixtures/Foreign/make.py`.
@Suite struct ImportTests {
  /// a = 1 + s + 10 y + 100 x.
  private static func formula(columns: Int, _ value: (Double) -> Double) -> [[Double]] {
    (0..<3).map { s in
      (0..<4 * columns).map { value(Double(1 + s + 10 * ($0 / columns) + 100 * ($0 % columns))) }
    }
  }

  @Test(arguments: [
    ("plain5.mat", "", 5, "MATLAB 5"), ("compressed5.mat", "", 5, "MATLAB 5"), ("last5.mat", "", 4, "MATLAB 5"),
    ("matlab73.mat", "", 5, "MATLAB 7.3"), ("pdebench.hdf5", "", 5, "HDF5"),
    ("theirs.nc", " --map permeability=a,pressure=u", 5, "NetCDF"),
  ])
  func valuesAreThoseOfTheWriter(_ name: String, options: String, columns: Int, format: String) throws {
    let folder = try Workspace()
    let outcome = try folder.pde("import \(fixture("Foreign/\(name)")) -o out.nc --json" + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try object(outcome)["format"] as? String == format)
    #expect(try folder.field("permeability", of: "out.nc") == Self.formula(columns: columns) { $0 })
    #expect(try folder.field("pressure", of: "out.nc") == Self.formula(columns: columns) { -$0 / 2 })
    let transposed = outcome.errors.contains("was transposed to (y, x)")
    #expect(transposed == (name == "pdebench.hdf5"))
    let recipe = try FieldFile(reading: folder.file("out.nc")).attribute("pde_recipe") ?? ""
    let bytes = try #require(FileManager.default.contents(atPath: fixture("Foreign/\(name)")))
    #expect(recipe.contains(SHA256.hex(of: Array(bytes))))
  }

  @Test func truthValuesNeedTheirMeaning() throws {
    let folder = try Workspace()
    let line = "import \(fixture("Foreign/darcy.pt")) -o out.nc"
    let refused = try folder.pde(line)
    #expect(refused.exitCode == 65 && refused.firstError.contains("--values 3,12"), "\(refused.errors)")
    #expect(folder.contents().isEmpty)
    #expect(try folder.pde(line + " --values 3,12").exitCode == 0)
    let expected = (0..<3).map { s in (0..<20).map { (s + $0 / 5 + $0 % 5) % 2 == 0 ? 12.0 : 3.0 } }
    #expect(try folder.field("permeability", of: "out.nc") == expected)
    #expect(try folder.field("pressure", of: "out.nc") == Self.formula(columns: 5) { -$0 / 2 })
  }

  @Test func modelsTrainOnForeignFilesDirectly() throws {
    let folder = try Workspace()
    let options = "--width 2 --modes 1 --epochs 1 --validation 1 --test 1 --batch 1 --quiet"
    #expect(try folder.pde("train fno --data \(fixture("Foreign/plain5.mat")) \(options) -o direct").exitCode == 0)
    #expect(try folder.pde("import \(fixture("Foreign/plain5.mat")) -o own.nc").exitCode == 0)
    #expect(try folder.pde("train fno --data own.nc \(options) -o own").exitCode == 0)
    let errors = try ["direct", "own"].map { try Log(folder.text($0 + "/log.csv")).column("validation_error") }
    #expect(errors[0] == errors[1] && errors[0].count == 1)
  }

  @Test func whatIsNotKnownIsAskedFor() throws {
    let folder = try Workspace()
    let unknown = try folder.pde("import \(fixture("Foreign/theirs.nc")) -o out.nc")
    #expect(
      unknown.exitCode == 65 && unknown.firstError.contains("--map permeability=a,pressure=u"), "\(unknown.errors)")
    let missing = try folder.pde("import \(fixture("Foreign/plain5.mat")) --map permeability=k,pressure=sol -o out.nc")
    #expect(missing.exitCode == 65 && missing.firstError.contains("'k'"), "\(missing.errors)")
    #expect(try folder.pde("import none.mat -o out.nc").exitCode == 66)
    #expect(try folder.pde("import \(fixture("Foreign/plain5.mat")) --map permeability -o out.nc").exitCode == 64)
    #expect(folder.contents().isEmpty)
  }

  /// No crash, nothing half written: refused, or read to other numbers where only numbers were hit.
  @Test func everyCutOfAMATLABFileIsRefusedOrLeavesTheFieldsWhole() throws {
    let bytes = try #require(FileManager.default.contents(atPath: fixture("Foreign/compressed5.mat")))
    let folder = try Workspace()
    for length in stride(from: 0, to: bytes.count, by: 1) {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut.mat")))
      do {
        _ = try ForeignImport(folder.file("cut.mat")).write(to: folder.file("out.nc"), overwrite: true) {
          Provenance(program: "test", recipe: $0, command: [])
        }
        // Cut behind both fields, before a variable that nobody asked for.
        #expect(try folder.field("permeability", of: "out.nc") == Self.formula(columns: 5) { $0 }, "\(length) bytes")
        try FileManager.default.removeItem(atPath: folder.file("out.nc"))
      } catch {
        #expect(error is any ClassifiedError, "\(length) bytes: \(error)")
      }
    }
    #expect(folder.contents().keys.sorted() == ["cut.mat"])
  }

  @Test func everyFlippedBitOfAMATLABHeaderIsRefusedOrReadWithoutACrash() throws {
    let folder = try Workspace()
    let original = try #require(FileManager.default.contents(atPath: fixture("Foreign/plain5.mat")))
    for bit in 8 * 124..<8 * 200 {
      var bytes = original
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: URL(fileURLWithPath: folder.file("bent.mat")))
      do {
        _ = try ForeignImport(folder.file("bent.mat")).write(to: folder.file("out.nc"), overwrite: true) {
          Provenance(program: "test", recipe: $0, command: [])
        }
        // Bits that mean nothing; the fields that were read are the right ones.
        #expect(try folder.field("permeability", of: "out.nc") == Self.formula(columns: 5) { $0 }, "bit \(bit)")
      } catch {
        #expect(error is any ClassifiedError, "bit \(bit): \(error)")
      }
    }
  }
}
