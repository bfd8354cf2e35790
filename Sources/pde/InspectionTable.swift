import Foundation
import Studies

/// The lines of `pde inspect` for people.
enum InspectionTable {
  static func text(_ file: FileInspection, remake: String?) -> String {
    var lines = ["\(file.path): \(file.title ?? "fields"), \(file.samples) samples, \(file.bytes) bytes"]
    lines += facts([
      ("made by", file.program), ("on", file.date), ("recipe's id", file.identifier), ("contents", file.contents),
      ("make again", remake),
    ])
    for name in ["x", "y"] {
      guard let axis = file.grid?[name] else { continue }
      lines += facts([(name, "\(axis.count) points from \(axis.lower) to \(axis.upper), \(axis.kind)")])
    }
    if let outcomes = file.outcomes {
      let counts = outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      lines += facts([("outcomes", counts.joined(separator: ", "))])
    }
    lines += ["", row("variable", "type and shape", ["units", "smallest", "largest", "mean", "missing"])]
    lines += file.variables.flatMap(variable)
    lines += section("history", file.history) + section("recipe", file.recipe.map { [$0] } ?? [])
    return lines.joined(separator: "\n")
  }

  static func text(_ run: RunInspection) -> String {
    let data = run.data
    let split = data.split
    let map = "\(data.map.inputs.joined(separator: ", ")) → \(data.map.outputs.joined(separator: ", "))"
    var lines = ["\(run.path): \(run.model), \(run.parameters) parameters"]
    lines += facts([
      ("learns", map), ("grid", data.grid.reversed().map(String.init).joined(separator: " × ") + " points"),
      ("data's id", data.identifier),
      (
        "samples",
        "\(split.train.count) to train on, \(split.validation.count) to choose the epoch, \(split.test.count) for the test"
      ),
      (
        "epochs",
        "\(run.epochsDone) of \(run.settings.epochs)"
          + (run.bestError.map { ", best \(run.bestEpoch) with validation error \(Percent($0))" } ?? "")
      ),
    ])
    lines += section("settings", ((try? settings(run)) ?? "").split(separator: "\n").map(String.init))
    return lines.joined(separator: "\n")
  }

  private static func settings(_ run: RunInspection) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(run.settings), as: UTF8.self)
  }

  private static func facts(_ facts: [(String, String?)]) -> [String] {
    facts.compactMap { name, value in
      value.map { "  " + name.padding(toLength: 12, withPad: " ", startingAt: 0) + " " + $0 }
    }
  }

  private static func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines.map { "  " + $0 }
  }

  private static func variable(_ variable: FileInspection.Variable) -> [String] {
    let shape = zip(variable.dimensions, variable.shape).map { "\($0) \($1)" }.joined(separator: ", ")
    func number(_ value: Double?) -> String { value.map { String(format: "%.5g", $0) } ?? "–" }
    let range = variable.range
    let line = row(
      variable.name, "\(variable.type) (\(shape))",
      [
        variable.units ?? "–", number(range?.minimum), number(range?.maximum), number(range?.mean),
        range.map { "\($0.missing)" } ?? "–",
      ])
    return [line] + (variable.problem.map { ["  unusable: \($0)"] } ?? [])
  }

  private static func row(_ name: String, _ shape: String, _ cells: [String]) -> String {
    func left(_ text: String, _ width: Int) -> String {
      text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
    }
    let columns = cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }
    return left(name, 20) + " " + left(shape, 34) + columns.joined()
  }
}
