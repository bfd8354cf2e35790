public import DatasetIO
import Foundation
import Solvers

/// What an unfinished generation has finished: files of consecutive samples, each whole, in a folder beside the file that is
/// to be made, `darcy.nc.parts` for `darcy.nc`.
struct DatasetParts {
  /// The file that is to be made.
  let path: String
  /// Where the parts are; made when the first one is.
  let folder: String
  /// Samples in the parts.
  private(set) var sampleCount = 0
  private var files: [String] = []

  /// The longest name, in bytes, that gets the suffix; longer ones are shortened so that the folder's name fits.
  private static let longestName = 240

  /// - Parameters:
  ///   - path: the file that is to be made.
  ///   - identifier: of the recipe; parts of another one are not used.
  ///   - first: the index of the first sample.
  ///   - existing: what to do about parts that are there.
  /// - Throws: `PartsError`, `FieldFileError`.
  init(of path: String, identifier: String, first: Int, existing: ExistingOutput) throws {
    self.path = path
    let name = (path as NSString).lastPathComponent
    let short = name.utf8.count <= Self.longestName ? name : String(name.prefix(Self.longestName / 4))
    folder = (path as NSString).deletingLastPathComponent.appending(path.contains("/") ? "/" : "") + short + ".parts"
    let found = try Self.parts(in: folder)
    guard !found.isEmpty else { return }
    switch existing {
    case .refused: throw PartsError.unfinished(path: path, folder: folder)
    case .replaced: remove()
    case .continued:
      for part in found {
        let file = try FieldFile(reading: part)
        guard try file.attribute("id") == identifier, try file.sampleIndices().first == first + sampleCount else {
          throw PartsError.otherRecipe(path: path, folder: folder)
        }
        files.append(part)
        sampleCount += file.sampleCount
      }
    }
  }

  /// Keeps what a writer holds as the next part.
  mutating func add(_ writer: FieldFileWriter) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw PartsError.cannotCreate(folder: folder)
    }
    let name = folder + "/" + String(format: "%010d.nc", sampleCount)
    let count = writer.sampleCount
    try writer.finish(as: name)
    files.append(name)
    sampleCount += count
  }

  /// Copies all parts into a new file, `batch` samples at a time, and counts what they hold.
  func copy(
    into writer: FieldFileWriter, batch: Int, summary: inout DatasetSummary, progress: (Int) -> Void
  ) throws {
    for name in files {
      let file = try FieldFile(reading: name)
      let indices = try file.sampleIndices()
      for start in stride(from: 0, to: file.sampleCount, by: batch) {
        let rows = start..<min(start + batch, file.sampleCount)
        try writer.append(samples: indices[rows], try file.columns(rows))
        progress(writer.sampleCount)
      }
      try summary.add(file)
    }
  }

  /// Removes the parts and their folder.
  func remove() {
    // Nothing useful can be said when cleaning up fails: the file is whole, or will be refused by its name.
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func parts(in folder: String) throws -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".nc") }.sorted().map { folder + "/" + $0 }
  }
}

extension DatasetSummary {
  /// Adds every sample of a part.
  fileprivate mutating func add(_ file: FieldFile) throws {
    let outcomes = try file.outcomes() ?? []
    let iterations = try file.integers(SampleVariable.solverIterations.name)
    let residuals = try file.reals(SampleVariable.solverResidual.name)
    let labelErrors = try file.reals(SampleVariable.labelError.name)
    for (row, outcome) in outcomes.enumerated() {
      // Both number the cases alike, and the file's numbers were checked when they were read.
      guard let termination = Termination(rawValue: UInt8(outcome.rawValue)) else { continue }
      add(
        termination, iterations: iterations[row], residual: residuals[row],
        labelError: labelErrors[row].isNaN ? nil : labelErrors[row])
    }
  }
}

/// What to do about what an earlier generation of the same name has left.
public enum ExistingOutput: Sendable {
  /// Refuse to start.
  case refused
  /// Make everything anew.
  case replaced
  /// Go on from what an interrupted generation has finished.
  case continued
}

/// Parts that cannot be used.
public enum PartsError: ClassifiedError {
  case unfinished(path: String, folder: String)
  case otherRecipe(path: String, folder: String)
  case cannotCreate(folder: String)

  /// Output for what is in the way, input for what does not fit.
  public var failureClass: FailureClass {
    switch self {
    case .unfinished, .cannotCreate: .cannotCreate
    case .otherRecipe: .badData
    }
  }

  /// One sentence: what, found, expected, what to do.
  public var description: String {
    switch self {
    case .unfinished(let path, let folder):
      "an unfinished generation of '\(path)' is in '\(folder)'; continue it with --resume, or start over with --force"
    case .otherRecipe(let path, let folder):
      "the samples in '\(folder)' were made with other options than those given for '\(path)'; give the same ones, or "
        + "start over with --force"
    case .cannotCreate(let folder): "the folder '\(folder)' for finished samples cannot be created"
    }
  }
}
