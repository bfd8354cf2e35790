import Foundation
import Testing

/// Rooms may import only rooms below them (README, "Architecture"); this table is that page in code.
private let level: [String: Int] = [
  "CFFTW": 0, "CLAPACK": 0, "CNetCDF": 0, "CHDF5": 0, "CZlib": 0, "CCairo": 0, "CCrypto": 0, "CKernels": 0,
  "Tensors": 0,
  "Autodiff": 1, "Spectral": 1, "Solvers": 1, "DatasetIO": 1,
  "Problems": 2, "NeuralOperators": 2,
  "Plots": 3, "Generation": 3, "Training": 3,
  "Studies": 4, "pde": 5,
]

/// What each room may import, beside Foundation, Synchronization and the platform.
private let allowed: [String: Set<String>] = [
  "Tensors": ["CKernels", "CLAPACK", "RealModule"],
  "Autodiff": ["Tensors"],
  "Spectral": ["Tensors", "CFFTW", "CKernels"],
  "Solvers": ["Tensors", "CKernels"],
  "DatasetIO": ["Tensors", "CNetCDF", "CHDF5", "CZlib", "CCrypto"],
  "Problems": ["Tensors", "Spectral", "Solvers"],
  "NeuralOperators": ["Tensors", "Autodiff", "Spectral", "Solvers"],
  "Plots": ["Tensors", "CCairo"],
  "Generation": ["Tensors", "Problems", "DatasetIO", "Spectral", "Solvers"],
  "Training": ["Tensors", "Autodiff", "Spectral", "Solvers", "DatasetIO", "Problems", "NeuralOperators"],
  "Studies": [
    "Tensors", "Autodiff", "Spectral", "Solvers", "DatasetIO", "Problems", "NeuralOperators", "Plots", "Generation",
    "Training",
  ],
  "pde": [
    "Tensors", "Spectral", "Solvers", "DatasetIO", "Problems", "NeuralOperators", "Plots", "Generation", "Training",
    "Studies", "ArgumentParser",
  ],
]

private let platform: Set<String> = ["Foundation", "Synchronization", "Glibc", "Darwin", "Dispatch"]

/// (file, imported module) for every import below `folder`.
private func imports(below folder: URL) throws -> [(file: String, module: String)] {
  let files =
    FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
  return try files.filter { $0.pathExtension == "swift" }.flatMap { url in
    try String(contentsOf: url, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(of: "import"), words[..<at].allSatisfy({ importModifiers.contains(String($0)) }),
        at + 1 < words.count
      else { return nil }
      let last = words[at + 1]
      let module = ["struct", "class", "enum", "func", "protocol"].contains(String(last)) ? words[at + 2] : last
      return (url.lastPathComponent, String(module.split(separator: ".")[0]))
    }
  }
}

private let importModifiers: Set<String> = [
  "public", "package", "internal", "private", "fileprivate", "@preconcurrency",
]

private let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Sources")

@Suite struct ImportArrowTests {
  @Test func everyImportRunsDownwards() throws {
    for (room, targets) in allowed.sorted(by: { $0.key < $1.key }) {
      for found in try imports(below: sources.appendingPathComponent(room)) where !platform.contains(found.module) {
        #expect(
          targets.contains(found.module),
          "\(room)/\(found.file) imports \(found.module); allowed are \(targets.sorted().joined(separator: ", "))")
      }
    }
  }

  @Test func theTableItselfNeverPointsUp() {
    for (room, targets) in allowed {
      for target in targets {
        guard let from = level[room], let to = level[target] else { continue }
        #expect(to < from || (from == 0 && to == 0), "\(room) may not import \(target): that arrow runs upwards")
      }
    }
  }

  @Test func everyRoomIsInTheTable() throws {
    let rooms = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !$0.hasPrefix(".") }
    for room in rooms { #expect(level[room] != nil, "Sources/\(room) has no level") }
  }
}
