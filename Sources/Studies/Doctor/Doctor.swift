import Foundation
public import Tensors

/// The toolkit's own proofs, small enough to run on a user's machine in seconds.
public struct Doctor: Sendable {
  /// A proof.
  public struct Check: Sendable {
    /// What is shown.
    public let name: String
    /// What must be found, in words.
    public let expected: String
    /// Looks: what was found, and whether it is as expected. An error is a failure.
    let run: @Sendable () throws -> (found: String, passed: Bool)

    /// A proof from its parts.
    public init(
      _ name: String, expected: String, run: @escaping @Sendable () throws -> (found: String, passed: Bool)
    ) {
      (self.name, self.expected, self.run) = (name, expected, run)
    }
  }

  /// How a proof went.
  public struct Finding: Codable, Sendable {
    /// What was to be shown.
    public let name: String
    /// What must be found.
    public let expected: String
    /// What was found.
    public let found: String
    /// Whether that is as expected.
    public let passed: Bool
    /// Wall-clock seconds it took.
    public let seconds: Double
  }

  /// What the doctor says.
  public struct Report: Codable, Sendable {
    /// What the program runs on and with.
    public let machine: MachineReport
    /// How each proof went.
    public let checks: [Finding]
    /// Whether all went as expected.
    public var passed: Bool { checks.allSatisfy(\.passed) }
  }

  private let checks: [Check]

  /// - Parameter checks: the proofs; by default all that the toolkit has.
  public init(_ checks: [Check] = Doctor.all) { self.checks = checks }

  /// Runs all proofs; none keeps another from running.
  public func run() -> Report {
    let findings = checks.map { check -> Finding in
      let (seconds, result) = timed { () -> (found: String, passed: Bool) in
        do { return try check.run() } catch { return ("\(error)", false) }
      }
      return Finding(
        name: check.name, expected: check.expected, found: result.found, passed: result.passed, seconds: seconds)
    }
    return Report(machine: MachineReport(), checks: findings)
  }

  /// All proofs.
  public static let all: [Check] = [
    darcyOrder, directSolution, implicitGradient, fourierTransform, threads, roundTrip, checkpoint, malformedFile,
  ]
}
