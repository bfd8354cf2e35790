import Foundation
import Plots
import Tensors

/// Figures with realistic synthetic data, used by several tests; `GalleryTests` can write them to look at.
enum Gallery {
  static let figures: [(name: String, figure: Figure)] = [
    ("fields", fields), ("training", training), ("residuals", residuals), ("error-time", errorAgainstTime),
    ("edge-cases", edgeCases), ("dataset", dataset), ("vorticity", vorticity), ("crowd", crowd),
  ]

  static func field(_ n: Int, _ value: (Double, Double) -> Double) -> Tensor<Double> {
    Tensor(
      shape: [n, n],
      elements: (0..<n * n).map { value(Double($0 % n) / Double(n - 1), Double($0 / n) / Double(n - 1)) })
  }

  /// A smooth random function: a few sines with random phases.
  static func smooth(_ seed: UInt64, waves: Int = 4) -> (Double, Double) -> Double {
    let stream = RandomStream(seed: seed, purpose: .test)
    return { x, y in
      var (sum, index) = (0.0, UInt64(0))
      for kx in 0..<waves {
        for ky in 0..<waves {
          let amplitude = stream.normal(at: index) / Double(1 + kx * kx + ky * ky)
          let phase = stream.uniform(at: index + 1) * 2 * .pi
          sum += amplitude * cos(.pi * (Double(kx) * x + Double(ky) * y) * 1.3 + phase)
          index += 2
        }
      }
      return sum
    }
  }

  static var fields: Figure {
    let samples = (0..<3).map { i in
      let (rock, bump, noise) = (smooth(UInt64(i)), smooth(UInt64(i) + 100, waves: 3), smooth(UInt64(i) + 50, waves: 7))
      func pressure(_ x: Double, _ y: Double) -> Double {
        16 * x * (1 - x) * y * (1 - y) * (0.0095 + 0.0022 * bump(x, y))
      }
      let truth = field(43, pressure)
      let prediction = field(43) { pressure($0, $1) + 1e-4 * noise($0, $1) * sin(.pi * $0) * sin(.pi * $1) }
      let error = (prediction - truth).norm / truth.norm
      return FieldComparison.Sample(
        "sample \([17, 201, 999][i])\nrel. L² \(String(format: "%.2f", 100 * error)) %",
        input: field(43) { rock($0, $1) > 0 ? 12.0 : 3 }, truth: truth, prediction: prediction)
    }
    return FieldComparison(input: .init("permeability a"), output: .init("pressure u"), samples: samples).figure(
      title: "FNO-DEQ on Darcy flow, 43 × 43", subtitle: "test samples 17, 201 and 999 of darcy.nc, noise 10 %")
  }

  /// A dataset without predictions, finer than the screen.
  static var dataset: Figure {
    let samples = (0..<2).map { i in
      let (rock, bump) = (smooth(UInt64(i + 7), waves: 6), smooth(UInt64(i) + 100, waves: 3))
      return FieldComparison.Sample(
        "sample \(i)", input: field(421) { rock($0, $1) > 0 ? 12.0 : 3 },
        truth: field(421) { 16 * $0 * (1 - $0) * $1 * (1 - $1) * (0.0095 + 0.0022 * bump($0, $1)) })
    }
    return FieldComparison(
      input: .init("permeability a"), output: .init("pressure u"),
      domain: FieldDomain(x: 0...1, y: 0...1, xLabel: "x (m)", yLabel: "y (m)"), samples: samples
    ).figure(title: "darcy.nc", subtitle: "421 × 421, seed 0")
  }

  /// Signed fields on a periodic grid.
  static var vorticity: Figure {
    func wave(_ shift: Double) -> Tensor<Double> {
      field(64) { sin(6 * .pi * $0 + shift) * cos(4 * .pi * $1) + 0.4 * sin(10 * .pi * ($0 + $1)) }
    }
    return FieldComparison(
      input: .init("forcing f", sign: .signed), output: .init("vorticity ω", sign: .signed),
      domain: FieldDomain(x: 0...2 * .pi, y: 0...2 * .pi, placement: .cells),
      samples: [.init("sample 3", input: wave(0), truth: wave(1), prediction: wave(1.03))]
    ).figure(title: "Steady Navier–Stokes")
  }

  /// Many long labels close together.
  static var crowd: Figure {
    let stream = RandomStream(seed: 21, purpose: .test)
    return ErrorAgainstTime(
      classical: [
        .init(
          "CG with fast Poisson preconditioner, 85²",
          points: (2...7).map {
            .init(
              "tol 10" + ["⁻²", "⁻³", "⁻⁴", "⁻⁵", "⁻⁶", "⁻⁷"][$0 - 2], seconds: 0.002 * Double($0),
              error: 0.004 + pow(10, -Double($0)))
          })
      ],
      models: (0..<9).map { i in
        .init(
          "fno-deq, width \(32 + 8 * i), noise \(i) %, seed \(i)",
          seconds: 0.008 * exp(0.7 * stream.normal(at: UInt64(i))),
          error: 0.02 * exp(0.3 * stream.normal(at: UInt64(i + 50))))
      }, labelError: 0.0041
    ).figure(title: "Crowded")
  }

