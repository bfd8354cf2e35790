internal import ArgumentParser
import Foundation
import Tensors
import NeuralOperators
import Training

/// `pde import-weights`.
struct ImportWeights: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-weights", abstract: "Take over a model trained elsewhere.",
    discussion: """
      Reads a state dictionary, of torch.save or as safetensors, and writes a run that predict, eval and compare answer
      with, on any grid and without normalisation. Nothing in the file is run.

      Layouts:
        fourier2d     the plain module: fc0; spec.0.w1, spec.0.w2, w.0, … or conv0.weights1, conv0.weights2, w0, …;
                      fc1, fc2; GELU between the layers, coordinates from 0 to 1 along the first and second axis

        pde import-weights fno.pt --layout fourier2d --padding 9 -o runs/theirs
      """)

  @Argument(help: "File of weights: .pt or .safetensors.") var file: String
  @Option(help: "How its weights are named and arranged.") var layout: WeightLayout
  @Option(
    help: ArgumentHelp(
      "Points, or a percentage, that the module adds at the end of every axis, 0 for none; its weights do not tell.",
      valueName: "n|p%"))
  var padding: PaddingArgument
  @Option(
    help: "Variables it predicts from, separated by commas. (default: permeability, or force_x,force_y)")
  var inputs: NameList?
  @Option(help: "Variables it predicts. (default: pressure, or vorticity)") var outputs: NameList?
  @Option(name: .shortAndLong, help: "Folder of the run.") var output: String
  @OptionGroup var files: OutputOptions
  @OptionGroup var shared: SharedOptions

  func run() throws {
    shared.apply()
    let folder = RunFolder(output)
    try folder.checkVacant(replacing: files.force)
    let model = try layout.model(reading: file, padding: padding.padding)
    let configuration = model.configuration
    var map: FieldMap = configuration.inputChannels == 2 ? .navierStokes : .darcy
    map.inputs = inputs?.names ?? map.inputs
    map.outputs = outputs?.names ?? map.outputs
    try folder.store(model, map, from: file, replacing: files.force)
    let count = model.parameters.reduce(0) { $0 + $1.value.count }
    try Terminal.print(
      "\(output): \(configuration.layersPerBlock + 1) Fourier layers of width \(configuration.width), "
        + "\(configuration.modes.map(String.init).joined(separator: " × ")) modes, \(count) parameters; "
        + "\(map.inputs.joined(separator: ", ")) → \(map.outputs.joined(separator: ", "))")
  }
}
