internal import ArgumentParser
import DatasetIO
import Foundation

/// Settings of `pde train` from a file and from `--set`, as the options they stand for.
///
/// They are put before the options as typed; of an option given twice the last one counts, so that options win over
/// `--set`, and that over the file.
enum ConfiguredArguments {
  /// What belongs to one start of the program and not to the settings of a run.
  private static let notSettings: Set<String> = ["config", "set", "resume", "force", "help", "version"]

  /// The arguments with those of the settings.
  ///
  /// - Throws: `FileError`, `TOMLError` for the file; `ValidationError` for `--set`.
  static func expand(_ arguments: [String]) throws -> [String] {
    guard arguments.first == "train" else { return arguments }
    let typed = arguments.prefix { $0 != "--" }
    let (file, assignments) = (values(of: "--config", in: typed).last, values(of: "--set", in: typed))
    guard file != nil || !assignments.isEmpty else { return arguments }
    let options = Options(help: Train.helpMessage(), without: notSettings)
    var settings: [String: String] = [:]
    for entry in try file.map({ try TOMLDocument(reading: $0).entries }) ?? [] {
      do throws(Refusal) {
        settings[entry.name] = try options.argument(entry.name, entry.value)
      } catch {
        throw TOMLError(path: file ?? "", line: entry.line, reason: error.reason)
      }
    }
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--set takes key=value, found '\(assignment)'.") }
      do throws(Refusal) {
        settings[parts[0]] = try options.argument(parts[0], parts[1])
      } catch {
        throw ValidationError("--set \(assignment): \(error.reason).")
      }
    }
    return [arguments[0]] + settings.sorted { $0.key < $1.key }.map(\.value).filter { !$0.isEmpty }
      + arguments.dropFirst()
  }

  private static func values(of option: String, in arguments: ArraySlice<String>) -> [String] {
    zip(arguments, Array(arguments.dropFirst()) + [""]).compactMap { argument, next in
      if argument == option { return next }
      return argument.hasPrefix(option + "=") ? String(argument.dropFirst(option.count + 1)) : nil
    }
  }

  /// Why a setting is none.
  struct Refusal: Error {
    let reason: String
  }

  /// The long options of a command, and which of them are flags.
  struct Options {
    private var isFlag: [String: Bool] = [:]

    /// The options that the help of the command lists, one at the beginning of a line.
    init(help: String, without excluded: Set<String>) {
      for match in help.matches(of: /(?m)^  (?:-\w, )?--([a-z][a-z-]*)( <)?/) {
        let name = String(match.1)
        if !excluded.contains(name) { isFlag[name] = match.2 == nil }
      }
    }

    /// The argument that sets `key`; empty for a flag that is off.
    func argument(_ key: String, _ value: TOMLValue) throws(Refusal) -> String {
      switch value {
      case .truth(let isOn):
        try check(key, isFlag: true)
        return isOn ? "--" + key : ""
      case .text(let text): return try option(key, text)
      case .integer(let number): return try option(key, String(number))
      case .real(let number): return try option(key, String(number))
      case .array(let items):
        let words = items.map { item -> String? in
          switch item {
          case .text(let text): text
          case .integer(let number): String(number)
          case .real(let number): String(number)
          case .truth, .array: nil
          }
        }
        guard !words.contains(nil) else { throw Refusal(reason: "'\(key)' takes an array of texts or numbers") }
        return try option(key, words.compactMap(\.self).joined(separator: ","))
      }
    }

    /// The argument that sets `key` to a value as typed.
    func argument(_ key: String, _ text: String) throws(Refusal) -> String {
      guard isFlag[key] == true else { return try option(key, text) }
      guard text == "true" || text == "false" else { throw Refusal(reason: "'\(key)' is true or false") }
      return text == "true" ? "--" + key : ""
    }

    private func option(_ key: String, _ text: String) throws(Refusal) -> String {
      try check(key, isFlag: false)
      return "--\(key)=\(text)"
    }

    private func check(_ key: String, isFlag expected: Bool) throws(Refusal) {
      guard let found = isFlag[key] else {
        let nearest = isFlag.keys.min { (distance(key, $0), $0) < (distance(key, $1), $1) } ?? ""
        throw Refusal(reason: "there is no setting '\(key)'; did you mean '\(nearest)'?")
      }
      guard found == expected else {
        throw Refusal(
          reason: found ? "'\(key)' is true or false" : "'\(key)' takes a number or a text, not true or false")
      }
    }

    /// Insertions, deletions and replacements between two words (Levenshtein), row by row.
    private func distance(_ one: String, _ other: String) -> Int {
      let other = Array(other)
      var row = Array(0...other.count)
      for (i, letter) in one.prefix(64).enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, candidate) in other.enumerated() {
          let changed = diagonal + (letter == candidate ? 0 : 1)
          diagonal = row[j + 1]
          row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
        }
      }
      return row[other.count]
    }
  }
}
