import Autodiff
import Foundation
import NeuralOperators
import Problems
import Solvers
import Spectral
import Tensors

extension Doctor {
  /// `u = sin πx sin πy` in the medium `a = 1 + ½ sin πx cos πy`, with f by hand.
  private static func manufactured(_ cells: Int) throws -> (flow: DarcyFlow, exact: Tensor<Double>) {
    let n = cells + 1
    func field(_ value: (Double, Double) -> Double) -> Tensor<Double> {
      Tensor(
        shape: [n, n],
        elements: (0..<n * n).map { value(Double($0 % n) / Double(cells), Double($0 / n) / Double(cells)) })
    }
    let k = Double.pi
    let permeability = field { 1 + 0.5 * sin(k * $0) * cos(k * $1) }
    let source = field { x, y in
      let (sx, cx, sy, cy) = (sin(k * x), cos(k * x), sin(k * y), cos(k * y))
      let gradients = 0.5 * cx * cy * cx * sy - 0.5 * sx * sy * sx * cy
      return k * k * (2 * (1 + 0.5 * sx * cy) * sx * sy - gradients)
    }
    return (
      try DarcyFlow(permeability: permeability, source: source), field { sin(k * $0) * sin(k * $1) }
    )
  }

  /// The order at which the error of the Darcy solver falls.
  static let darcyOrder = Check("order of convergence, Darcy", expected: "2 ± 0.1") {
    let errors = try [16, 32, 64].map { cells -> Double in
      let (flow, exact) = try manufactured(cells)
      let solution = DarcySolver(tolerance: Tolerance(relative: 1e-12)).solve(flow)
      return (solution.solution - exact).norm / exact.norm
    }
    let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
    return (orders.map { String(format: "%.3f", $0) }.joined(separator: ", "), orders.allSatisfy { abs($0 - 2) <= 0.1 })
  }

  /// Multigrid against LAPACK on the same equations.
  static let directSolution = Check("multigrid against LAPACK", expected: "at most 1e-9 apart") {
    let flow = try manufactured(40).flow
    let solver = DarcySolver(tolerance: Tolerance(relative: 1e-12))
    let (iterative, direct) = (solver.solve(flow).solution, solver.solveDirectly(flow).solution)
    return judged((iterative - direct).norm / direct.norm, atMost: 1e-9)
  }

  /// The implicit gradient of a small equilibrium model against a central difference along itself.
  static let implicitGradient = Check("implicit gradient", expected: "at most 1e-6 from differences") {
    var configuration = OperatorConfiguration(architecture: .equilibrium)
    (configuration.width, configuration.modes, configuration.projectionWidth) = (4, [3, 3], 6)
    (configuration.layersPerBlock, configuration.padding) = (2, .points(3))
    let model = try NeuralOperator<Tensor<Double>>(configuration, seed: 3)
    let stream = RandomStream(seed: 1, purpose: .test)
    let fields = Tensor<Double>.normal([2, 2, 9, 8], from: stream)
    let (input, target) = (fields.channels(0..<1), fields.channels(1..<2))
    var settings = EquilibriumSettings()
    (settings.tolerance, settings.adjointTolerance, settings.evaluationLimit) = (1e-13, 1e-13, 200)
    settings.adjoint = .implicit
    let layer = settings.layer
    func loss(_ parameters: [Traced<Double>]) throws -> Traced<Double> {
      let output = try model.replacingParameters(parameters)(Traced(constant: input), equilibrium: layer)
      return (output - Traced(constant: target)).squared().sum()
    }
    let point = model.parameters.map(\.value)
    let gradient = try valueWithGradient(at: point, of: loss).gradient
    let slope = gradient.reduce(0) { $0 + $1.dot($1) }.squareRoot()
    let size = point.reduce(0) { $0 + $1.dot($1) }.squareRoot()
    // The error of a central difference falls with h², its rounding grows with 1/h.
    let h = 1e-5 * size
    let values = try [h, -h].map { step in
      try loss(zip(point, gradient).map { Traced(constant: $0 + $1.scaled(by: step / slope)) }).value.scalar
    }
    return judged(abs((values[0] - values[1]) / (2 * h) / slope - 1), atMost: 1e-6)
  }

  /// Every route of the transform against its definition.
  static let fourierTransform = Check("Fourier transform", expected: "at most 1e-12 from the sum") {
    let (rows, columns) = (12, 15)
    let field = Tensor<Double>.normal([1, rows, columns], from: RandomStream(seed: 2, purpose: .test))
    let band = SpectralBand.truncated(modes: [3, 4])
    var worst = 0.0
    for route in FourierRoute.allCases {
      let spectrum = try FourierTransform<Double>(grid: [rows, columns], band: band, route: route).forward(field)
      let planes = spectrum.planes.elements
      for (row, ky) in band.wavenumbers(axis: 0).enumerated() {
        for kx in band.wavenumbers(axis: 1) {
          var (real, imaginary) = (0.0, 0.0)
          for point in 0..<rows * columns {
            let angle =
              2 * .pi
              * (Double(ky * (point / columns)) / Double(rows) + Double(kx * (point % columns)) / Double(columns))
            real += field.elements[point] * cos(angle)
            imaginary -= field.elements[point] * sin(angle)
          }
          let mode = row * band.last + kx
          worst = max(worst, abs(planes[mode] - real), abs(planes[band.count + mode] - imaginary))
        }
      }
    }
    return judged(worst / field.norm, atMost: 1e-12)
  }

  /// One problem with one thread and with several.
  static let threads = Check("one thread and several", expected: "the same bits") {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let solutions = try [1, max(3, before)].map { count -> [Double] in
      Parallel.threads = count
      return DarcySolver().solve(try manufactured(96).flow).solution.elements
    }
    return solutions[0] == solutions[1] ? ("the same bits", true) : ("other bits", false)
  }

  private static func judged(_ distance: Double, atMost limit: Double) -> (found: String, passed: Bool) {
    (String(format: "%.1e", distance), distance <= limit)
  }
}
