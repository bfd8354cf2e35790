import DatasetIO
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct FieldFileTests {
  @Test(arguments: [(1, 2, 2), (3, 5, 7), (6, 43, 43), (2, 2, 64)])
  func fieldsComeBackBitForBitInBothPrecisions(samples: Int, y: Int, x: Int) throws {
    let scratch = try Scratch()
    let a: Tensor<Float> = randomTensor([samples, y, x], seed: 1)
    let u: Tensor<Double> = randomTensor([samples, 1, y, x], seed: 2)
    let path = scratch.path("fields.nc")
    let layout = sampleLayout(y: y, x: x, kind: .periodic)
    let writer = try FieldFileWriter(creating: path, layout: layout, provenance: sampleProvenance)
    // In two pieces, so that the position along the sample dimension matters.
    for range in [0..<samples / 2, samples / 2..<samples] {
      try writer.append(samples: range, sampleColumns(a.gathering(samples: range), u.gathering(samples: range)))
    }
    #expect(scratch.contents.count == 1 && !scratch.contents.contains("fields.nc"), "the name appeared too early")
    try writer.finish()
    #expect(scratch.contents == ["fields.nc"])

    let file = try FieldFile(reading: path)
    #expect(file.sampleCount == samples)
    #expect(file.fieldNames == ["permeability", "pressure"])
    #expect(sameBits(try file.read("permeability", units: "m2", as: Float.self), a))
    #expect(sameBits(try file.read("pressure", as: Double.self), u.reshaped(to: [samples, y, x])))
    #expect(sameBits(try file.read("permeability", as: Double.self), Tensor<Double>(converting: a)))
    let rest = try file.read("pressure", samples: samples / 2..<samples, as: Double.self)
    #expect(sameBits(rest, u.gathering(samples: samples / 2..<samples).reshaped(to: rest.shape)))
    #expect(try file.sampleIndices() == Array(0..<samples))
    #expect(try file.axes().x == layout.grid.x)
  }
}
