import DatasetIO
import Foundation
import Studies
import Tensors
import Testing

/// Values of `Tests/Fixtures/Metrics/make.py`, an implementation of its own in NumPy.
@Suite struct FieldMetricsTests {
  struct Case: Decodable, CustomTestStringConvertible {
    struct Spectrum: Decodable {
      let truth: [Double]
      let prediction: [Double]
      let error: [Double]
    }
    let name: String
    let grid: [Int]
    let kinds: [String]
    let extents: [Double]
    let samples: Int
    let pdebench: ErrorMeasures
    let corrected: ErrorMeasures
    let relativeH1: Double
    let spectrum: Spectrum

    var testDescription: String { name }

    var axes: GridAxes {
      let axes = (0..<2).map {
        GridAxis(count: grid[$0], to: extents[$0], kind: GridKind(rawValue: kinds[$0]) ?? .vertex)
      }
      return GridAxes(y: axes[0], x: axes[1])
    }

    /// The prediction and the target of a sample, by the formula of the script.
    func fields(_ s: Int) -> (Tensor<Double>, Tensor<Double>) {
      let points = (0..<grid[0]).flatMap { j in (0..<grid[1]).map { i in (j, i) } }
      let target = points.map { j, i in Double((37 * s + 11 * j * j + 7 * i * i + 3 * i * j) % 101) / 101 }
      let error = points.map { j, i in Double((13 * s + 5 * j + 17 * i * j + 3 * i) % 29 - 13) / 290 }
      return (
        Tensor(shape: grid, elements: zip(target, error).map { $0 + $1 }), Tensor(shape: grid, elements: target)
      )
    }

    func metrics() throws -> FieldMetrics {
      var sum = try FieldMetricsSum("field", on: axes)
      for sample in 0..<samples {
        let (prediction, target) = fields(sample)
        sum.add(prediction, target)
      }
      return sum.result
    }
  }

  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Metrics/metrics.json")
    return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: file))) ?? []
  }()

  // Two double-precision transforms of some thousand points.
  private func isClose(_ a: Double?, _ b: Double?, tolerance: Double = 1e-11) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= tolerance * max(abs(a), abs(b))
  }

  private func expectEqual(_ a: ErrorMeasures, _ b: ErrorMeasures, _ what: String) {
    #expect(isClose(a.rmse, b.rmse) && isClose(a.nrmse, b.nrmse) && isClose(a.crmse, b.crmse), "\(what): \(a), \(b)")
    #expect(isClose(a.brmse, b.brmse) && isClose(a.maximum, b.maximum), "\(what): \(a), \(b)")
    #expect(isClose(a.frmse.low, b.frmse.low) && isClose(a.frmse.middle, b.frmse.middle), "\(what): \(a), \(b)")
    #expect(isClose(a.frmse.high, b.frmse.high), "\(what): \(a), \(b)")
  }

  @Test func thereAreCases() { #expect(Self.cases.count == 5) }

  @Test(arguments: cases) func measuresAreThoseOfTheReference(_ given: Case) throws {
    let metrics = try given.metrics()
    expectEqual(metrics.pdebench, given.pdebench, "as PDEBench's code")
    expectEqual(metrics.corrected, given.corrected, "corrected")
    #expect(isClose(metrics.relativeH1, given.relativeH1))
    let spectra = [
      (metrics.spectrum.truth, given.spectrum.truth), (metrics.spectrum.prediction, given.spectrum.prediction),
      (metrics.spectrum.error, given.spectrum.error),
    ]
    for (found, expected) in spectra {
      #expect(found.count == expected.count)
      // Shells hold differences of squares of sums; the smallest are 1e-6 of the largest.
      let largest = expected.max() ?? 0
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-13 * largest })
    }
  }

  @Test(arguments: cases) func shellsAndBandsAddUpToTheSquare(_ given: Case) throws {
    var sum = try FieldMetricsSum("field", on: given.axes)
    let (prediction, target) = given.fields(0)
    sum.add(prediction, target)
    let metrics = sum.result
    let square = metrics.corrected.rmse * metrics.corrected.rmse
    let bands = [metrics.corrected.frmse.low, metrics.corrected.frmse.middle, metrics.corrected.frmse.high]
    #expect(isClose(bands.reduce(0) { $0 + ($1 ?? 0) * ($1 ?? 0) }, square))
    #expect(isClose(metrics.spectrum.error.reduce(0, +), square))
  }

  /// What the published sums leave out: a wave along the diagonal with kx and ky of different signs.
  @Test func aWaveOutsideTheQuadrantIsSeenByTheCorrectedBandsAlone() throws {
    let n = 32
    var sum = try FieldMetricsSum("field", on: GridAxes(square: GridAxis(count: n, kind: .periodic)))
    let points = (0..<n * n).map { (Double($0 / n), Double($0 % n)) }
    let wave = points.map { y, x in cos(2 * .pi * (5 * x - 3 * y) / Double(n)) }
    let target = Tensor<Double>(shape: [n, n], repeating: 1)
    sum.add(Tensor(shape: [n, n], elements: wave.map { 1 + 0.1 * $0 }), target)
    let metrics = sum.result
    #expect(abs((metrics.corrected.frmse.middle ?? 0) - 0.1 / 2.0.squareRoot()) < 1e-14)
    #expect((metrics.pdebench.frmse.middle ?? 1) < 1e-14)
    // |k|² = 34: the shell of 6.
    #expect(metrics.spectrum.error.firstIndex { $0 > 1e-6 } == 6)
  }

  /// `sin πx sin πy` has `‖u‖² = ¼` and `‖∇u‖² = π²/2`; differences of second order.
  @Test func theNormOfFirstDerivativesIsThatOfTheFunction() throws {
    func ratio(_ n: Int) throws -> Double {
      var sum = try FieldMetricsSum("field", on: GridAxes(square: GridAxis(count: n + 1, kind: .vertex)))
      let points = (0...n).flatMap { j in (0...n).map { i in (Double(j) / Double(n), Double(i) / Double(n)) } }
      let (smooth, sine) = (points.map { y, x in x }, points.map { y, x in sin(.pi * x) * sin(.pi * y) })
      let shape = [n + 1, n + 1]
      // The target x has ‖u‖² = ⅓ and ‖∇u‖² = 1.
      sum.add(
        Tensor(shape: shape, elements: zip(smooth, sine).map { $0 + $1 }), Tensor(shape: shape, elements: smooth))
      return sum.result.relativeH1
    }
    let exact = ((0.25 + .pi * .pi / 2) / (4.0 / 3)).squareRoot()
    let errors = try [16, 32, 64].map { abs(try ratio($0) - exact) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect((3.8...4.2).contains(coarse / fine)) }
  }
}
