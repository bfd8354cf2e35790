// swift-tools-version: 6.1
import PackageDescription

/// The rooms of the house, lowest level first; `Tests/ArchitectureTests` holds every import against this order.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let numerics: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "pde",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "pde", targets: ["pde"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
  ],
  targets: [
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("m"), .linkedLibrary("pthread")]),

    room("Tensors", ["CKernels", "CLAPACK", numerics]),
    room("Autodiff", ["Tensors"]),
    room("Spectral", ["Tensors", "CFFTW", "CKernels"]),
    room("Solvers", ["Tensors", "CKernels"]),
    room("DatasetIO", ["Tensors", "CNetCDF", "CHDF5", "CZlib", "CCrypto"]),
    room("Problems", ["Tensors", "Spectral", "Solvers"]),
    room("NeuralOperators", ["Tensors", "Autodiff", "Spectral", "Solvers"]),
    room("Plots", ["Tensors", "CCairo"]),
    room("Generation", ["Tensors", "Spectral", "Solvers", "Problems", "DatasetIO"]),
    room("Training", ["Tensors", "Autodiff", "Solvers", "DatasetIO", "NeuralOperators"]),
    room(
      "Studies",
      [
        "Tensors", "Autodiff", "Spectral", "Solvers", "DatasetIO", "Problems", "NeuralOperators", "Generation",
        "Training", "Plots",
      ]),
    .executableTarget(
      name: "pde",
      dependencies: [
        "Tensors", "Spectral", "Problems", "NeuralOperators", "DatasetIO", "Generation", "Training", "Plots", "Studies",
        argumentParser,
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Tensors", "Autodiff"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("ArchitectureTests", []),
    tests("TensorsTests", ["Tensors", "TestSupport", numerics]),
    tests("AutodiffTests", ["Autodiff", "Tensors", "TestSupport"]),
    tests("SpectralTests", ["Spectral", "Tensors", "TestSupport"]),
    tests("SolversTests", ["Solvers", "CKernels", "Tensors", "TestSupport"]),
    tests("DatasetIOTests", ["DatasetIO", "CNetCDF", "Tensors", "TestSupport"]),
    tests("ProblemsTests", ["Problems", "Solvers", "Spectral", "Tensors", "TestSupport"]),
    tests("PlotsTests", ["Plots", "CCairo", "Tensors", "TestSupport"]),
    tests(
      "NeuralOperatorsTests", ["NeuralOperators", "Autodiff", "Spectral", "Solvers", "Tensors", "TestSupport"]),
    tests("GenerationTests", ["Generation", "Problems", "DatasetIO", "Tensors", "TestSupport"]),
    tests("TrainingTests", ["Training", "NeuralOperators", "Autodiff", "DatasetIO", "Tensors", "TestSupport"]),
    tests("StudiesTests", ["Studies", "DatasetIO", "Tensors"]),
    tests("CommandTests", ["pde", "DatasetIO", "CNetCDF", "Tensors"]),
  ],
  cxxLanguageStandard: .cxx17
)

// Fuzzing needs its own build, see Tests/Fuzz/run.sh.
if Context.environment["PDE_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(name: "Fuzz", dependencies: ["DatasetIO"], path: "Tests/Fuzz", sources: ["Fuzz.swift"]))
}
