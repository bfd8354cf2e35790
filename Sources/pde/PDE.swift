import ArgumentParser

/// The command line of the toolkit.
@main
struct PDE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pde",
    abstract: "Steady-state PDEs: verified data, neural operators, equilibrium models, classical solvers.")
}