  static var training: Figure {
    let stream = RandomStream(seed: 3, purpose: .test)
    let epochs = (1...40).map(Double.init)
    let train = epochs.enumerated().map { i, e in
      (0.25 * exp(-e / 5) + 0.05 * exp(-e / 14) + 0.009) * (1 + 0.06 * stream.normal(at: UInt64(i)))
    }
    let validation = epochs.enumerated().map { i, e in
      (0.25 * exp(-e / 5) + 0.05 * exp(-e / 14) + 0.017) * (1 + 0.05 * stream.normal(at: UInt64(i + 100)))
    }
    return TrainingCurves(
      losses: [
        .init("training", epochs: epochs, values: train), .init("validation", epochs: epochs, values: validation),
      ], bestOf: 1,
      learningRate: .init("learning rate", epochs: epochs, values: epochs.map { 5e-4 * (1 + cos(.pi * $0 / 40)) }),
      evaluations: [
        .init("forward", epochs: epochs, values: epochs.map { 8 + 9 * (1 - exp(-$0 / 6)) }),
        .init("adjoint", epochs: epochs, values: epochs.map { 6 + 7 * (1 - exp(-$0 / 9)) }),
      ]
    ).figure(title: "Training of fno-deq", subtitle: "seed 0, 1024 samples, noise 10 % on the target, batch 16")
  }

  static func traces(_ rate: Double, _ seed: UInt64, _ count: Int) -> [[Double]] {
    let stream = RandomStream(seed: seed, purpose: .test)
    return (0..<count).map { sample in
      let own = rate * (1 + 0.08 * stream.normal(at: UInt64(sample)))
      var residual = 0.8
      var trace: [Double] = []
      for i in 0..<48 where residual > 1e-4 {
        residual *= own * exp(0.12 * stream.normal(at: UInt64(1000 + sample * 64 + i)))
        trace.append(residual)
      }
      return trace
    }
  }

  static var residuals: Figure {
    ResidualTraces(
      groups: [
        .init("Anderson", traces: traces(0.55, 1, 64)), .init("Picard", traces: traces(0.82, 2, 64)),
      ], tolerance: 1e-4
    ).figure(title: "Residuals of the equilibrium layer", subtitle: "fno-deq, 64 test samples")
  }

  static var errorAgainstTime: Figure {
    func curve(_ n: Int, _ floor: Double, _ scale: Double) -> ErrorAgainstTime.Curve {
      .init(
        "multigrid-CG, \(n)²",
        points: [2, 4, 6, 8].map { e in
          let error = (floor * floor + pow(10, -2.0 * Double(e)) * 9).squareRoot()
          return .init(
            "10\(["", "", "⁻²", "", "⁻⁴", "", "⁻⁶", "", "⁻⁸"][e])", seconds: scale * (1.5 + Double(e)), error: error)
        })
    }
    return ErrorAgainstTime(
      classical: [curve(43, 0.012, 4e-4), curve(85, 0.006, 2.2e-3), curve(421, 0.0005, 0.08)],
      models: [
        .init("fno-deq, Anderson 12 evaluations", seconds: 0.011, error: 0.021),
        .init("fno-deq, Anderson 24 evaluations", seconds: 0.021, error: 0.0205),
        .init("fno, 4 layers", seconds: 0.0035, error: 0.031),
        .init("fno++, 2 blocks", seconds: 0.0071, error: 0.0278),
      ], labelError: 0.0032
    ).figure(
      title: "Error against time on Darcy flow",
      subtitle: "mean over 128 test samples, one thread; labels on the classical curves are tolerances")
  }

  static var edgeCases: Figure {
    let wave = field(43) { sin(2 * .pi * $0) * cos(.pi * $1) }
    var holes = wave
    for i in 10..<16 { for j in 20..<30 { holes[i, j] = .nan } }
    let periodic = FieldDomain(x: 0...2, y: 0...1, placement: .cells)
    let wide = Tensor<Float>(shape: [16, 32], elements: (0..<512).map { Float($0 % 32) * 1e-5 })
    return Figure(
      title:
        "Edge cases: a title so long that it has to be broken over more than one line, since nobody may shorten it",
      panels: [
        [
          .heatMap(HeatMap(holes, title: "signed field with holes", colours: .diverging(), barLabel: "vorticity ω")),
          .heatMap(HeatMap(Tensor<Double>(shape: [8, 8], repeating: 3.25), title: "constant field")),
          .heatMap(HeatMap(Tensor<Double>(shape: [8, 8], repeating: .nan), title: "nothing finite")),
          .heatMap(HeatMap(wave, title: "range too small", colours: .diverging(0.5))),
        ],
        [
          .heatMap(HeatMap(Tensor<Double>.zeros([8, 8]), title: "no error at all", colours: .diverging())),
          .heatMap(HeatMap(wide, title: "2:1 periodic cells", domain: periodic, barLabel: "u")),
          .lineChart(LineChart(title: "empty chart", x: Axis("x"), y: Axis("y"), series: [])),
          .lineChart(small),
        ],
      ])
  }

  private static var small: LineChart {
    let x = (0..<30).map(Double.init)
    var chart = LineChart(
      title: "values ≤ 0, NaN and a full plot", x: Axis("k"), y: Axis("energy E(k)", scale: .logarithmic),
      series: (0..<7).map { s in
        Series(
          "series \(s)", x: x, y: x.map { $0 == 5 ? 0 : $0 == 9 ? .nan : pow(10, sin($0 * 0.7 + Double(s)) * 3) },
          style: .lineWithMarkers(s))
      })
    chart.size = PlotSize(width: 220, height: 165)
    return chart
  }
}
