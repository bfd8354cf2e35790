internal import ArgumentParser
import DatasetIO
import Foundation
import Generation
import NeuralOperators
import Plots
import Problems
import Spectral
import Studies
import Training

/// How a run ends, by `sysexits.h` where that has a code.
enum Outcome: Int32, Error {
  case failure = 1
  case unconverged = 10
  case usage = 64
  case badData = 65
  case noInput = 66
  case bug = 70
  case cannotCreate = 73
  case inputOutput = 74
  case interrupted = 75
  case configuration = 78
}

/// Ends the process with one sentence on stderr and the right code.
enum Failure {
  static func exit(with error: any Error, from command: any ParsableCommand.Type) -> Never {
    if let outcome = error as? Outcome { Foundation.exit(outcome.rawValue) }
    guard let code = code(of: error) else {
      // Usage errors, help and version: the parser knows what to print and where.
      command.exit(withError: error)
    }
    Terminal.write("Error: \(error)\n")
    Foundation.exit(code.rawValue)
  }

  /// The code of an error of ours; nil for the parser's own.
  private static func code(of error: any Error) -> Outcome? {
    switch error {
    case let error as any ClassifiedError:
      switch error.failureClass {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .configuration: .configuration
      }
    case let error as TrainingError:
      switch error {
      case .tooFewSamples: .badData
      case .nonfinite: .failure
      case .interrupted: .interrupted
      }
    case is ValidationError, is ConfigurationError, is SpectralBandError, is RecipeError, is MediumError,
      is FigureError:
      .usage
    case is DarcyError, is BoundedFlowError, is NavierStokesError: .badData
    case is GenerationInterrupted: .interrupted
    case is OutputError: .inputOutput
    case is PlotError: .bug
    default: nil
    }
  }
}
